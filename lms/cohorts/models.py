"""A cohort and the places in it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Cohort(Base):
    """Trainees of one mission who take one course version between two dates."""

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


class JoinCode(Base):
    """A short code with which people ask for a place in a cohort, until it ends or is turned off."""

    __tablename__ = "join_code"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    ends_at: Mapped[datetime]


class JoinRequest(Base):
    """Somebody who waits: the mentor sees the ticket, the phone holds the token, nothing says who it is."""

    __tablename__ = "join_request"
    __table_args__ = (UniqueConstraint("cohort_id", "ticket"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    ticket: Mapped[str] = mapped_column(String(4))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
