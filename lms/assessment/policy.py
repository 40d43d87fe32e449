"""An attempt is its trainee's alone."""

from sqlalchemy import ColumnElement, and_, select

from lms.accounts.models import User
from lms.assessment.models import Attempt
from lms.cohorts.models import Enrolment
from lms.core.policy import permission


@permission("attempts.take", Attempt)
def takes(user: User) -> ColumnElement[bool]:
    """Whoever began it, while the enrolment lasts."""
    lasting = select(Enrolment.id).where(Enrolment.id == Attempt.enrolment_id, Enrolment.left_at.is_(None)).exists()
    return and_(Attempt.user_id == user.id, lasting)
