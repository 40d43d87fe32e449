"""Threads, the posts in them, what one has read, and how one wants to be told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Kind(StrEnum):
    """What a thread is."""

    ANNOUNCEMENT = "announcement"
    QUESTION = "question"
    NOTICE = "notice"
    RESULT = "result"


class Thread(Base):
    """An announcement to a cohort, a trainee's question on an activity, or what one trainee is told.

    ``shared`` lets the whole cohort read it. A result, of a trainee's answers at an activity, and a notice, which no
    person wrote, are begun by the trainee whose they are: nobody else reads them.
    """

    __tablename__ = "thread"
    __table_args__ = (Index("ix_thread_cohort", "cohort_id", "last_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    kind: Mapped[str] = mapped_column(String(12))
    activity_id: Mapped[str | None] = mapped_column(String(64))
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    shared: Mapped[bool]
    # Whether a mentor has answered since the trainee last wrote; an announcement waits for nothing.
    answered: Mapped[bool]


class Post(Base):
    """Words in a thread; hidden ones stay on record and are shown to nobody but who teaches."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_thread", "thread_id", "written_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id"))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    words: Mapped[str]
    hidden_at: Mapped[datetime | None]


class Opened(Base):
    """Up to when someone has read a thread; nobody else is told."""

    __tablename__ = "thread_opened"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    opened_at: Mapped[datetime]


class Notice(Base):
    """An address that a person gave to be told of messages; sealed, and used only once it is confirmed."""

    __tablename__ = "message_notice"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    address_sealed: Mapped[bytes]
    confirmed_at: Mapped[datetime | None]
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
    # In days, 0 for never; and the kinds of threads of which no mail tells. The inbox shows them all.
    every: Mapped[int] = mapped_column(default=1, server_default="1")
    leaves_out: Mapped[list[str]] = mapped_column(default=list)
