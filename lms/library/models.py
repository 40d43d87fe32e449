"""Courses and their immutable versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Course(Base):
    """What all versions of a course have in common."""

    __tablename__ = "course"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    # A course written by a mission is that mission's own; one without is for all.
    mission_id: Mapped[UUID | None] = mapped_column(ForeignKey("mission.id"))


class CourseMedia(Base):
    """Which course shows a file, and so who may fetch it."""

    __tablename__ = "course_media"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)


class CourseVersion(Base):
    """A published course document, never changed; the columns beside ``document`` are read from it for lists.

    ``size`` is what the course weighs in bytes, pictures and sound included.
    """

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"), UniqueConstraint("course_id", "content_hash"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[str]
    code: Mapped[str] = mapped_column(String(8))
    title: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]]
    languages: Mapped[list[str]]
    topics: Mapped[list[str]]
    hours: Mapped[int]
    size: Mapped[int]
    # What is new, in the words of who published it.
    changes: Mapped[str | None]
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
