"""Rolls that come as files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class RollImport(Base):
    """A file with a nominal roll, from its arrival until its last row is taken.

    The file may hold names, so it is sealed, and forgotten as soon as its columns are matched. ``columns`` maps what
    the roll keeps to the place of its column.
    """

    __tablename__ = "roll_import"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    brought_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    brought_at: Mapped[datetime] = mapped_column(default=clock.now)
    file_sealed: Mapped[bytes | None]
    headings: Mapped[list[str]]
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class RollRow(Base):
    """A line of the file: what it says, what the dry run makes of it, what became of it.

    ``outcome`` is set in the transaction that does it, so that a run that was cut short goes on where it stopped.
    """

    __tablename__ = "roll_import_row"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("roll_import.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[dict[str, Any]]
    plan: Mapped[str] = mapped_column(String(8))
    reason: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[str | None] = mapped_column(String(8))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))


class RollExport(Base):
    """A wish to take the whole roll out; somebody else approves it, and then it can be had for a day."""

    __tablename__ = "roll_export"
    __table_args__ = (CheckConstraint("approved_by <> asked_by", name="two_people"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    purpose: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]


class Slip(Base):
    """In which printing somebody's latest sign-in slip was made, so that it can be made again; never its password."""

    __tablename__ = "slip"
    __table_args__ = (Index("ix_slip_printing", "mission_id", "made_by"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    # What was printed at once has the same one.
    printing: Mapped[UUID]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
