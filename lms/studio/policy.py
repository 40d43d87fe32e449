"""Rights over drafts follow the deployment to their mission."""

from sqlalchemy import ColumnElement, and_, or_

from lms.accounts.models import Role, User
from lms.core.policy import permission
from lms.missions.models import Mission
from lms.missions.policy import is_staff, missions_where_deployed
from lms.studio.models import Draft


@permission("studio.list")
def lists_drafts(user: User) -> bool:
    """Mentors and managers; each sees only their missions' drafts."""
    return is_staff(user)


@permission("studio.create", Mission)
def creates_draft(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("studio.write", Draft)
def writes(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the draft's mission."""
    return Draft.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("studio.publish", Draft)
def publishes(user: User) -> ColumnElement[bool] | bool:
    """Managers of the mission, and its mentors other than the one who sent it to review."""
    if not is_staff(user):
        return False
    deployed = Draft.mission_id.in_(missions_where_deployed(user))
    if user.role == Role.MANAGER:
        return deployed
    return and_(deployed, or_(Draft.submitted_by.is_(None), Draft.submitted_by != user.id))
