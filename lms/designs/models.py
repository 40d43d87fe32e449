"""How a mission's certificates look, and who stands on them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base
from lms.core.ids import new_id


class CertificateDesign(Base):
    """A mission's choice; without a row certificates have the first design on A4.

    ``languages`` are one to three, the leading one first; none means the mission's. ``signatories`` are pairs of name
    (may be empty) and post. ``mark`` is the mission's own picture, as it was written anew.
    """

    __tablename__ = "certificate_design"

    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), primary_key=True)
    design: Mapped[str] = mapped_column(String(12))
    paper: Mapped[str] = mapped_column(String(8))
    languages: Mapped[list[str]]
    signatories: Mapped[list[Any]]
    mark: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class CertificatePartner(Base):
    """A partner who stands on certificates that are issued in a range of days; no first or last day is open.

    ``partner`` is a code of ``missions.partners``, whose name follows its dates; else ``name`` stands there as it is.
    """

    __tablename__ = "certificate_partner"
    __table_args__ = (CheckConstraint("ends >= begins", name="dates_in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    partner: Mapped[str | None] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    mark: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    def stands_on(self, day: date) -> bool:
        """Whether it stands on a certificate of that day."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)
