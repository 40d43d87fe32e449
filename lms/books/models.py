"""Books that were asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Book(Base):
    """A course as one file, made once for all who ask: of a published version, or of a draft of a mission.

    ``document`` holds a draft's words as they stood, until they are printed; ``sha256`` is set when the book is there.
    """

    __tablename__ = "book"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # What is in it: two who ask for the same have one book.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("course_version.id"))
    mission_id: Mapped[UUID | None] = mapped_column(ForeignKey("mission.id"))
    document: Mapped[str | None]
    file_name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(8))
    answers: Mapped[bool]
    sha256: Mapped[str | None] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    failed: Mapped[bool] = mapped_column(default=False)
