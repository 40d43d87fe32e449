"""A room to issue certificates in."""

from collections.abc import Iterator
from hashlib import sha256

import pytest
from flask import Flask

from lms.accounts.models import Role
from lms.core.files import write_whole
from lms.designs import press
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done
from tests.certificates.room import Room, SignIn
from tests.documents import with_handouts


@pytest.fixture
def room(app: Flask, sign_in: SignIn) -> Room:
    mission = a_mission()
    cohort = a_cohort(mission, a_published(with_handouts()))
    finished = [an_enrolment(cohort) for _ in range(3)]
    for each in finished:
        done(each)
    unfinished = an_enrolment(cohort)
    done(unfinished, "greeting")
    people = deployed(mission), deployed(mission, Role.MANAGER)
    return Room(mission, cohort, finished, unfinished, sign_in(people[0]), sign_in(people[1]), people)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs that cost nothing: what is on them is tested elsewhere."""

    def keep_all(orders: list[press.Order], shop: press.Shop) -> Iterator[tuple[int, str]]:
        for place, order in enumerate(orders):
            content = b"%PDF-1.7 " + order.face.code.encode()
            write_whole(order.path, content)
            yield place, sha256(content).hexdigest()

    monkeypatch.setattr(press, "keep_all", keep_all)
