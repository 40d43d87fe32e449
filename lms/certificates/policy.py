"""Who may fetch and revoke certificates."""

from sqlalchemy import ColumnElement, or_

from lms.accounts.models import Role, User
from lms.certificates.models import Credential
from lms.core.policy import permission
from lms.missions.policy import is_staff, missions_where_deployed


@permission("certificates.own")
def has_own(user: User) -> bool:
    """Trainees have certificates."""
    return user.role == Role.TRAINEE


@permission("certificates.fetch", Credential)
def fetches(user: User) -> ColumnElement[bool]:
    """Its holder, and the mission's staff."""
    own = Credential.user_id == user.id
    return or_(own, Credential.mission_id.in_(missions_where_deployed(user))) if is_staff(user) else own


@permission("certificates.revoke", Credential)
def revokes(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission that issued it."""
    return Credential.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False
