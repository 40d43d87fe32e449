"""A handover and its items."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Handover(Base):
    """From a deployment that ends to one that goes on; a deployment is handed over once."""

    __tablename__ = "handover"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    leaving_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"), unique=True)
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)


class HandoverItem(Base):
    """One open matter.

    ``kind`` is ``cohort``, ``marking``, ``appeals``, ``answers`` or ``questions``, with the cohort's id; ``session``,
    with the session's; ``plan``, with the plan's; ``notes``, with the id of the person that they are on; or ``note``,
    written by hand. ``objection`` says what the successor still misses; an accepted item stays accepted, by whoever
    was the successor then.
    """

    __tablename__ = "handover_item"
    __table_args__ = (UniqueConstraint("handover_id", "kind", "object_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    object_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(String(160))
    count: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    objection: Mapped[str] = mapped_column(Text, default="")
