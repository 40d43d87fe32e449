"""The marks of a trainee and of a cohort."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.grades.marks import ATTENDANCE, FINAL, SESSION, Mark, Part, Scheme, graded, mark
from lms.grades.models import GradeScheme
from lms.library.edition import edition
from lms.record.models import ActivityState

__all__ = ["ATTENDANCE", "FINAL", "Mark", "Part", "mark_of", "marks_of", "marks_of_cohort", "scheme_of"]


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


# So many are named one by one; more are all of the cohort's.
_FEW = 50


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
    if len(places) <= _FEW:
        return found.where(ActivityState.registration.in_([place.id for place in places]))
    return found.join(Enrolment, Enrolment.id == ActivityState.registration).where(Enrolment.cohort_id == cohort.id)
