"""Who may look at courses."""

from sqlalchemy import ColumnElement, or_, select, true

from lms.accounts.models import Role, User
from lms.core.policy import permission
from lms.library.models import Course
from lms.missions.models import RollEntry
from lms.missions.policy import missions_where_deployed


@permission("library.browse")
def browses(user: User) -> bool:
    """Everyone with an account sees the catalogue."""
    return user.is_authenticated


@permission("library.see", Course)
def sees_course(user: User) -> ColumnElement[bool]:
    """Courses for all; a mission's own are for who is deployed there and for who is on its roll."""
    if user.role == Role.ADMIN:
        return true()
    rolls = select(RollEntry.mission_id).where(RollEntry.user_id == user.id)
    mine = or_(Course.mission_id.in_(missions_where_deployed(user)), Course.mission_id.in_(rolls))
    return or_(Course.mission_id.is_(None), mine)
