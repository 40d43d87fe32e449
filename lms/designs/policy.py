"""Who says how a mission's certificates look."""

from sqlalchemy import ColumnElement, true

from lms.accounts.models import Role, User
from lms.core.policy import permission
from lms.designs.models import CertificatePartner
from lms.missions.models import Mission
from lms.missions.policy import missions_where_deployed


@permission("designs.choose", Mission)
def chooses(user: User) -> ColumnElement[bool] | bool:
    """Who may deploy to the mission, so that its page asks once for both: managers deployed there, administrators."""
    if user.role == Role.ADMIN:
        return true()
    return Mission.id.in_(missions_where_deployed(user)) if user.role == Role.MANAGER else False


@permission("designs.remove_partner", CertificatePartner)
def removes_partner(user: User) -> ColumnElement[bool] | bool:
    """Whoever chooses the design of its mission."""
    if user.role == Role.ADMIN:
        return true()
    return CertificatePartner.mission_id.in_(missions_where_deployed(user)) if user.role == Role.MANAGER else False
