"""A trainee with an assignment, the mentor who marks it, and what they do by the pages."""

import io
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from lms.accounts.models import User
from lms.assignments import service
from lms.assignments.models import HandIn
from lms.cohorts import closing
from lms.cohorts.models import Cohort
from lms.core.db import session, transaction
from lms.missions.models import Mission
from lms.record.models import ActivityState
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, trainee_of
from tests.documents import a_document, an_assignment, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def seen(browser: Browser, address: str) -> dict[str, str]:
    """What the form on a marking page says of the work that stands beside it."""
    return dict(re.findall(r'name="(seen)" value="([^"]*)"', browser.get(address).text))


class Room:
    """A trainee with an assignment, and the mentor who will mark it."""

    def __init__(self, sign_in: SignIn, *hand_in: str, then: Sequence[dict[str, Any]] = ()) -> None:
        module = {"id": "m", "title": words("Module"), "activities": [an_assignment("report", *hand_in), *then]}
        self.mission: Mission = a_mission()
        version = a_published(a_document(modules=[module], pools=[]))
        self.enrolment = an_enrolment(a_cohort(self.mission, version))
        mentor = deployed(self.mission)
        self.mentor_id = mentor.id
        self.trainee, self.mentor = sign_in(trainee_of(self.enrolment)), sign_in(mentor)
        self.page = f"/learn/{self.enrolment.id}/report/assignment"

    def hand_in(self, said: str = "", *files: bytes) -> tuple[int, str]:
        sent: dict[str, Any] = {"csrf_token": self.trainee.token(), "words": said}
        if files:
            sent["files"] = [(io.BytesIO(content), "Amina at the gate.jpg") for content in files]
        answer = self.trainee.post(self.page, data=sent, content_type="multipart/form-data")
        return answer.status_code, answer.text

    def last(self) -> HandIn:
        session.expire_all()
        return session.scalars(select(HandIn).order_by(HandIn.number.desc())).first()  # type: ignore[return-value]

    def mark(self, facts: str, said: str, remark: str = "") -> str:
        fields = {"level-facts": facts, "level-words": said, "remark": remark}
        return self.mentor.send(address := f"/marking/{self.last().id}", **seen(self.mentor, address), **fields).text

    def state(self) -> tuple[str, float | None]:
        session.expire_all()
        state = session.scalars(select(ActivityState)).one()
        return state.status, state.score


def judge(browser: Browser, room: Room, do: str, facts: str = "", said: str = "", **more: str) -> tuple[int, str]:
    address = f"/marking/{room.last().id}"
    fields = {**seen(browser, address), "level-facts": facts, "level-words": said, "do": do, **more}
    answer = browser.send(address, **fields)
    return answer.status_code, answer.text


def second_mark(browser: Browser, room: Room, levels: dict[str, str]) -> int:
    address = f"/marking/{room.last().id}/second"
    return browser.send(address, **seen(browser, address), **levels).status_code


def close(room: Room) -> None:
    with transaction():
        closing.close(session.get_one(Cohort, room.enrolment.cohort_id), by=room.mentor_id)


def handed_in_by_another(room: Room, said: str) -> UUID:
    """A hand-in of a trainee in another cohort of the mission."""
    cohort = a_cohort(room.mission, room.last().course_version_id)
    enrolment = an_enrolment(cohort)
    with transaction():
        return service.hand_in(enrolment, "report", said, [], current_app.config["MEDIA"]).id
