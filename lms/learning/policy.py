"""A trainee studies in their own enrolments, until they leave."""

from sqlalchemy import ColumnElement, and_

from lms.accounts.models import Role, User
from lms.cohorts.models import Enrolment
from lms.core.policy import permission


@permission("learning.home")
def has_home(user: User) -> bool:
    """Trainees have a learning page."""
    return user.role == Role.TRAINEE


@permission("learning.study", Enrolment)
def studies(user: User) -> ColumnElement[bool] | bool:
    """One's own enrolment, while it lasts."""
    return and_(Enrolment.user_id == user.id, Enrolment.left_at.is_(None))
