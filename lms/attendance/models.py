"""A session in a room; who was there stands in the ledger."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import code, new_id


class TrainingSession(Base):
    """A cohort's meeting at a venue.

    ``day``, ``begins``, ``ends`` and ``zone`` (an IANA name) are what was agreed, on the clock on the wall there;
    ``starts_at`` and ``ends_at`` are the instants that follow from them. ``revision`` counts changes that calendars
    must learn of.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        Index("ix_training_session_cohort_start", "cohort_id", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    topic: Mapped[str] = mapped_column(String(120))
    venue: Mapped[str] = mapped_column(String(120))
    # What calendars outside may show of the venue: "B2".
    venue_code: Mapped[str] = mapped_column(String(12))
    day: Mapped[date]
    begins: Mapped[time]
    ends: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    trainer_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    # What the room's codes are made with; nobody is ever shown it.
    code_key: Mapped[str] = mapped_column(String(32), default=lambda: code(32))
    check_in_until: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    cancelled_at: Mapped[datetime | None]

    @property
    def activity_id(self) -> str:
        """Under which its attendance stands in the ledger; no activity of a course is called so."""
        return f"session:{self.id}"


class SpotCount(Base):
    """How many people somebody counted in the room; counting again is another row."""

    __tablename__ = "spot_count"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("training_session.id"), index=True)
    people: Mapped[int]
    counted_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    counted_at: Mapped[datetime] = mapped_column(default=clock.now)


class CalendarFeed(Base):
    """A person's calendar address; only the hash of its token is kept, and a new address ends the old one."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
