"""Attempts at quizzes and final assessments, the responses in them, and what markers decide on short answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Attempt(Base):
    """One go at a test. ``paper`` is what was drawn: ``[{"question": id, "order": [ids as shown]}, …]``.

    ``deadline`` is this server's; ``score`` is scaled from 0 to 1 and set, with ``passed``, at submission.
    ``given_by`` is who reads it aloud and records the answers, where the trainee does not read them alone.
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
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))


class Response(Base):
    """The answer to one question of an attempt; ``position`` counts from 1; ``share`` is the part of its points."""

    __tablename__ = "response"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    flagged: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    share: Mapped[float | None]


class AnswerDecision(Base):
    """What a marker made of a short answer that the key does not know; it counts for all equal ones of the mission.

    ``question`` is the fingerprint of the question as it is worded, ``answer`` the answer as the key compares it,
    ``typed`` one of its spellings, ``share`` the part of the question's points. What is taken back stays on the trail;
    of what is in force there is one.
    """

    __tablename__ = "answer_decision"
    __table_args__ = (
        Index(
            "ix_answer_decision_in_force",
            "mission_id",
            "question",
            "answer",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    question_id: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(200))
    typed: Mapped[str] = mapped_column(String(200))
    share: Mapped[float]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    taken_back_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]


class UnmatchedAnswer(Base):
    """A short answer of an attempt handed in that the key does not know; ``decision_id`` is what counts for it."""

    __tablename__ = "unmatched_answer"
    __table_args__ = (Index("ix_unmatched_answer_equal", "mission_id", "question", "answer"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    question_id: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(200))
    typed: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("answer_decision.id"), index=True)
