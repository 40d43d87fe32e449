"""Who hands over, who takes on, and who watches; all of it while deployed."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from lms.accounts.models import Role, User
from lms.core.policy import permission
from lms.handover.models import Handover, HandoverItem
from lms.missions.models import Deployment
from lms.missions.policy import ends_deployment, is_staff, missions_where_deployed


def _own(user: User) -> Select[UUID]:
    """The person's deployments to missions where they are deployed today."""
    here = Deployment.mission_id.in_(missions_where_deployed(user))
    return select(Deployment.id).where(Deployment.user_id == user.id, here)


@permission("handovers.open", Deployment)
def opens(user: User) -> ColumnElement[bool] | bool:
    """The leaving mentor, and whoever may end the deployment."""
    if not is_staff(user):
        return ends_deployment(user)
    ends = ends_deployment(user)
    return or_(Deployment.id.in_(_own(user)), false() if isinstance(ends, bool) else ends)


@permission("handovers.see", Handover)
def sees(user: User) -> ColumnElement[bool] | bool:
    """Both mentors, who took a part of it on before, the mission's managers, administrators."""
    if user.role == Role.ADMIN:
        return true()
    if user.role == Role.MANAGER:
        return Handover.mission_id.in_(missions_where_deployed(user))
    if not is_staff(user):
        return False
    own, accepted = _own(user), select(HandoverItem.handover_id).where(HandoverItem.accepted_by == user.id)
    here = Handover.mission_id.in_(missions_where_deployed(user))
    return or_(Handover.leaving_id.in_(own), Handover.successor_id.in_(own), and_(here, Handover.id.in_(accepted)))


@permission("handovers.pass_on", Handover)
def passes_on(user: User) -> ColumnElement[bool] | bool:
    """Whoever may end the leaving mentor's deployment."""
    ends = ends_deployment(user)
    return ends if isinstance(ends, bool) else Handover.leaving_id.in_(select(Deployment.id).where(ends))


@permission("handovers.write", Handover)
def writes(user: User) -> ColumnElement[bool] | bool:
    """The leaving mentor."""
    return Handover.leaving_id.in_(_own(user)) if is_staff(user) else False


@permission("handovers.gather", Handover)
def gathers(user: User) -> ColumnElement[bool] | bool:
    """The leaving mentor, and whoever may give what is open to another successor."""
    ways = [each for each in (writes(user), passes_on(user)) if not isinstance(each, bool)]
    return or_(*ways) if ways else False


@permission("handovers.note", HandoverItem)
def notes(user: User) -> ColumnElement[bool] | bool:
    """The leaving mentor."""
    written = writes(user)
    return False if isinstance(written, bool) else HandoverItem.handover_id.in_(select(Handover.id).where(written))


@permission("handovers.answer", HandoverItem)
def answers(user: User) -> ColumnElement[bool] | bool:
    """The successor, from the first day of the deployment."""
    if not is_staff(user):
        return False
    taken = select(Handover.id).where(Handover.successor_id.in_(_own(user)))
    return HandoverItem.handover_id.in_(taken)
