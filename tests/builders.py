"""Plain makers of what tests need; each commits, so that requests see it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from flask import current_app

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.attendance import service as attendance
from lms.attendance.models import TrainingSession
from lms.certificates import service as certificates
from lms.certificates.models import Credential
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment, Teaching, Waiting
from lms.cohorts.prerequisites import Unready
from lms.core import clock
from lms.core.db import session, transaction
from lms.designs import service as designs
from lms.designs.models import CertificatePartner
from lms.library import service as library
from lms.library.document import CourseDocument
from lms.library.edition import edition
from lms.missions import service as missions
from lms.missions.models import Deployment, Mission
from lms.record import service as record
from lms.record.models import Verb
from lms.studio import beginning
from lms.studio.models import Draft

P = ParamSpec("P")
T = TypeVar("T")
_numbers = count(1)

PASSWORD = "correct horse battery"


def committed(make: Callable[P, T]) -> Callable[P, T]:
    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction():
            return make(*args, **kwargs)

    return made


@committed
def a_person(role: Role = Role.TRAINEE, username: str | None = None, password: str | None = None) -> User:
    return accounts.create(username or f"{role}-{next(_numbers)}", role, by=None, password=password)


@committed
def a_mission(**changes: Any) -> Mission:
    today = clock.today()
    values: dict[str, Any] = {
        "title": f"Mission {next(_numbers)}",
        "host_country": "Port-Salin",
        "host_force": "Port-Salin National Police",
        "requested_by": "United Nations",
        "mandate_begins": today - timedelta(days=400),
        "mandate_ends": today + timedelta(days=400),
        "languages": ["fr"],
    }
    return missions.create(by=None, **(values | changes))


def deployed(mission: Mission, role: Role = Role.MENTOR, begins: date | None = None, ends: date | None = None) -> User:
    """A mentor or manager with a deployment to the mission, today unless said otherwise."""
    person = a_person(role)
    a_deployment(mission, person, begins, ends)
    return person


@committed
def a_certificate_partner(mission: Mission, **changes: Any) -> CertificatePartner:
    """A partner who stands on all certificates of the mission, without a mark."""
    values: dict[str, Any] = {"partner": "gac", "name": "", "begins": None, "ends": None, "mark": None}
    return designs.add_partner(mission, **(values | changes), by=None)


@committed
def a_deployment(mission: Mission, person: User, begins: date | None = None, ends: date | None = None) -> Deployment:
    today = clock.today()
    begins, ends = begins or today - timedelta(days=30), ends or today + timedelta(days=30)
    return missions.deploy(mission, person.username, begins, ends, by=None)


def words(text: str) -> dict[str, str]:
    return {"en": text, "fr": f"{text} (fr)"}


def an_option(id: str, correct: bool = False) -> dict[str, Any]:
    return {
        "id": id,
        "text": words(f"Option {id}"),
        "correct": correct,
        "feedback": words(f"{'Right' if correct else 'Wrong'}, because of {id}"),
    }


def a_single_choice(id: str, right: str = "b") -> dict[str, Any]:
    return {
        "kind": "single_choice",
        "id": id,
        "prompt": words(f"Question {id}?"),
        "options": [an_option(each, each == right) for each in "abc"],
    }


def a_question_of_each_kind() -> list[dict[str, Any]]:
    judged = {"feedback_right": words("You have it"), "feedback_wrong": words("Read it again")}
    return [
        a_single_choice("single"),
        {
            "kind": "multiple_choice",
            "id": "multiple",
            "prompt": words("Which ones?"),
            "options": [an_option("a", True), an_option("b"), an_option("c", True)],
        },
        {
            "kind": "true_false",
            "id": "truth",
            "prompt": words("Is it so?"),
            "answer": True,
            "when_true": words("It is so"),
            "when_false": words("It is so after all"),
        },
        {"kind": "numeric", "id": "number", "prompt": words("How many hours?"), "answer": 48, **judged},
        {
            "kind": "short_text",
            "id": "text",
            "prompt": words("One word?"),
            "accepted": {"en": ["dignity"], "fr": ["dignité"]},
            **judged,
        },
        {
            "kind": "matching",
            "id": "match",
            "prompt": words("What belongs?"),
            "pairs": [{"id": each, "term": words(f"Term {each}"), "match": words(f"Match {each}")} for each in "xyz"],
            **judged,
        },
        {
            "kind": "ordering",
            "id": "order",
            "prompt": words("In which order?"),
            "items": [{"id": each, "text": words(f"Step {each}")} for each in ("one", "two", "three")],
            **judged,
        },
    ]


def a_scenario(id: str, to: str = "good", outcome: str = "good") -> dict[str, Any]:
    """Two decisions and two ends; ``to`` is where the second right decision leads, ``outcome`` how that ends."""

    def choice(id: str, said: str, followed: str, to: str) -> dict[str, Any]:
        return {"id": f"secret-choice-{id}", "text": words(said), "consequence": words(followed), "to": to}

    def end(id: str, outcome: str, debrief: str) -> dict[str, Any]:
        return {"id": id, "text": words("It is over"), "outcome": outcome, "debrief": words(debrief)}

    return {
        "kind": "scenario",
        "id": id,
        "title": words("At the gate"),
        "minutes": 5,
        "frames": [
            {
                "id": "knock",
                "text": words("Somebody knocks"),
                "choices": [
                    choice("open", "Open", "The door opens", "asking"),
                    choice("wait", "Wait", "The knocking stops", "poor"),
                ],
            },
            {
                "id": "asking",
                "text": words("He asks for help"),
                "choices": [
                    choice("help", "Help", "He thanks you", to),
                    choice("send", "Send him away", "He leaves", "poor"),
                ],
            },
            end("good", outcome, "Helping is your duty"),
            end("poor", "poor", "Somebody needed you"),
        ],
    }


def a_document(**changes: Any) -> CourseDocument:
    """Two lessons, a quiz of each kind of question, and a final assessment, in English and French."""
    values: dict[str, Any] = {
        "slug": "a-course",
        "code": "DP01",
        "source_language": "en",
        "languages": ["en", "fr"],
        "title": words("A course"),
        "summary": words("What it is about"),
        "audience": words("Recruits"),
        "hours": 16,
        "topics": ["human-rights"],
        "text_date": "2026-11-01",
        "objectives": [{"id": "o", "text": words("Do it")}],
        "modules": [
            {
                "id": "first",
                "title": words("First module"),
                "activities": [
                    {
                        "kind": "lesson",
                        "id": "greeting",
                        "title": words("Greeting"),
                        "minutes": 10,
                        "body": words("## Say who you are\n\nSpeak **clearly**."),
                        "law": words("Which law says who may ask?"),
                    },
                    {
                        "kind": "lesson",
                        "id": "asking",
                        "title": words("Asking"),
                        "minutes": 10,
                        "requires": ["greeting"],
                        "body": words("Ask once."),
                    },
                    {
                        "kind": "quiz",
                        "id": "quiz",
                        "title": words("Quiz"),
                        "minutes": 5,
                        "draws": [{"pool": "kinds"}],
                        "pass_mark": 60,
                        "shuffle": False,
                        "requires": ["asking"],
                    },
                ],
            },
            {
                "id": "last",
                "title": words("Last module"),
                "activities": [
                    {
                        "kind": "final_assessment",
                        "id": "final",
                        "title": words("Final"),
                        "minutes": 30,
                        "draws": [{"pool": "final", "count": 4}],
                        "attempts": 2,
                        "time_limit": 30,
                        "requires": ["quiz"],
                    }
                ],
            },
        ],
        "pools": [
            {"id": "kinds", "title": words("Kinds"), "questions": a_question_of_each_kind()},
            {"id": "final", "title": words("Pool"), "questions": [a_single_choice(f"f-{n}") for n in range(8)]},
        ],
    }
    return CourseDocument.model_validate(values | changes)


def an_assignment(id: str, *hand_in: str) -> dict[str, Any]:
    """A report judged by two criteria, with four points to win; the pass mark is 70 %."""

    def criterion(id: str) -> dict[str, Any]:
        levels = [("full", "All of it", 2), ("part", "Some of it", 1), ("none", "Nothing", 0)]
        return {
            "id": id,
            "text": words(f"About the {id}"),
            "levels": [{"id": level, "text": words(said), "points": points} for level, said, points in levels],
        }

    return {
        "kind": "assignment",
        "id": id,
        "title": words("A report"),
        "minutes": 20,
        "instructions": words("Write what happened."),
        "hand_in": list(hand_in or ("text", "photo")),
        "rubric": [criterion("facts"), criterion("words")],
    }


def with_practice() -> CourseDocument:
    """The course with a branching scenario and an assignment at its end, which are not required."""
    data = a_document().model_dump(mode="json")
    data["modules"][-1]["activities"] += [
        {**a_scenario("gate"), "required": False},
        {**an_assignment("report"), "required": False},
    ]
    return CourseDocument.model_validate(data)


def with_pre_and_post() -> CourseDocument:
    """The course with a pre-test before everything and a post-test in place of the final assessment."""
    data = a_document().model_dump(mode="json")
    common = {"minutes": 20, "draws": [{"pool": "final", "count": 4}]}
    pre = {"kind": "pre_test", "id": "before", "title": words("Before the course"), **common}
    post = {"kind": "post_test", "id": "after", "title": words("After the course"), "attempts": 3, **common}
    data["modules"][0]["activities"].insert(0, pre)
    data["modules"][-1]["activities"] = [{**post, "requires": ["quiz"]}]
    return CourseDocument.model_validate(data)


def with_handouts(**changes: Any) -> CourseDocument:
    """The course with a guide, a job aid, two observations, and something to read."""
    return a_document(
        guide=words("## First hour\n\nBring chalk."),
        job_aid=words("## At the gate\n\nSay who you are."),
        observations=[
            {
                "id": "identifies",
                "text": words("Identifies himself or herself"),
                "critical": True,
                "competency": "C1",
                "look_for": words("Name and unit first"),
            },
            {"id": "explains", "text": words("Explains"), "competency": "C3", "look_for": words("Gives the reason")},
        ],
        sources=[
            {"id": "ICCPR", "binding": "treaty", "title": words("The Covenant"), "dated": "1966-12-16"},
            {"id": "CCLEO", "binding": "standard", "title": words("The Code"), "dated": "1979-12-17"},
        ],
        reading=[{"title": words("The Code in full"), "note": words("Eight articles"), "source": "CCLEO"}],
        **changes,
    )


@committed
def a_published(document: CourseDocument | None = None) -> UUID:
    version, _ = library.publish(document or a_document(), lambda name: b"", current_app.config["MEDIA"], by=None)
    return version.id


@committed
def _cohort(mission: Mission, version_id: UUID, capacity: int) -> Cohort:
    today = clock.today()
    return cohorts.create(
        mission,
        version_id,
        title=f"Class {next(_numbers)}",
        begins=today - timedelta(days=5),
        ends=today + timedelta(days=25),
        capacity=capacity,
        by=None,
    )


@committed
def _draft(mission: Mission, version_id: UUID, title: str, by: UUID) -> Draft:
    return beginning.from_course(mission, version_id, title=title, by=by)


def a_draft(mission: Mission | None = None, version_id: UUID | None = None, author: User | None = None) -> Draft:
    """A draft as a copy of a published course."""
    where = mission or a_mission()
    by = author or deployed(where)
    return _draft(where, version_id or a_published(), f"Draft {next(_numbers)}", by.id)


def a_cohort(mission: Mission | None = None, version_id: UUID | None = None, capacity: int = 40) -> Cohort:
    return _cohort(mission or a_mission(), version_id or a_published(), capacity)


@committed
def _place(cohort: Cohort, trainee: User) -> Enrolment:
    return cohorts.place(cohort, trainee, by=None, unready=Unready("lock"))


def an_enrolment(cohort: Cohort | None = None, trainee: User | None = None) -> Enrolment:
    return _place(cohort or a_cohort(), trainee or a_person())


@committed
def an_instructor(cohort: Cohort) -> User:
    person = accounts.create(f"instructor-{next(_numbers)}", Role.INSTRUCTOR, by=None)
    session.add(Teaching(cohort_id=cohort.id, user_id=person.id))
    return person


@committed
def someone_waiting(cohort: Cohort) -> Waiting:
    waiting = Waiting(cohort_id=cohort.id, user_id=accounts.create_trainee(by=None).id)
    session.add(waiting)
    return waiting


@committed
def a_session(cohort: Cohort, days: int = 0, **changes: Any) -> TrainingSession:
    """A session that began a moment ago, but not yesterday, or so many days away from that."""
    midnight = dt.datetime.combine(clock.today(), dt.time(), dt.UTC)
    begun = max(clock.now() - timedelta(minutes=5), midnight) + timedelta(days=days)
    agreed = attendance.Plan(
        topic=f"Topic {next(_numbers)}",
        venue="Hall behind the station",
        venue_code="B2",
        day=begun.date(),
        begins=begun.time().replace(second=0, microsecond=0),
        ends=dt.time(23, 59, 59),
        zone="UTC",
        trainer_id=None,
    )
    training = attendance.plan(cohort, replace(agreed, **changes), by=None)
    if days == 0 and not changes:
        training.starts_at, training.ends_at = begun, begun + timedelta(hours=3)
    return training


def trainee_of(enrolment: Enrolment) -> User:
    return session.get_one(User, enrolment.user_id)


@committed
def done(enrolment: Enrolment, *activities: str, score: float | None = None) -> None:
    """Put completions on record: of the named activities, or of everything the course has."""
    for id in activities or edition(enrolment.course_version_id).order:
        verb = Verb.COMPLETED if score is None else Verb.PASSED
        record.append(verb, actor_id=enrolment.user_id, registration=enrolment.id, activity_id=id, score=score)


def awarded(enrolment: Enrolment) -> Credential:
    """The certificate of a trainee who has done all that is asked."""
    done(enrolment)
    with transaction():
        return certificates.issue(enrolment, by=enrolment.user_id)
