"""A way through a scenario is its trainee's alone."""

from sqlalchemy import ColumnElement, and_, select

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.policy import permission
from lms.scenarios.models import Run


@permission("scenarios.play", Run)
def plays(user: User) -> ColumnElement[bool]:
    """Whoever began it, while the enrolment lasts."""
    lasting = select(Enrolment.id).where(Enrolment.id == Run.enrolment_id, Enrolment.left_at.is_(None)).exists()
    return and_(Run.user_id == user.id, lasting)
