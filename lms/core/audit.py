"""The audit trail: who did what to what, and when; rows are added and never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base, session
from lms.core.ids import new_id


class AuditEvent(Base):
    """One act worth answering for; ``detail`` holds ids and counts, never names or free text."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    object_id: Mapped[UUID | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(action: str, *, actor_id: UUID | None, object_id: UUID | None = None, **detail: object) -> None:
    """Note an act in the transaction that does it."""
    session.add(AuditEvent(actor_id=actor_id, action=action, object_id=object_id, detail=detail))
