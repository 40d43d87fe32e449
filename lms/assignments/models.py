"""What trainees hand in."""

import json
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class HandIn(Base):
    """One try at an assignment.

    ``files`` is ``[{"sha256": …, "type": media type, "ending": …, "bytes": …}, …]``: names stay on the phone, as they
    often tell who or where. ``levels`` maps each criterion to the level chosen; it is set with ``score`` (scaled from
    0 to 1) and ``passed`` when a mentor has judged.
    """

    __tablename__ = "hand_in"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "number"),
        Index("ix_hand_in_waiting", "marked_at", "handed_in_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    activity_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]]
    handed_in_at: Mapped[datetime] = mapped_column(default=clock.now)
    levels: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    remark: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float | None]
    passed: Mapped[bool | None]
    marked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    marked_at: Mapped[datetime | None]
    appeal: Mapped[str | None] = mapped_column(Text)
    appealed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    @property
    def given_back(self) -> bool:
        """Whether it was given back for another try, without a mark."""
        return self.marked_at is not None and self.score is None

    @property
    def digest(self) -> str:
        """Which work this is: a form carries it, so that nobody judges what they have not seen."""
        work = json.dumps([self.words, self.files], sort_keys=True)
        return sha256(work.encode()).hexdigest()


class Judged(StrEnum):
    """What a judgement was for."""

    MARKED = "marked"
    GIVEN_BACK = "given back"
    SECOND = "second"
    REGRADED = "regraded"
    UPHELD = "upheld"


class Judgement(Base):
    """One judgement of a hand-in, never changed: the trail of its mark, and second marks for comparison.

    ``statement_id`` is what it put on record; a later judgement that takes its place voids that statement.
    """

    __tablename__ = "judgement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    hand_in_id: Mapped[UUID] = mapped_column(ForeignKey("hand_in.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    levels: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    remark: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float | None]
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    statement_id: Mapped[UUID | None]


class SavedRemark(Base):
    """Words that a mentor writes often, kept for that mentor alone."""

    __tablename__ = "saved_remark"
    __table_args__ = (UniqueConstraint("user_id", "words"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    words: Mapped[str] = mapped_column(String(300))
