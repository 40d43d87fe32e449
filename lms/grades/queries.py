"""The marks of a trainee and of a cohort."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.grades.marks import ATTENDANCE, FINAL, SESSION, Mark, Part, Scheme, graded, mark
from lms.grades.models import GradeOverride, GradeScheme
from lms.library.edition import edition
from lms.record.models import ActivityState

__all__ = ["ATTENDANCE", "FINAL", "Mark", "Part", "mark_of", "marks_of", "marks_of_cohort", "scheme_of"]

PAGE = 50


def scheme_of(cohort_id: UUID) -> Scheme:
    """What counts in a cohort now; one statement."""
    newest = session.execute(
        select(GradeScheme.weights, GradeScheme.pass_mark)
        .where(GradeScheme.cohort_id == cohort_id)
        .order_by(GradeScheme.at.desc(), GradeScheme.id.desc())
        .limit(1)
    ).one_or_none()
    return Scheme(*newest) if newest else Scheme()


def marks_of_cohort(cohort: Cohort) -> dict[UUID, Mark]:
    """The mark of everyone with a place in the cohort, by enrolment; three statements however many they are."""
    places = session.execute(
        select(Enrolment.id, Enrolment.course_version_id).where(
            Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None)
        )
    ).all()
    return marks_of(cohort, places, scheme_of(cohort.id))


def mark_of(enrolment: Enrolment) -> Mark:
    """The mark of one trainee; two statements, and one more where the cohort is not loaded."""
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    return marks_of(cohort, [enrolment], scheme_of(cohort.id))[enrolment.id]


def marks_of(cohort: Cohort, places: Sequence[Any], scheme: Scheme) -> dict[UUID, Mark]:
    """The marks of some of a cohort's places, ``(id, course version)``; one statement."""
    editions = {place.course_version_id: edition(place.course_version_id) for place in places}
    wanted = {each.id for shown in editions.values() for each in graded(shown)} | {FINAL}
    states: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for state in session.execute(_states(cohort, places, wanted)):
        states[state.registration][state.activity_id] = state
    closed = cohort.closed_at is not None
    return {
        place.id: mark(scheme, editions[place.course_version_id], states[place.id], closed=closed) for place in places
    }


@dataclass(frozen=True)
class Line:
    """A trainee of the grade sheet."""

    enrolment_id: UUID
    number: str
    mark: Mark


@dataclass(frozen=True)
class Sheet:
    """Some trainees of a cohort, out of ``count``; ``number`` of ``total`` pages."""

    lines: list[Line]
    count: int
    number: int
    total: int


def sheet(cohort: Cohort, scheme: Scheme, search: str, number: int) -> Sheet:
    """A page of the cohort's trainees with their marks, by number; two statements."""
    shown_as = func.coalesce(User.number, User.username).label("number")
    places = session.execute(
        select(Enrolment.id, Enrolment.course_version_id, shown_as)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
        .order_by(shown_as)
    ).all()
    found = [place for place in places if search.casefold() in place.number.casefold()]
    total = max(1, -(-len(found) // PAGE))
    number = min(number, total)
    on_page = found[(number - 1) * PAGE : number * PAGE]
    marks = marks_of(cohort, on_page, scheme)
    return Sheet([Line(each.id, each.number, marks[each.id]) for each in on_page], len(found), number, total)


def overrides_of(enrolment: Enrolment) -> dict[str, GradeOverride]:
    """The newest word on each activity, and on the final mark, of those who set or took back a score; one statement."""
    rows = session.scalars(
        select(GradeOverride)
        .where(GradeOverride.enrolment_id == enrolment.id)
        .order_by(GradeOverride.at, GradeOverride.id)
    )
    return {each.activity_id: each for each in rows}


def schemes(cohort: Cohort) -> Sequence[Any]:
    """What counted in the cohort from when on, newest first: ``(scheme, by whom)``."""
    return session.execute(
        select(GradeScheme, User.username)
        .join(User, User.id == GradeScheme.by)
        .where(GradeScheme.cohort_id == cohort.id)
        .order_by(GradeScheme.at.desc(), GradeScheme.id.desc())
    ).all()


def _states(cohort: Cohort, places: Sequence[Any], wanted: set[str]) -> Any:
    of_sessions = ActivityState.activity_id.startswith(SESSION)
    found = select(
        ActivityState.registration,
        ActivityState.activity_id,
        ActivityState.status,
        ActivityState.score,
        ActivityState.earned,
        ActivityState.overridden_at,
    ).where(or_(ActivityState.activity_id.in_(wanted), of_sessions))
    if len(places) <= PAGE:
        return found.where(ActivityState.registration.in_([place.id for place in places]))
    return found.join(Enrolment, Enrolment.id == ActivityState.registration).where(Enrolment.cohort_id == cohort.id)
