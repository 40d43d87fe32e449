"""Sessions and their attendance, as pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select

from lms.accounts.models import User
from lms.attendance.models import SpotCount, TrainingSession
from lms.cohorts.models import Cohort, Enrolment, Teaching
from lms.core import clock, policy
from lms.core.db import session
from lms.missions.models import Deployment
from lms.record.fold import fold
from lms.record.models import ActivityState, Statement, Verb


@dataclass(frozen=True)
class Mark:
    """How one person is marked: by whom, when, and whether by ``code``, on the ``screen`` or from ``paper``."""

    mark: str
    via: str
    by: UUID
    at: datetime


@dataclass(frozen=True)
class Person:
    """Somebody who belongs in the room, or who ``came_later``: into the cohort, when the session was over."""

    enrolment: Enrolment
    user: User
    came_later: bool


def people(training: TrainingSession) -> list[Person]:
    """Who has or had a place when the session began, and who came into the cohort later; by number."""
    rows = session.execute(
        select(Enrolment, User)
        .join(User, User.id == Enrolment.user_id)
        .where(
            Enrolment.cohort_id == training.cohort_id,
            or_(Enrolment.left_at.is_(None), Enrolment.left_at > training.starts_at),
        )
        .order_by(func.coalesce(User.number, User.username))
    )
    return [Person(enrolment, user, enrolment.enrolled_at > training.ends_at) for enrolment, user in rows]


def marks_of(training: TrainingSession) -> dict[UUID, Mark]:
    """The session's attendance by enrolment, folded from the ledger; one statement."""
    ledger: dict[UUID, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(
            Statement.id,
            Statement.registration,
            Statement.verb,
            Statement.score,
            Statement.context,
            Statement.occurred_at,
        )
        .join(Enrolment, Enrolment.id == Statement.registration)
        .where(Enrolment.cohort_id == training.cohort_id, Statement.activity_id == training.activity_id)
        .order_by(Statement.occurred_at, Statement.id)
    ):
        ledger[row.registration].append(row)
    marks = {}
    for registration, rows in ledger.items():
        if folded := fold(rows):
            says = [row for row in rows if row.verb == Verb.ATTENDED and row.occurred_at == folded.completed_at][-1]
            context = says.context
            marks[registration] = Mark(folded.status, context["via"], UUID(context["by"]), says.occurred_at)
    return marks


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """Usernames of staff; none costs no SQL."""
    if not ids:
        return {}
    rows = session.execute(select(User.id, User.username).where(User.id.in_(ids)))
    return {row.id: row.username for row in rows}


def trainers_of(sessions: Iterable[TrainingSession]) -> dict[UUID, str]:
    """Usernames of those who are to hold the sessions; one statement, or none where nobody is named."""
    return names_of({each.trainer_id for each in sessions if each.trainer_id})


def trainer_of(training: TrainingSession) -> str | None:
    """Who is to hold the session, by username."""
    return names_of({training.trainer_id}).get(training.trainer_id) if training.trainer_id else None


def sheets(cohort: Cohort) -> dict[str, dict[UUID, str]]:
    """Every session's marks by activity id and enrolment, as folded; one statement."""
    found: dict[str, dict[UUID, str]] = defaultdict(dict)
    for activity_id, registration, status in session.execute(
        select(ActivityState.activity_id, ActivityState.registration, ActivityState.status)
        .join(Enrolment, Enrolment.id == ActivityState.registration)
        .where(Enrolment.cohort_id == cohort.id, ActivityState.activity_id.startswith("session:"))
    ):
        found[activity_id][registration] = status
    return found


def of_cohort(cohort: Cohort) -> Sequence[TrainingSession]:
    """A cohort's sessions, first to last."""
    return session.scalars(
        select(TrainingSession)
        .where(TrainingSession.cohort_id == cohort.id)
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    ).all()


def counts_of(cohort: Cohort) -> dict[UUID, int]:
    """The newest spot count of each session."""
    rows = session.execute(
        select(SpotCount.session_id, SpotCount.people)
        .join(TrainingSession, TrainingSession.id == SpotCount.session_id)
        .where(TrainingSession.cohort_id == cohort.id)
        .order_by(SpotCount.counted_at, SpotCount.id)
    )
    return {row.session_id: row.people for row in rows}


def counts_in(training: TrainingSession) -> Sequence[Any]:
    """The spot counts of a session, newest first: ``(people, counted at, by whom)``."""
    return session.execute(
        select(SpotCount.people, SpotCount.counted_at, User.username)
        .join(User, User.id == SpotCount.counted_by)
        .where(SpotCount.session_id == training.id)
        .order_by(SpotCount.counted_at.desc(), SpotCount.id.desc())
    ).all()


def around_today(user: User) -> Sequence[Any]:
    """``(session, cohort's title)`` from two days back to two weeks ahead in what the person teaches; one statement."""
    now = clock.now()
    return session.execute(
        select(TrainingSession, Cohort.title)
        .join(Cohort, Cohort.id == TrainingSession.cohort_id)
        .where(
            policy.where(user, "sessions.hold"),
            TrainingSession.ends_at > now - timedelta(days=2),
            TrainingSession.starts_at < now + timedelta(days=14),
            TrainingSession.cancelled_at.is_(None),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    ).all()


def trainers(cohort: Cohort, present: UUID | None = None) -> list[tuple[UUID, str]]:
    """Who may hold its sessions: those deployed today, the instructors named in it, and whoever is to at ``present``.

    ``(id, username)``, by username.
    """
    today = clock.today()
    deployed = select(Deployment.user_id).where(
        Deployment.mission_id == cohort.mission_id, Deployment.begins <= today, Deployment.ends >= today
    )
    named = select(Teaching.user_id).where(Teaching.cohort_id == cohort.id)
    rows = session.execute(
        select(User.id, User.username)
        .where(or_(User.id.in_(deployed), User.id.in_(named), User.id == present))
        .order_by(User.username)
    )
    return [(id, name) for id, name in rows]


def open_for(user_id: UUID) -> Sequence[Row[TrainingSession, Enrolment]]:
    """``(session, enrolment)`` of the sessions in which this trainee may check in now."""
    return session.execute(
        select(TrainingSession, Enrolment)
        .join(Enrolment, Enrolment.cohort_id == TrainingSession.cohort_id)
        .where(
            Enrolment.user_id == user_id,
            Enrolment.left_at.is_(None),
            TrainingSession.check_in_until > clock.now(),
            TrainingSession.cancelled_at.is_(None),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    ).all()


def next_for(user_id: UUID, most: int = 3) -> Sequence[Any]:
    """The trainee's next sessions: ``(session, enrolment's id)``; one statement."""
    return session.execute(
        select(TrainingSession, Enrolment.id)
        .join(Enrolment, Enrolment.cohort_id == TrainingSession.cohort_id)
        .where(
            Enrolment.user_id == user_id,
            Enrolment.left_at.is_(None),
            TrainingSession.ends_at > clock.now(),
            TrainingSession.cancelled_at.is_(None),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(most)
    ).all()


def in_room(marks: Mapping[UUID, Any]) -> int:
    """How many of these marks say that the person was there."""
    return sum(getattr(each, "mark", each) in ("present", "late") for each in marks.values())
