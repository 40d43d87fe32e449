"""What the studio's pages read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from lms.accounts.models import User
from lms.core import policy
from lms.core.db import session
from lms.missions.models import Mission
from lms.studio import parts
from lms.studio.models import Asset, Comment, Draft, Part, Revision, Translated


def visible(person: policy.Actor) -> Sequence[Any]:
    """``(draft, mission title)`` of the drafts that the person may write, changed last first; one statement."""
    return session.execute(
        select(Draft, Mission.title)
        .join(Mission, Mission.id == Draft.mission_id)
        .where(policy.where(person, "studio.write"))
        .order_by(Draft.changed_at.desc())
    ).all()


def missions(person: policy.Actor) -> Sequence[Mission]:
    """The missions that the person may write courses for."""
    return session.scalars(select(Mission).where(policy.where(person, "studio.create")).order_by(Mission.title)).all()


def settings(draft: Draft) -> dict[str, Any]:
    """The data of every JSON part by key, without questions and texts; one statement."""
    rows = session.execute(
        select(Part.key, Part.content).where(
            Part.draft_id == draft.id,
            Part.key.in_([parts.COURSE, parts.OUTLINE]) | Part.key.startswith("activity/"),
        )
    )
    return {row.key: parts.load(row.content) for row in rows}


def questions(draft: Draft) -> dict[str, Any]:
    """The data of every question by id; one statement."""
    rows = session.execute(
        select(Part.key, Part.content).where(Part.draft_id == draft.id, Part.key.startswith("question/"))
    )
    return {row.key.removeprefix("question/"): parts.load(row.content) for row in rows}


def history(draft: Draft, key: str) -> Sequence[Any]:
    """``(number, saved at, username)`` of a part's revisions, newest first."""
    return session.execute(
        select(Revision.number, Revision.saved_at, User.username)
        .join(User, User.id == Revision.saved_by)
        .where(Revision.draft_id == draft.id, Revision.key == key)
        .order_by(Revision.number.desc())
        .limit(100)
    ).all()


def revision(draft: Draft, key: str, number: int) -> str:
    """What a part was at a revision."""
    return session.scalars(
        select(Revision.content).where(Revision.draft_id == draft.id, Revision.key == key, Revision.number == number)
    ).one()


def content(draft: Draft, key: str) -> str:
    """What a part is now."""
    return session.scalars(select(Part.content).where(Part.draft_id == draft.id, Part.key == key)).one()


def assets(draft: Draft) -> Sequence[Asset]:
    """The draft's files by name."""
    return session.scalars(select(Asset).where(Asset.draft_id == draft.id).order_by(Asset.name)).all()


def comments(draft: Draft, activity_id: str | None = None) -> Sequence[Any]:
    """``(comment, username)``, oldest first: of the whole draft, or of one activity."""
    wanted = select(Comment, User.username).join(User, User.id == Comment.written_by)
    if activity_id is not None:
        wanted = wanted.where(Comment.activity_id == activity_id)
    return session.execute(wanted.where(Comment.draft_id == draft.id).order_by(Comment.written_at, Comment.id)).all()


def translated(draft: Draft) -> dict[tuple[str, str], str]:
    """The digest of the source words that each ``(part, language)`` was translated from."""
    rows = session.execute(
        select(Translated.key, Translated.language, Translated.digest).where(Translated.draft_id == draft.id)
    )
    return {(row.key, row.language): row.digest for row in rows}
