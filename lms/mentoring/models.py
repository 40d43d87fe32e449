"""Notes and action plans on one person of a mission; what they say is sealed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id
from lms.core.sealed import Sealed


class MentoringNote(Base):
    """What a mentor saw of a person's work on a day; the person reads it from ``shared_at`` on.

    What it says is its newest wording. Struck out, it stays and can still be read, with the reason.
    """

    __tablename__ = "mentoring_note"
    __table_args__ = (Index("ix_mentoring_note_person", "user_id", "mission_id", "day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    day: Mapped[date]
    competency: Mapped[str | None] = mapped_column(String(3))
    shared_at: Mapped[datetime | None]
    struck_at: Mapped[datetime | None]
    struck_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    struck_because: Mapped[str | None] = mapped_column(Sealed)


class NoteWording(Base):
    """A wording of a note; rows are added and never changed."""

    __tablename__ = "note_wording"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("mentoring_note.id"), index=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    text: Mapped[str | None] = mapped_column(Sealed)


class PlanStatus(StrEnum):
    """How an action plan stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ActionPlan(Base):
    """What is missing, what is done about it until when, and what will show that it worked.

    ``owner_id`` is the mentor or manager who sees to it. It is looked at again on ``next_review``, every month.
    """

    __tablename__ = "action_plan"
    __table_args__ = (
        Index("ix_action_plan_person", "user_id", "mission_id"),
        Index("ix_action_plan_mission", "mission_id", "status", "due"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    gap: Mapped[str | None] = mapped_column(Sealed)
    action: Mapped[str | None] = mapped_column(Sealed)
    evidence: Mapped[str | None] = mapped_column(Sealed)
    due: Mapped[date]
    next_review: Mapped[date]
    status: Mapped[str] = mapped_column(String(8), default=PlanStatus.OPEN.value)


class PlanEntry(Base):
    """A step of a plan: ``opened``, ``reviewed``, ``moved`` to another owner, ``done`` or ``dropped``; never changed.

    ``due`` and ``owner_id`` are those that held from then on.
    """

    __tablename__ = "plan_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("action_plan.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    due: Mapped[date]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str | None] = mapped_column(Sealed)


class MentoringComment(Base):
    """What the person says to a note that is shared with them, or to their plan; never changed."""

    __tablename__ = "mentoring_comment"
    __table_args__ = (CheckConstraint("(note_id IS NULL) <> (plan_id IS NULL)", name="on_one_thing"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("mentoring_note.id"), index=True)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("action_plan.id"), index=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    text: Mapped[str | None] = mapped_column(Sealed)
