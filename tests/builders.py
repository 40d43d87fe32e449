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
from tests.documents import a_document

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
