"""A database of 1,000 trainees × 30 activities, in one cohort and a half done."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert

from lms.accounts import passwords
from lms.accounts.models import Role, User
from lms.assessment import paper
from lms.assessment.models import Attempt
from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.ids import new_id
from lms.library import service as library
from lms.library.activities import Quiz
from lms.library.document import CourseDocument
from lms.library.edition import edition
from lms.missions import service as missions
from lms.record.models import ActivityState, Statement

TRAINEES, QUIZZES, LESSONS = 1000, 5, 5
PASSWORD = "a bench of wood and iron"
TOKEN = "b" * 40


@dataclass(frozen=True)
class Seeded:
    """What the requests need: ids and session cookies by trainee."""

    enrolments: list[UUID]
    attempts: list[UUID]
    cookies: list[str]
    mentor_cookie: str
    cohort: UUID
    stranger_cookie: str
    csrf: str


def _question(id: str) -> dict[str, Any]:
    options = [
        {"id": each, "text": {"en": f"Choose {each}"}, "correct": each == "b", "feedback": {"en": f"Because of {each}"}}
        for each in "abcd"
    ]
    return {"kind": "single_choice", "id": id, "prompt": {"en": f"What about {id}?"}, "options": options}


def a_course(slug: str = "bench", code: str = "DP99", modules: int = QUIZZES, lessons: int = LESSONS) -> CourseDocument:
    """Modules of lessons and a quiz of ten questions: 30 activities, unless said otherwise."""
    paragraph = "The police serve the people, and the people can see how. " * 12
    body = "\n\n".join(f"## Part {part}\n\n{paragraph}" for part in range(1, 6))
    parts = []
    for module in range(modules):
        texts = [
            {
                "kind": "lesson",
                "id": f"l-{module}-{n}",
                "title": {"en": f"Lesson {n}"},
                "minutes": 20,
                "body": {"en": body},
            }
            for n in range(lessons)
        ]
        quiz = {
            "kind": "quiz",
            "id": f"q-{module}",
            "title": {"en": "Quiz"},
            "minutes": 10,
            "draws": [{"pool": f"p-{module}"}],
        }
        parts.append({"id": f"m-{module}", "title": {"en": f"Module {module}"}, "activities": [*texts, quiz]})
    return CourseDocument.model_validate(
        {
            "slug": slug,
            "code": code,
            "source_language": "en",
            "languages": ["en"],
            "title": {"en": "A course to measure with"},
            "summary": {"en": "It has as many activities as are measured."},
            "audience": {"en": "Nobody"},
            "hours": 16,
            "text_date": "2026-11-01",
            "objectives": [{"id": "o", "text": {"en": "Wait"}}],
            # Everyone has earned it, so that issuing many can be measured.
            "certificate": {"activities": []},
            "modules": parts,
            "pools": [
                {"id": f"p-{m}", "title": {"en": "Pool"}, "questions": [_question(f"q{m}-{n}") for n in range(10)]}
                for m in range(modules)
            ],
        }
    )


def seed(app: Flask) -> Seeded:
    """Fill the app's empty database; deterministic but for the ids."""
    chance = random.Random(7)
    with app.app_context(), transaction():
        version, _ = library.publish(a_course(), lambda name: b"", app.config["MEDIA"], by=None)
        today = clock.today()
        mission = missions.create(
            by=None,
            title="Bench",
            host_country="Port-Salin",
            host_force="Port-Salin National Police",
            requested_by="United Nations",
            mandate_begins=today - timedelta(days=100),
            mandate_ends=today + timedelta(days=100),
            languages=["en"],
        )
        cohort = cohorts.create(
            mission, version.id, title="All", begins=today, ends=today + timedelta(days=50), capacity=TRAINEES, by=None
        )
        mentor = User(username="bench-mentor", role=Role.MENTOR.value)
        session.add(mentor)
        session.flush()
        missions.deploy(mission, mentor.username, today, today + timedelta(days=90), by=None)
        people, enrolments, attempts = _people(chance, version.id, cohort.id)
        return Seeded(
            enrolments=enrolments,
            attempts=attempts,
            cookies=[cookie_of(app, person) for person in people],
            mentor_cookie=cookie_of(app, mentor),
            cohort=cohort.id,
            stranger_cookie=cookie_of(app, None),
            csrf=URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(TOKEN),
        )


def _people(chance: random.Random, version_id: UUID, cohort_id: UUID) -> tuple[list[User], list[UUID], list[UUID]]:
    hashed, shown, now = passwords.hash(PASSWORD), edition(version_id), clock.now()
    quiz = shown.activities["q-0"]
    assert isinstance(quiz, Quiz)
    people = [
        User(id=new_id(), username=f"bench-{n}", number=f"PS-B{n:04}", role=Role.TRAINEE.value, password_hash=hashed)
        for n in range(TRAINEES)
    ]
    session.add_all(people)
    session.flush()
    enrolments, states, statements, attempts = [], [], [], []
    for person in people:
        enrolment = new_id()
        enrolments.append(
            {"id": enrolment, "cohort_id": cohort_id, "user_id": person.id, "course_version_id": version_id}
        )
        common: dict[str, Any] = {"registration": enrolment}
        for activity in chance.sample(shown.order, len(shown.order) // 2):
            if activity == "q-0":
                continue
            done = {"score": None, "attempts": 0, "started_at": now, "completed_at": now}
            states.append({**common, "activity_id": activity, "status": "completed", **done})
            statements.append({**common, "actor_id": person.id, "verb": "completed", "activity_id": activity})
        attempts.append(
            {
                "id": new_id(),
                "enrolment_id": enrolment,
                "user_id": person.id,
                "course_version_id": version_id,
                "activity_id": "q-0",
                "number": 1,
                "paper": paper.draw(shown, quiz, {}),
            }
        )
    for model, rows in ((Enrolment, enrolments), (ActivityState, states), (Statement, statements), (Attempt, attempts)):
        session.execute(insert(model), rows)
    return people, [row["id"] for row in enrolments], [row["id"] for row in attempts]


def cookie_of(app: Flask, person: User | None) -> str:
    """The session cookie that signing in would give."""
    values: dict[str, Any] = {"csrf_token": TOKEN, "seen": int(clock.now().timestamp()), "shared": False}
    if person is not None:
        values |= {"_user_id": person.get_id(), "_fresh": True}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie: str = signer.dumps(values)
    return cookie
