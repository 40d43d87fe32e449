"""The roll as pages show it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.accounts.queries import PAGE, Page
from lms.core.db import session
from lms.missions.models import HostForce, Mission, RollEntry, Unit
from lms.roster.judging import Plan
from lms.roster.models import RollExport, RollImport, RollRow

MOST_SHOWN = 200


def _of(mission_id: UUID) -> Any:
    return (
        select(User.number, User.username, User.id, RollEntry, Unit.region, Unit.name.label("unit"))
        .join(RollEntry, RollEntry.user_id == User.id)
        .outerjoin(Unit, Unit.id == RollEntry.unit_id)
        .where(RollEntry.mission_id == mission_id)
        .order_by(User.number, User.id)
    )


def roll(mission: Mission, search: str, unit: UUID | None, number: int) -> Page:
    """A page of the roll, found by number or unit; two statements."""
    wanted = _of(mission.id)
    if search:
        wanted = wanted.where(User.number.contains(search.strip().upper(), autoescape=True))
    if unit is not None:
        wanted = wanted.where(RollEntry.unit_id == unit)
    count = session.scalar(select(func.count()).select_from(wanted.with_only_columns(User.id).subquery())) or 0
    pages = max(1, -(-count // PAGE))
    number = min(number, pages)
    return Page(session.execute(wanted.limit(PAGE).offset((number - 1) * PAGE)).all(), number, pages)


def whole_roll(mission_id: UUID) -> Sequence[Any]:
    """Everybody on the roll, by number."""
    return session.execute(_of(mission_id)).all()


def units(mission_id: UUID) -> Sequence[Any]:
    """``(Unit, how many trainees are in it, its force)``, by force, region and name; one statement."""
    return session.execute(
        select(Unit, func.count(RollEntry.user_id), HostForce.name.label("force"))
        .join(HostForce, HostForce.id == Unit.force_id)
        .outerjoin(RollEntry, RollEntry.unit_id == Unit.id)
        .where(Unit.mission_id == mission_id)
        .group_by(Unit.id, HostForce.id)
        .order_by(HostForce.id, Unit.region, Unit.name)
    ).all()


def forces(mission_id: UUID) -> Sequence[Any]:
    """``(id, name)`` of the forces that the mission works with, the first entered first."""
    return session.execute(
        select(HostForce.id, HostForce.name)
        .where(HostForce.mission_id == mission_id, HostForce.retired_on.is_(None))
        .order_by(HostForce.id)
    ).all()


def refused(brought: RollImport) -> Sequence[RollRow]:
    """The first lines that cannot be taken, or were not."""
    return session.scalars(
        select(RollRow)
        .where(RollRow.import_id == brought.id, (RollRow.plan == Plan.REFUSE) | (RollRow.outcome == "refused"))
        .order_by(RollRow.line)
        .limit(MOST_SHOWN)
    ).all()


def imports(mission: Mission, user_id: UUID) -> Sequence[RollImport]:
    """The person's own files of this mission from the last days, newest first."""
    return session.scalars(
        select(RollImport)
        .where(RollImport.mission_id == mission.id, RollImport.brought_by == user_id)
        .order_by(RollImport.brought_at.desc())
        .limit(10)
    ).all()


def exports(mission: Mission) -> Sequence[Any]:
    """The mission's latest exports, newest first: ``(RollExport, who asked, who approved)``; one statement."""
    asker, approver = aliased(User), aliased(User)
    return session.execute(
        select(RollExport, asker.username, approver.username)
        .join(asker, asker.id == RollExport.asked_by)
        .outerjoin(approver, approver.id == RollExport.approved_by)
        .where(RollExport.mission_id == mission.id)
        .order_by(RollExport.asked_at.desc(), RollExport.id.desc())
        .limit(30)
    ).all()
