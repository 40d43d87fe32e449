"""Handovers as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.core import clock, policy
from lms.core.db import session
from lms.handover.models import Handover, HandoverItem
from lms.missions.models import Deployment, Mission

ORDER = ("cohort", "marking", "appeals", "answers", "questions", "session", "plan", "notes", "note")
KINDS = {kind: place for place, kind in enumerate(ORDER)}
_leaving, _next = aliased(Deployment), aliased(Deployment)
_leaver, _follower = aliased(User), aliased(User)


@dataclass(frozen=True)
class Listed:
    """A handover with its people, its dates and how much of it is accepted."""

    id: UUID
    mission: str
    leaver: str
    successor: str
    leaves: date
    follows: date
    items: int
    accepted: int

    @property
    def overlap(self) -> int:
        """Days on which both are there."""
        return max(0, (self.leaves - self.follows).days + 1)

    @property
    def left_open(self) -> bool:
        """Whether the mentor has left and something was never accepted."""
        return self.accepted < self.items and self.leaves < clock.today()


def _listed() -> Any:
    items = select(func.count()).where(HandoverItem.handover_id == Handover.id).correlate(Handover)
    return (
        select(
            Handover.id,
            Mission.title,
            _leaver.username,
            _follower.username,
            _leaving.ends,
            _next.begins,
            items.scalar_subquery(),
            items.where(HandoverItem.accepted_at.is_not(None)).scalar_subquery(),
        )
        .join(Mission, Mission.id == Handover.mission_id)
        .join(_leaving, _leaving.id == Handover.leaving_id)
        .join(_next, _next.id == Handover.successor_id)
        .join(_leaver, _leaver.id == _leaving.user_id)
        .join(_follower, _follower.id == _next.user_id)
        .order_by(_leaving.ends.desc(), Handover.id)
    )


def visible(user: User) -> list[Listed]:
    """The handovers that the person may see, the latest departure first; one statement."""
    return [Listed(*row) for row in session.execute(_listed().where(policy.where(user, "handovers.see")))]


def listed(handover: Handover) -> Listed:
    """One handover as lists show it."""
    return Listed(*session.execute(_listed().where(Handover.id == handover.id)).one())


def items(handover: Handover) -> Sequence[Row[HandoverItem, str | None]]:
    """``(item, who accepted it)``: cohorts, what waits there, sessions, plans, notes on people, what was written."""
    return session.execute(
        select(HandoverItem, User.username)
        .outerjoin(User, User.id == HandoverItem.accepted_by)
        .where(HandoverItem.handover_id == handover.id)
        .order_by(case(KINDS, value=HandoverItem.kind), HandoverItem.title, HandoverItem.id)
    ).all()


def to_hand_over(user: User) -> Sequence[Any]:
    """``(deployment's id, mission, last day)`` of the person's own deployments that nobody takes on yet."""
    return session.execute(
        select(Deployment.id, Mission.title, Deployment.ends)
        .join(Mission, Mission.id == Deployment.mission_id)
        .outerjoin(Handover, Handover.leaving_id == Deployment.id)
        .where(Deployment.user_id == user.id, Deployment.ends >= clock.today(), Handover.id.is_(None))
        .where(Deployment.begins <= clock.today())
        .order_by(Deployment.ends)
    ).all()


def possible_successors(leaving: Deployment) -> Sequence[Any]:
    """``(deployment's id, username, first day, last day)`` of those who stay longer, the soonest first."""
    return session.execute(
        select(Deployment.id, User.username, Deployment.begins, Deployment.ends)
        .join(User, User.id == Deployment.user_id)
        .where(
            Deployment.mission_id == leaving.mission_id,
            Deployment.user_id != leaving.user_id,
            Deployment.ends > leaving.ends,
            Deployment.ends >= clock.today(),
            User.active,
        )
        .order_by(Deployment.begins, User.username)
    ).all()
