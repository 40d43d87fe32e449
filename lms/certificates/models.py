"""Certificates that were issued."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id
from lms.credentials.status import Place


class Credential(Base):
    """A certificate of completion; what it says is copied here, so that it outlives course and cohort.

    ``code`` is public and unguessable: 12 of 30 characters, 58.9 bits. ``document`` is the signed text, kept from
    when it was first made; ``sealing.document_of`` has it before that too.
    """

    __tablename__ = "credential"
    __table_args__ = (Index("uq_credential_status_place", "status_list", "status_index", unique=True),)

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
    suspended_at: Mapped[datetime | None]
    suspended_because: Mapped[str | None] = mapped_column(String(300))
    status_list: Mapped[int] = mapped_column(server_default="0")
    status_index: Mapped[int] = mapped_column(server_default="0")
    document: Mapped[str | None] = mapped_column(Text, deferred=True)

    @property
    def place(self) -> Place:
        """Where its bits are in the status lists."""
        return Place(self.status_list, self.status_index)

    @property
    def status(self) -> str:
        """``valid``, ``expired``, ``suspended`` or ``revoked``, now."""
        if self.revoked_at is not None:
            return "revoked"
        if self.suspended_at is not None:
            return "suspended"
        if self.expires_at is not None and self.expires_at <= clock.now():
            return "expired"
        return "valid"
