"""The weights of a cohort's marks, and scores that somebody set; both are added to and never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class GradeScheme(Base):
    """What counts in a cohort from ``at`` on: ``{activity id: weight}`` and the pass mark in percent.

    The newest one holds; a cohort without any has the course's default.
    """

    __tablename__ = "grade_scheme"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    weights: Mapped[dict[str, Any]]
    pass_mark: Mapped[int]
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class GradeOverride(Base):
    """A score from 0 to 1 that somebody set in place of what was earned, or took back (``score`` absent), and why.

    ``statement_id`` is what it put on record: the score, or the voiding of the one taken back.
    """

    __tablename__ = "grade_override"
    __table_args__ = (Index("ix_grade_override_of", "enrolment_id", "activity_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    activity_id: Mapped[str] = mapped_column(String(64))
    score: Mapped[float | None]
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    statement_id: Mapped[UUID] = mapped_column(unique=True)
