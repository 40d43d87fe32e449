"""The roll is kept by who is deployed to the mission."""

from sqlalchemy import ColumnElement

from lms.accounts.models import User
from lms.core.policy import permission
from lms.missions.models import Mission, Unit
from lms.missions.policy import is_staff, missions_where_deployed
from lms.roster.models import RollExport, RollImport


@permission("roll.keep", Mission)
def keeps_roll(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed there."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("roll.keep_unit", Unit)
def keeps_unit(user: User) -> ColumnElement[bool] | bool:
    """Whoever keeps the mission's roll."""
    return Unit.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("roll.import", RollImport)
def imports(user: User) -> ColumnElement[bool] | bool:
    """Whoever brought the file, while deployed: it may hold what others need not see."""
    if not is_staff(user):
        return False
    return (RollImport.brought_by == user.id) & RollImport.mission_id.in_(missions_where_deployed(user))


@permission("roll.approve_export", RollExport)
def approves(user: User) -> ColumnElement[bool] | bool:
    """A second person deployed to the mission."""
    if not is_staff(user):
        return False
    return (RollExport.asked_by != user.id) & RollExport.mission_id.in_(missions_where_deployed(user))


@permission("roll.export", RollExport)
def takes_out(user: User) -> ColumnElement[bool] | bool:
    """Whoever asked, while deployed."""
    if not is_staff(user):
        return False
    return (RollExport.asked_by == user.id) & RollExport.mission_id.in_(missions_where_deployed(user))
