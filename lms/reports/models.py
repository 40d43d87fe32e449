"""What mentors learnt of a course, a closed cohort's figures by sex, and the reports that were printed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Learnt(Base):
    """What the mentors of a cohort learnt, in their own words; ``revision`` counts the times that it was saved."""

    __tablename__ = "learnt"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class KeptBySex(Base):
    """What the report of a closed cohort shows by sex, as ``by_sex`` writes it, and when that was so.

    Counts alone, and none that the report holds back; nothing here is about a person.
    """

    __tablename__ = "kept_by_sex"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    figures: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class PrintedReport(Base):
    """The newest report at a cohort's end on paper, in one language, with or without the list of trainees.

    ``sha256`` is set when it is there, and taken away when it is asked for again.
    """

    __tablename__ = "printed_report"
    __table_args__ = (UniqueConstraint("cohort_id", "language", "listed"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    language: Mapped[str] = mapped_column(String(8))
    listed: Mapped[bool]
    sha256: Mapped[str | None] = mapped_column(String(64))
    failed: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
