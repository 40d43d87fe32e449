"""Sixteen people at once, each of whom receives exactly their own data."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lms.accounts.models import User
from lms.core.db import session
from tests.builders import PASSWORD, a_cohort, a_person, a_published, an_enrolment
from tests.server import kill
from tests.server.serving import Server, Visitor

pytestmark = pytest.mark.server

CROWD, TIMES = 16, 15
NUMBER = re.compile(r"PS-[0-9A-Z]{5}")


def test_sixteen_trainees_at_once_each_receive_exactly_their_own_data(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    app, _ = kill.prepare(database, tmp_path)
    with app.app_context():
        cohort = a_cohort(version_id=a_published())
        people: list[User] = [a_person(username=f"one-of-{number}", password=PASSWORD) for number in range(CROWD)]
        mine = [(person.username, person.number, an_enrolment(cohort, person).id) for person in people]
        session.remove()

    def study(place: int) -> list[str]:
        username, number, enrolment = mine[place]
        another = mine[(place + 1) % CROWD][2]
        visitor, wrong = Visitor(server.port), []
        visitor.sign_in(username, PASSWORD)
        for _ in range(TIMES):
            for path in (
                "/learn/",
                f"/learn/{enrolment}/",
                f"/learn/{enrolment}/greeting",
                "/account/",
                "/certificates/",
            ):
                status, page = visitor.get(path)
                seen = set(NUMBER.findall(page))
                if status != 200 or seen != {number}:
                    wrong.append(f"{path} of {number}: {status}, shows {seen}")
            status, page = visitor.get(f"/learn/{another}/")
            if status != 403 or set(NUMBER.findall(page)) - {number}:
                wrong.append(f"another's course for {number}: {status}")
        return wrong

    server = Server(database, tmp_path)
    server.start()
    try:
        with ThreadPoolExecutor(CROWD) as crowd:
            assert [wrong for each in crowd.map(study, range(CROWD)) for wrong in each] == []
    finally:
        server.kill()
