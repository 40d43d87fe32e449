"""What waits for a mentor."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, select

from lms.accounts.models import User
from lms.assignments.models import HandIn
from lms.cohorts.models import Cohort, Enrolment
from lms.core import policy
from lms.core.db import session


def waiting(user: User, most: int = 100) -> Sequence[Row[HandIn, User, str]]:
    """``(hand-in, trainee, cohort's title)`` of what this mentor may mark and nobody has, oldest first."""
    return session.execute(
        select(HandIn, User, Cohort.title)
        .join(User, User.id == HandIn.user_id)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(HandIn.marked_at.is_(None), policy.where(user, "assignments.mark"))
        .order_by(HandIn.handed_in_at, HandIn.id)
        .limit(most)
    ).all()


def next_waiting(user: User, after: HandIn) -> UUID | None:
    """What to mark after this one: the oldest other one that waits."""
    return session.scalar(
        select(HandIn.id)
        .where(HandIn.marked_at.is_(None), HandIn.id != after.id, policy.where(user, "assignments.mark"))
        .order_by(HandIn.handed_in_at, HandIn.id)
        .limit(1)
    )
