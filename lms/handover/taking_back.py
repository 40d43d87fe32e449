"""Ending a deployment that a handover leads to or comes from: what people wrote for it is not lost on the way."""

from uuid import UUID

from sqlalchemy import or_, select

from lms.accounts.models import User
from lms.core import clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.handover.models import Handover, HandoverItem
from lms.missions import service as missions
from lms.missions.models import Deployment


class Written(DomainError):
    """A deployment is not taken back, for what stands in ``handover``."""

    def __init__(self, message: str, handover: Handover) -> None:
        super().__init__(message, leaver=_name(handover.leaving_id), successor=_name(handover.successor_id))
        self.handover = handover


def _name(deployment_id: UUID) -> str | None:
    wanted = select(User.username).join(Deployment, Deployment.user_id == User.id)
    return session.scalar(wanted.where(Deployment.id == deployment_id))


def end_deployment(deployment: Deployment, *, by: UUID) -> None:
    """End a deployment today, or take back one that has not begun, with a handover that nobody has touched.

    A handover in which somebody wrote or accepted something is refused: it would go with the deployment.
    """
    if deployment.begins > clock.today():
        _check_unwritten(deployment)
    missions.end_deployment(deployment, by=by)


def _check_unwritten(deployment: Deployment) -> None:
    # Locked: somebody may be writing just now.
    either = or_(Handover.leaving_id == deployment.id, Handover.successor_id == deployment.id)
    for handover in session.scalars(select(Handover).where(either).order_by(Handover.id).with_for_update()).all():
        items = select(HandoverItem).where(HandoverItem.handover_id == handover.id).with_for_update()
        if not any(map(_is_touched, session.scalars(items).all())):
            continue
        if handover.leaving_id == deployment.id:
            raise Written(
                N_(
                    "%(leaver)s has begun to hand over what is open in these days, and what was written would be lost."
                    " Change its dates instead."
                ),
                handover,
            )
        raise Written(
            N_(
                "%(leaver)s hands over to %(successor)s, and what was written for that would be lost. Give the handover"
                " to another successor first, then take this deployment back."
            ),
            handover,
        )


def _is_touched(item: HandoverItem) -> bool:
    return item.kind == "note" or bool(item.note or item.objection) or item.accepted_at is not None
