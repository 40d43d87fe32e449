"""A cohort, the places in it, the queue for them, and who teaches it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Cohort(Base):
    """Trainees of one mission who take one course version between two dates.

    ``schedule`` is ``{activity id: {"opens": day, "due": day}}``, in days from the first one; either may be absent.
    """

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint("ends >= begins", name="dates_in_order"),
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        UniqueConstraint("mission_id", "title"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    title: Mapped[str] = mapped_column(String(120))
    begins: Mapped[date]
    ends: Mapped[date]
    capacity: Mapped[int]
    schedule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # Beyond the course's own: ``{"also": [slug], "without": {slug: reason}}``.
    prerequisites: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # From then on nothing in it changes, but by a correction.
    closed_at: Mapped[datetime | None]


class Leaving(StrEnum):
    """Why a trainee leaves; a list, so that nobody writes down what could harm them."""

    DUTY = "duty"
    POSTED = "posted"
    WISH = "wish"
    STAYED_AWAY = "stayed_away"
    MISTAKE = "mistake"
    OTHER = "other"


class CohortLead(Base):
    """Who answers for a cohort until it is handed over; every mentor of the mission may work with it."""

    __tablename__ = "cohort_lead"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))


class Enrolment(Base):
    """A trainee's place in a cohort; it stays on the course version it began with."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "user_id"), Index("ix_enrolment_user", "user_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    # The course's language for this trainee; absent: the interface's, else the course's source.
    language: Mapped[str | None] = mapped_column(String(8))
    enrolled_at: Mapped[datetime] = mapped_column(default=clock.now)
    left_at: Mapped[datetime | None]
    left_because: Mapped[str | None] = mapped_column(String(16))
    # More days for everything that is due, and more time in tests, in percent.
    extension_days: Mapped[int] = mapped_column(default=0, server_default="0")
    extra_time: Mapped[int] = mapped_column(default=0, server_default="0")
    # Read once, however many ask for its dates and for what comes first.
    cohort: Mapped[Cohort] = relationship(viewonly=True)


class Waiver(Base):
    """A course that is asked of one trainee no longer, and why; until it is taken back, which has a reason too."""

    __tablename__ = "waiver"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    course_slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    taken_back_at: Mapped[datetime | None]
    taken_back_because: Mapped[str | None] = mapped_column(String(300))


class Waiting(Base):
    """A trainee in the queue for a place; who asked first is first."""

    __tablename__ = "waiting"
    __table_args__ = (UniqueConstraint("cohort_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)


class Teaching(Base):
    """A local instructor's part in a cohort; their rights over it last until they are taken off or it closes."""

    __tablename__ = "teaching"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)


class Correction(Base):
    """A while in which one person may change a closed cohort, and why."""

    __tablename__ = "correction"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(String(300))
    begins_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime]


class JoinCode(Base):
    """A short code with which people ask for a place in a cohort, until it ends or is turned off."""

    __tablename__ = "join_code"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    ends_at: Mapped[datetime]


class JoinRequest(Base):
    """Somebody who waits: the mentor sees the ticket, the phone holds the token, nothing says who it is.

    ``asked_by`` is who asked while signed in; ``user_id`` who was let in, and then the same or a new account.
    """

    __tablename__ = "join_request"
    __table_args__ = (UniqueConstraint("cohort_id", "ticket"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    ticket: Mapped[str] = mapped_column(String(4))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
