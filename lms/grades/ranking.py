"""Final marks of a whole cohort for putting it in order: the fold of ``marks.mark``, done by the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, and_, case, func, literal, or_, select

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.grades.marks import ATTENDANCE, FINAL, SESSION, weights_in
from lms.grades.queries import scheme_of
from lms.library.edition import edition
from lms.record.models import ActivityState, Status

_THERE, _COUNTED = (Status.PRESENT, Status.LATE), (Status.PRESENT, Status.LATE, Status.ABSENT)


def finals_of_cohort(cohort: Cohort) -> dict[UUID, float | None]:
    """The final mark of everyone with a place, by enrolment: what ``marks_of_cohort`` says, without the parts.

    Three statements; a thousand trainees are a thousand rows, however much counts.
    """
    scheme = scheme_of(cohort.id)
    here = and_(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
    versions = session.scalars(select(Enrolment.course_version_id).where(here).distinct()).all()
    weights = {id: {**weights_in(scheme, edition(id))} for id in versions}
    attendance = {id: each.pop(ATTENDANCE) for id, each in weights.items()}
    if not weights:
        return {}
    id, score, status = ActivityState.activity_id, ActivityState.score, ActivityState.status
    # No weight, or no score so far: it does not count.
    weight = case(*((Enrolment.course_version_id == each, _weight(weights[each], id)) for each in versions))
    weight = case((score.is_not(None), weight))
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.course_version_id,
            func.sum(weight * score),
            func.sum(weight),
            func.max(case((and_(id == FINAL, ActivityState.overridden_at.is_not(None)), score))),
            func.sum(case((and_(id.startswith(SESSION), status.in_(_THERE)), 1), else_=0)),
            func.sum(case((and_(id.startswith(SESSION), status.in_(_COUNTED)), 1), else_=0)),
        )
        .outerjoin(
            ActivityState,
            and_(
                ActivityState.registration == Enrolment.id,
                or_(id.in_({FINAL}.union(*weights.values())), id.startswith(SESSION)),
            ),
        )
        .where(here)
        .group_by(Enrolment.id, Enrolment.course_version_id)
    )
    finals: dict[UUID, float | None] = {}
    for enrolment_id, version_id, earned, total, held, there, counted in rows:
        earned, total = earned or 0.0, total or 0
        if cohort.closed_at is not None:
            total = sum(weights[version_id].values())
        if counted:
            earned += attendance[version_id] * there / counted
            total += attendance[version_id]
        computed = round(earned / total, 9) if total else None
        finals[enrolment_id] = computed if held is None else held
    return finals


def _weight(weights: dict[str, int], id: Any) -> ColumnElement[float]:
    counting = {each: weight for each, weight in weights.items() if weight}
    return case(counting, value=id, else_=None) if counting else literal(None, Float)
