"""Missions, their people, and their law."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.core import policy
from lms.core.db import session
from lms.missions.models import AssistanceRequest, Deployment, LocalLaw, Mission, RollEntry


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
