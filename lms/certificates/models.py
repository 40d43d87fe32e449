"""Certificates that were issued."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Credential(Base):
    """A certificate of completion; what it says is copied here, so that it outlives course and cohort.

    ``code`` is public and unguessable: 12 of 30 characters, 58.9 bits.
    """

    __tablename__ = "credential"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(14), unique=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    course_code: Mapped[str] = mapped_column(String(8))
    course_title: Mapped[dict[str, str]]
    hours: Mapped[int]
    score: Mapped[float | None]
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    revoked_because: Mapped[str | None] = mapped_column(String(300))

    @property
    def status(self) -> str:
        """``valid``, ``expired`` or ``revoked``, now."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= clock.now():
            return "expired"
        return "valid"
