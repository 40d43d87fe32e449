"""Who may set a score in place of what was earned."""

from sqlalchemy import ColumnElement, and_

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.cohorts.policy import sees_enrolment
from lms.core.policy import permission


@permission("grades.override", Enrolment)
def overrides(user: User) -> ColumnElement[bool] | bool:
    """Whoever teaches the cohort, while the trainee is in it, and never for themselves."""
    taught = sees_enrolment(user)
    return (
        taught if isinstance(taught, bool) else and_(taught, Enrolment.left_at.is_(None), Enrolment.user_id != user.id)
    )
