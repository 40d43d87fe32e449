"""What waits in cohorts for somebody who teaches there: counted, by kind."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Result, Select, func, literal, select, union_all

from lms.assessment.models import Attempt, UnmatchedAnswer
from lms.assignments.models import HandIn
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.messages.models import Kind, Thread


def waiting_in(cohorts: Collection[UUID]) -> dict[tuple[str, UUID], int]:
    """``{(kind, cohort's id): how many}`` of what is open in these cohorts; one statement, or none.

    The kinds are ``marking``, ``appeals``, ``answers`` that the key does not know, ``questions`` on lessons, and
    ``tests`` that are begun and not handed in.
    """
    if not cohorts:
        return {}
    handed_in = HandIn.enrolment_id == Enrolment.id
    unmatched = select(literal("answers"), UnmatchedAnswer.cohort_id, func.count()).where(
        UnmatchedAnswer.cohort_id.in_(cohorts), UnmatchedAnswer.decision_id.is_(None)
    )
    asked = select(literal("questions"), Thread.cohort_id, func.count()).where(
        Thread.cohort_id.in_(cohorts), Thread.kind == Kind.QUESTION, Thread.answered.is_(False)
    )
    rows: Result[str, UUID, int] = session.execute(
        union_all(
            _of_places("marking", cohorts).join(HandIn, handed_in).where(HandIn.marked_at.is_(None)),
            _of_places("appeals", cohorts)
            .join(HandIn, handed_in)
            .where(HandIn.appealed_at.is_not(None), HandIn.decided_at.is_(None)),
            _of_places("tests", cohorts)
            .join(Attempt, Attempt.enrolment_id == Enrolment.id)
            .where(Attempt.submitted_at.is_(None)),
            unmatched.group_by(UnmatchedAnswer.cohort_id),
            asked.group_by(Thread.cohort_id),
        )
    )
    return {(kind, cohort_id): count for kind, cohort_id, count in rows}


def _of_places(kind: str, cohorts: Collection[UUID]) -> Select[str, UUID, int]:
    """Counted over the trainees who are still there."""
    return (
        select(literal(kind), Enrolment.cohort_id, func.count())
        .select_from(Enrolment)
        .where(Enrolment.cohort_id.in_(cohorts), Enrolment.left_at.is_(None))
        .group_by(Enrolment.cohort_id)
    )
