"""A cohort whose certificates are issued at once, and those who issue them."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from pypdf import PdfReader
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import jobs
from lms.core.db import session, transaction
from lms.missions.models import Mission
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@dataclass
class Room:
    """A cohort of three who finished and one who did not, and two who may issue."""

    mission: Mission
    cohort: Cohort
    finished: list[Enrolment]
    unfinished: Enrolment
    one: Browser
    other: Browser
    people: tuple[User, User]

    def prepare(self, **typed: str) -> str:
        answer = self.one.send(f"/cohorts/{self.cohort.id}/certificates/issue", **({"kind": "completion"} | typed))
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


def needs_two(mission: Mission) -> None:
    with transaction():
        session.get_one(Mission, mission.id).two_to_issue = True


def work() -> None:
    while jobs.work_one():
        pass


def count_of(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def code_of(enrolment: Enrolment) -> str:
    return session.scalars(select(Credential.code).where(Credential.enrolment_id == enrolment.id)).one()


def numbers_in(page: str) -> list[int]:
    """What the dry run counts: would receive one or issued, have one already, lack something."""
    found = re.search(r"(?:Would receive one|Issued) (\d+) Have one already (\d+) Lack something (\d+)", page)
    assert found is not None
    return [int(each) for each in found.groups()]


def handed_over(room: Room, path: str) -> tuple[str, list[str]]:
    """The words of the list to sign, and the names of the files in the archive."""
    room.one.send(f"{path}/archive")
    work()
    page = PdfReader(io.BytesIO(room.one.send(f"{path}/list.pdf").data)).pages[0]
    with zipfile.ZipFile(io.BytesIO(room.one.send(f"{path}/certificates.zip").data)) as made:
        return " ".join(page.extract_text().split()), made.namelist()
