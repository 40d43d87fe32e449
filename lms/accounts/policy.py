"""Who may do what with accounts."""

from sqlalchemy import ColumnElement, true

from lms.accounts.models import Role, User
from lms.core.policy import permission


@permission("people.list")
def lists_people(user: User) -> bool:
    """Administrators keep the accounts."""
    return user.role == Role.ADMIN


@permission("people.manage", User)
def manages_person(user: User) -> ColumnElement[bool] | bool:
    """Administrators, every account."""
    return true() if user.role == Role.ADMIN else False


@permission("audit.read")
def reads_audit(user: User) -> bool:
    """Administrators read the trail."""
    return user.role == Role.ADMIN
