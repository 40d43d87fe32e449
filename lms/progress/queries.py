"""States from the record, for one enrolment, for one trainee, for a whole cohort."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.schedule import Schedule
from lms.core.db import session
from lms.library.edition import edition
from lms.missions.models import RollEntry
from lms.progress.outline import Outline, outline
from lms.record.models import ActivityState, Statement, Status, Verb
from lms.roster.words import LISTENS

_STATE = (
    ActivityState.registration,
    ActivityState.activity_id,
    ActivityState.status,
    ActivityState.score,
    ActivityState.attempts,
    ActivityState.completed_at,
    ActivityState.aloud,
    ActivityState.earned,
    ActivityState.overridden_at,
)
_STATES_OF = select(*_STATE).where(ActivityState.registration.in_(bindparam("registrations", expanding=True)))


def states_of(*registrations: UUID) -> dict[UUID, dict[str, Any]]:
    """The states of some enrolments, by enrolment and activity; one statement."""
    states: dict[UUID, dict[str, Any]] = defaultdict(dict)
    if registrations:
        for row in session.execute(_STATES_OF, {"registrations": registrations}):
            states[row.registration][row.activity_id] = row
    return states


def outline_of(enrolment: Enrolment) -> Outline:
    """Where a trainee stands in the course."""
    states = states_of(enrolment.id)[enrolment.id]
    return outline(edition(enrolment.course_version_id), states, schedule_of(enrolment))


def schedule_of(enrolment: Enrolment) -> Schedule:
    """When this trainee's activities open and are due; one statement, or none where the cohort is loaded."""
    return Schedule(enrolment.cohort.begins, enrolment.cohort.schedule, enrolment.extension_days)


def history(registration: UUID, most: int = 100) -> Sequence[Any]:
    """What happened in an enrolment, newest first: ``(occurred at, verb, activity id, score, context)``."""
    return session.execute(
        select(Statement.occurred_at, Statement.verb, Statement.activity_id, Statement.score, Statement.context)
        .where(Statement.registration == registration, Statement.verb != Verb.ATTENDED.value)
        .order_by(Statement.occurred_at.desc(), Statement.id.desc())
        .limit(most)
    ).all()


def readers_aloud(events: Sequence[Any]) -> dict[str, str]:
    """Who gave tests aloud in these events: usernames by what the record calls them; none costs no SQL."""
    named = {event.context["by"] for event in events if event.context.get("via") == "oral"}
    if not named:
        return {}
    rows = session.execute(select(User.id, User.username).where(User.id.in_([UUID(each) for each in named])))
    return {str(row.id): row.username for row in rows}


def needing_help(cohort: Cohort) -> dict[UUID, str]:
    """What the roll says of those in the cohort who do not read alone, by enrolment: ``help`` or ``audio``."""
    rows = session.execute(
        select(Enrolment.id, RollEntry.literacy)
        .join(RollEntry, (RollEntry.user_id == Enrolment.user_id) & (RollEntry.mission_id == cohort.mission_id))
        .where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None), RollEntry.literacy.in_(LISTENS))
    )
    return {row.id: row.literacy for row in rows}


def literacy_of(enrolment: Enrolment) -> str | None:
    """How far the trainee does not read alone, as the mission's roll says: ``help``, ``audio``, or nothing."""
    return session.scalar(
        select(RollEntry.literacy)
        .join(Cohort, Cohort.mission_id == RollEntry.mission_id)
        .where(
            Cohort.id == enrolment.cohort_id,
            RollEntry.user_id == enrolment.user_id,
            RollEntry.literacy.in_(LISTENS),
        )
    )


def spoken_by(enrolment: Enrolment) -> list[str]:
    """The languages that the mission's roll knows the trainee to speak, as codes."""
    codes = session.scalar(
        select(RollEntry.languages)
        .join(Cohort, Cohort.mission_id == RollEntry.mission_id)
        .where(Cohort.id == enrolment.cohort_id, RollEntry.user_id == enrolment.user_id)
    )
    return (codes or "").split()


def average_progress(mission_id: UUID) -> dict[UUID, int]:
    """Each cohort's average share of required activities done, each trainee's by their own version of the course.

    In whole percent, 100 only when all is done; two statements.
    """
    here = [Cohort.mission_id == mission_id, Enrolment.left_at.is_(None)]
    version = (Enrolment.cohort_id, Enrolment.course_version_id)
    places = session.execute(
        select(*version, func.count()).join(Cohort, Cohort.id == Enrolment.cohort_id).where(*here).group_by(*version)
    ).all()
    done = session.execute(
        select(*version, ActivityState.activity_id, func.count())
        .join(Enrolment, Enrolment.id == ActivityState.registration)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(*here, ActivityState.status == Status.COMPLETED.value)
        .group_by(*version, ActivityState.activity_id)
    ).all()
    shares, trainees = defaultdict[UUID, Fraction](Fraction), Counter[UUID]()
    for cohort_id, _, count in places:
        trainees[cohort_id] += count
    for cohort_id, version_id, activity_id, times in done:
        required = edition(version_id).required
        if activity_id in required:
            shares[cohort_id] += Fraction(times, len(required))
    return {id: int(100 * shares[id] / count) for id, count in trainees.items()}
