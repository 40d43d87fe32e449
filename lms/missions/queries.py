"""Missions, their people, and their law."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.core import policy
from lms.core.db import session
from lms.missions.models import (
    AssistanceRequest,
    Deployment,
    Establishment,
    HostForce,
    LocalLaw,
    Mission,
    RollEntry,
    Unit,
)


def visible(user: User) -> Sequence[Mission]:
    """The missions that the person may see, newest mandate first."""
    return session.scalars(
        select(Mission).where(policy.where(user, "missions.see")).order_by(Mission.mandate_begins.desc(), Mission.title)
    ).all()


def deployments(mission: Mission) -> Sequence[Any]:
    """Who is, was or will be deployed, latest first: ``(id, username, role, begins, ends)``."""
    return session.execute(
        select(Deployment.id, User.username, User.role, Deployment.begins, Deployment.ends)
        .join(User, User.id == Deployment.user_id)
        .where(Deployment.mission_id == mission.id)
        .order_by(Deployment.begins.desc(), User.username)
    ).all()


def trainees_on_roll(mission: Mission) -> int:
    """How many trainees stand on the nominal roll."""
    return session.scalar(select(func.count()).select_from(RollEntry).where(RollEntry.mission_id == mission.id)) or 0


def law(mission_id: UUID, course_slug: str, lesson_id: str) -> dict[str, LocalLaw]:
    """What the mission says of the law on a lesson's matter, by language."""
    rows = session.scalars(
        select(LocalLaw).where(
            LocalLaw.mission_id == mission_id, LocalLaw.course_slug == course_slug, LocalLaw.lesson_id == lesson_id
        )
    )
    return {row.language: row for row in rows}


def stated(mission: Mission, course_slug: str) -> set[tuple[str, str]]:
    """``(lesson id, language)`` of every law block that the mission has filled in for a course."""
    rows = session.execute(
        select(LocalLaw.lesson_id, LocalLaw.language).where(
            LocalLaw.mission_id == mission.id, LocalLaw.course_slug == course_slug
        )
    )
    return {(lesson_id, language) for lesson_id, language in rows}


def requests() -> Sequence[AssistanceRequest]:
    """All requests for assistance, newest first."""
    return session.scalars(
        select(AssistanceRequest).order_by(AssistanceRequest.received_on.desc(), AssistanceRequest.id.desc())
    ).all()


@dataclass(frozen=True)
class Force:
    """A force with its newest count, its earlier ones, and its units as ``(region, name, strength, women)``."""

    row: HostForce
    counts: Sequence[Establishment]
    units: Sequence[Any]

    @property
    def newest(self) -> Establishment | None:
        """The newest count."""
        return self.counts[0] if self.counts else None

    @property
    def share_of_women(self) -> float | None:
        """Women among the posts at the newest count, from 0 to 1; ``None`` where that is not known."""
        newest = self.newest
        return newest.women / newest.posts if newest and newest.posts and newest.women is not None else None


def forces(mission_id: UUID) -> list[Force]:
    """The mission's forces, those that it works with first, with counts (newest first) and units; three statements."""
    rows = session.scalars(
        select(HostForce)
        .where(HostForce.mission_id == mission_id)
        .order_by(HostForce.retired_on.is_not(None), HostForce.id)
    ).all()
    counts: dict[UUID, list[Establishment]] = defaultdict(list)
    for counted in session.scalars(
        select(Establishment)
        .join(HostForce, HostForce.id == Establishment.force_id)
        .where(HostForce.mission_id == mission_id)
        .order_by(Establishment.day.desc())
    ):
        counts[counted.force_id].append(counted)
    units: dict[UUID, list[Any]] = defaultdict(list)
    for unit in session.scalars(select(Unit).where(Unit.mission_id == mission_id).order_by(Unit.region, Unit.name)):
        units[unit.force_id].append(unit)
    return [Force(row, counts[row.id], units[row.id]) for row in rows]


def force_names(mission_id: UUID) -> Sequence[str]:
    """The forces that the mission works with, by name alone, the first entered first; one statement."""
    return session.scalars(
        select(HostForce.name)
        .where(HostForce.mission_id == mission_id, HostForce.retired_on.is_(None))
        .order_by(HostForce.id)
    ).all()


def establishment(mission_id: UUID) -> tuple[int, int] | None:
    """``(posts, women)`` in the forces that the mission works with, at their newest counts.

    ``None`` where a force was never counted or its women are not known: a sum of what is known would mislead.
    """
    newest = (
        select(func.max(Establishment.day))
        .where(Establishment.force_id == HostForce.id)
        .correlate(HostForce)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Establishment.posts, Establishment.women)
        .select_from(HostForce)
        .outerjoin(Establishment, (Establishment.force_id == HostForce.id) & (Establishment.day == newest))
        .where(HostForce.mission_id == mission_id, HostForce.retired_on.is_(None))
    ).all()
    known = [(posts, women) for posts, women in rows if posts is not None and women is not None]
    if not rows or len(known) < len(rows):
        return None
    return sum(posts for posts, _ in known), sum(women for _, women in known)


def force_of(mission_id: UUID, user_id: UUID) -> str | None:
    """The force in which a trainee serves by the roll; ``None`` where the roll does not say."""
    return session.scalar(
        select(HostForce.name)
        .join(Unit, Unit.force_id == HostForce.id)
        .join(RollEntry, RollEntry.unit_id == Unit.id)
        .where(RollEntry.mission_id == mission_id, RollEntry.user_id == user_id)
    )
