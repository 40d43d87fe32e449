"""The ways that trainees take through scenarios."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class Run(Base):
    """One way through a scenario: ``path`` is the ids of the choices taken; ``outcome`` is set at its end."""

    __tablename__ = "scenario_run"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    activity_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    path: Mapped[list[Any]] = mapped_column(default=list)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
