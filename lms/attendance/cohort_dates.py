"""Changing a cohort's dates, which keep around its sessions: one outside them could not be changed any more."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from lms.attendance.models import TrainingSession
from lms.cohorts import service as cohorts
from lms.cohorts.closing import take_turn
from lms.cohorts.models import Cohort
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_

# As many are named; the others follow once these are moved.
NAMED = 5


def change(cohort: Cohort, *, title: str, begins: date, ends: date, capacity: int, by: UUID) -> None:
    """The same as ``cohorts.service.change``, unless a session that is within the dates would come to lie outside."""
    take_turn(cohort, by=by)
    if begins <= ends:
        _check_sessions(cohort, begins, ends)
    cohorts.change(cohort, title=title, begins=begins, ends=ends, capacity=capacity, by=by)


def _check_sessions(cohort: Cohort, begins: date, ends: date) -> None:
    outside = session.scalars(
        select(TrainingSession)
        .where(
            TrainingSession.cohort_id == cohort.id,
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.day.between(cohort.begins, cohort.ends),
            or_(TrainingSession.day < begins, TrainingSession.day > ends),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(NAMED)
    ).all()
    if outside:
        raise DomainError(
            N_("These sessions would lie outside: %(sessions)s. Keep the dates around them, or move or cancel them."),
            field="begins" if outside[0].day < begins else "ends",
            sessions=", ".join(f"{each.day.isoformat()} · {each.topic or each.venue}" for each in outside),
        )
