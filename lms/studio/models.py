"""Drafts of courses, part by part, with the whole history of each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Draft(Base):
    """A course being written for a mission; ``title`` and ``code`` are read from its parts for lists.

    ``submitted_at`` is set while it is in review, ``version_id`` is the version it was last published as.
    """

    __tablename__ = "draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str] = mapped_column(String(8))
    title: Mapped[dict[str, str]]
    source_language: Mapped[str] = mapped_column(String(8))
    languages: Mapped[list[str]]
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("course_version.id"))
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("course_version.id"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    note: Mapped[str | None]


class Part(Base):
    """One part of a draft as it stands: JSON, or a lesson's Markdown; ``number`` is its optimistic lock."""

    __tablename__ = "draft_part"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    number: Mapped[int]
    content: Mapped[str]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime]


class Revision(Base):
    """What a part was; ``number`` has gaps where one person's typing was gathered into one revision."""

    __tablename__ = "draft_revision"
    __table_args__ = (ForeignKeyConstraint(["draft_id", "key"], ["draft_part.draft_id", "draft_part.key"]),)

    draft_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str]
    typed: Mapped[bool]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime]


class Translated(Base):
    """From which words of the source language a part was last translated; other words make it stale."""

    __tablename__ = "draft_translated"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


class Asset(Base):
    """A file that a draft's texts may show as ``media/<name>``."""

    __tablename__ = "draft_asset"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    type: Mapped[str] = mapped_column(String(40))
    bytes: Mapped[int]
    alt: Mapped[str]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)


class Comment(Base):
    """What a reviewer or a co-author says of a draft, or of one of its parts."""

    __tablename__ = "draft_comment"
    __table_args__ = (Index("ix_draft_comment_draft", "draft_id", "written_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"))
    activity_id: Mapped[str | None] = mapped_column(String(64))
    words: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    resolved_at: Mapped[datetime | None]
