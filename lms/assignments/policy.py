"""A hand-in is its trainee's, and of the mentors deployed to the mission."""

from sqlalchemy import ColumnElement, or_, select

from lms.accounts.models import User
from lms.assignments.models import HandIn
from lms.cohorts.models import Cohort, Enrolment
from lms.core.policy import permission
from lms.missions.policy import is_staff, missions_where_deployed


@permission("assignments.list")
def lists_hand_ins(user: User) -> bool:
    """Mentors and managers; each sees only what their missions' trainees handed in."""
    return is_staff(user)


@permission("assignments.mark", HandIn)
def marks(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission, while the trainee is in the cohort."""
    if not is_staff(user):
        return False
    taught = (
        select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.mission_id.in_(missions_where_deployed(user)), Enrolment.left_at.is_(None))
    )
    return HandIn.enrolment_id.in_(taught)


@permission("assignments.see", HandIn)
def sees(user: User) -> ColumnElement[bool]:
    """Whoever handed it in, and whoever may mark it."""
    taught = marks(user)
    return HandIn.user_id == user.id if isinstance(taught, bool) else or_(HandIn.user_id == user.id, taught)


@permission("assignments.appeal", HandIn)
def appeals(user: User) -> ColumnElement[bool]:
    """Whoever handed it in."""
    return HandIn.user_id == user.id
