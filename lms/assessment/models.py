"""Attempts at quizzes and final assessments, and the responses in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Attempt(Base):
    """One go at a test. ``paper`` is what was drawn: ``[{"question": id, "order": [ids as shown]}, …]``.

    ``deadline`` is this server's; ``score`` is scaled from 0 to 1 and set, with ``passed``, at submission.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "number"),
        Index("ix_attempt_open", "submitted_at", "deadline"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    activity_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    paper: Mapped[list[Any]]
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    deadline: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    score: Mapped[float | None]
    passed: Mapped[bool | None]


class Response(Base):
    """The answer to one question of an attempt; ``position`` counts from 1; ``share`` is the part of its points."""

    __tablename__ = "response"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    flagged: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    share: Mapped[float | None]
