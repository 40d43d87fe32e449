"""The ledger of statements and the states folded from it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Verb(StrEnum):
    """What an actor did; the words of xAPI (ADL vocabulary), and RETURNED from Activity Streams."""

    INITIALIZED = "initialized"
    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    VOIDED = "voided"
    ATTENDED = "attended"
    SCORED = "scored"
    RETURNED = "returned"


class Statement(Base):
    """One thing that somebody did (xAPI 1.0.3, part 2, 2): never changed, never deleted.

    ``registration`` is the enrolment it belongs to; ``occurred_at`` is the device's claim, ``stored_at``
    this node's clock. ``score`` is scaled, from 0 to 1. A correction is a VOIDED statement whose
    ``context["statement"]`` names the one it takes back. An ATTENDED statement's ``context["mark"]`` is one of the
    last four of ``Status``, ``context["via"]`` how that was seen, ``context["by"]`` who says so. An attempt that was
    read aloud has "oral" in ``context["via"]``, and in ``context["by"]`` who recorded the answers. What was handed in
    for a mentor to judge is INITIALIZED, and PASSED, FAILED or RETURNED for another try, by ``context["hand_in"]``.
    A SCORED statement is a score that ``context["by"]`` set, whatever was earned; ``context["status"]`` is what it
    makes of the activity: ``completed`` or ``failed``.
    """

    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_fold", "registration", "activity_id"),
        # When somebody last came on, told from the index alone.
        Index("ix_statement_latest", "registration", "occurred_at", "verb"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    verb: Mapped[str] = mapped_column(String(12))
    registration: Mapped[UUID]
    activity_id: Mapped[str] = mapped_column(String(64))
    score: Mapped[float | None]
    context: Mapped[dict[str, Any]] = mapped_column(default=dict)
    occurred_at: Mapped[datetime] = mapped_column(default=clock.now)
    stored_at: Mapped[datetime] = mapped_column(default=clock.now)


class Status(StrEnum):
    """How far an enrolment has come with an activity, or how its session was attended.

    Where there is no state, nothing was begun, and nobody has marked. HANDED_IN waits for a mentor, GIVEN_BACK is the
    trainee's turn again.
    """

    STARTED = "started"
    HANDED_IN = "handed in"
    GIVEN_BACK = "given back"
    FAILED = "failed"
    COMPLETED = "completed"
    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"


MARKS = (Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT)


class ActivityState(Base):
    """What the statements on one activity of one enrolment amount to; made by the fold alone.

    ``score`` is the one that counts, ``earned`` the best that was earned; they differ only where somebody set another,
    at ``overridden_at``.
    """

    __tablename__ = "activity_state"
    # What each of a thousand has done, told from the index alone.
    __table_args__ = (Index("ix_activity_state_status", "registration", "status", "activity_id"),)

    registration: Mapped[UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    score: Mapped[float | None]
    attempts: Mapped[int]
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    aloud: Mapped[bool] = mapped_column(default=False, server_default=false())
    earned: Mapped[float | None]
    overridden_at: Mapped[datetime | None]
