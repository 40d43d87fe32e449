"""How long the table of a cohort of a thousand trainees and sixty activities takes, plain, sorted and filtered."""

import random
import time
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, select

from benchmarks.seed import a_course, cookie_of
from lms.accounts.models import Role, User
from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.ids import new_id
from lms.library import service as library
from lms.library.activities import GradedTest
from lms.library.edition import Edition, edition
from lms.missions import service as missions
from lms.missions.models import Mission
from lms.record.models import ActivityState, Statement

TRAINEES, MODULES, LESSONS, TIMES = 1000, 12, 4, 15

PAGES = {
    "plain": "",
    "by share done": "?sort=done",
    "by final mark": "?sort=mark&order=down",
    "without progress": "?sort=idle",
    "stuck": "?show=stuck",
    "late, by number": "?show=late&order=down",
    "of one module": "?module=m-3&sort=done",
}


def measure(app: Flask, mission_title: str) -> dict[str, float]:
    """Milliseconds at the server, the median of fifteen requests."""
    with app.app_context():
        cohort_id, cookie = _prepared(app, mission_title)
    client = app.test_client()
    client.set_cookie("session", cookie)
    return {name: _median(client, f"/cohorts/{cohort_id}{query}") for name, query in PAGES.items()}


def _median(client: Any, path: str) -> float:
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = client.get(path)
        spent.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200
    return median(spent)


def _prepared(app: Flask, mission_title: str) -> tuple[UUID, str]:
    chance, today = random.Random(60), clock.today()
    with transaction():
        mission = session.scalars(select(Mission).where(Mission.title == mission_title)).one()
        document = a_course(slug="bench-60", code="DP60", modules=MODULES, lessons=LESSONS)
        version, _ = library.publish(document, lambda name: b"", app.config["MEDIA"], by=None)
        cohort = cohorts.create(
            mission,
            version.id,
            title="A thousand",
            begins=today - timedelta(days=60),
            ends=today + timedelta(days=30),
            capacity=TRAINEES,
            by=None,
        )
        cohort.schedule = {f"q-{module}": {"due": 5 * module + 5} for module in range(MODULES)}
        mentor = User(username="bench-teacher", role=Role.MENTOR.value)
        session.add(mentor)
        session.flush()
        missions.deploy(mission, mentor.username, today, today + timedelta(days=90), by=None)
        _study(chance, edition(version.id), cohort.id)
        return cohort.id, cookie_of(app, mentor)


def _study(chance: random.Random, shown: Edition, cohort_id: UUID) -> None:
    """Everybody some way through the course, one activity a day, and then nothing for up to three weeks."""
    now = clock.now()
    people = [User(id=new_id(), username=f"t-{n}", number=f"PS-T{n:04}", role="trainee") for n in range(TRAINEES)]
    session.add_all(people)
    session.flush()
    enrolments, states, statements = [], [], []
    for person in people:
        enrolment, reach = new_id(), chance.randint(0, len(shown.order))
        enrolments.append(
            {
                "id": enrolment,
                "cohort_id": cohort_id,
                "user_id": person.id,
                "course_version_id": shown.version_id,
                "enrolled_at": now - timedelta(days=60),
            }
        )
        stopped = now - timedelta(days=chance.randint(0, 21))
        for place, id in enumerate(shown.order[:reach]):
            at = stopped - timedelta(days=0.6 * (reach - place - 1))
            score = round(chance.uniform(0.7, 1), 2) if isinstance(shown.activities[id], GradedTest) else None
            said = {"registration": enrolment, "activity_id": id, "score": score}
            done = {"attempts": int(score is not None), "started_at": at, "completed_at": at}
            states.append({**said, "status": "completed", **done})
            verb = "completed" if score is None else "passed"
            statements.append({**said, "actor_id": person.id, "verb": verb, "occurred_at": at})
    for model, rows in ((Enrolment, enrolments), (ActivityState, states), (Statement, statements)):
        session.execute(insert(model), rows)
