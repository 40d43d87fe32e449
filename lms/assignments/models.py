"""What trainees hand in."""

from datetime import datetime
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
