"""A mission, its people, and what it says of the law in force."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id


class HostForce(Base):
    """A police force, gendarmerie or prison service that a mission works with; its units belong to it."""

    __tablename__ = "host_force"
    __table_args__ = (UniqueConstraint("mission_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))
    retired_on: Mapped[date | None]


class Mission(Base):
    """Police assistance to one or more host forces, by request, for the dates of a mandate."""

    __tablename__ = "mission"
    __table_args__ = (CheckConstraint("mandate_ends >= mandate_begins", name="mandate_in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(120), unique=True)
    host_country: Mapped[str] = mapped_column(String(80))
    requested_by: Mapped[str] = mapped_column(String(120))
    mandate_begins: Mapped[date]
    mandate_ends: Mapped[date]
    languages: Mapped[list[str]]
    # A real name is kept, encrypted, only where the host force wants it on its certificates.
    keeps_names: Mapped[bool] = mapped_column(default=False)
    # A certificate is proposed by one person and approved by another; trainees do not fetch it by themselves.
    two_to_issue: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Who asks that one person be enough; it is so when somebody else of the mission agrees.
    one_asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    # The terms of reference, a PDF among the kept files.
    terms_sha256: Mapped[str | None] = mapped_column(String(64))
    terms_kept_on: Mapped[date | None]
    # The force that a page names where there is room for one: the first of those that the mission still works with.
    host_force: Mapped[str] = column_property(
        select(HostForce.name)
        .where(HostForce.mission_id == id)
        .order_by(HostForce.retired_on.is_not(None), HostForce.id)
        .limit(1)
        .correlate_except(HostForce)
        .scalar_subquery()
    )


class Establishment(Base):
    """How many posts a force had on a day, and how many women held one; absent is not known."""

    __tablename__ = "establishment"
    __table_args__ = (
        UniqueConstraint("force_id", "day"),
        CheckConstraint("women IS NULL OR women <= posts", name="women_among_posts"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    force_id: Mapped[UUID] = mapped_column(ForeignKey("host_force.id"))
    day: Mapped[date]
    posts: Mapped[int]
    women: Mapped[int | None]


class AssistanceRequest(Base):
    """A request for police assistance: received, assessed, then accepted or declined; a mission may come of it.

    ``assessed_by`` and ``decided_by`` are partners, see ``partners.py``.
    """

    __tablename__ = "assistance_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    asked_by_kind: Mapped[str] = mapped_column(String(12))
    asked_by: Mapped[str] = mapped_column(String(120))
    host_country: Mapped[str] = mapped_column(String(80))
    host_force: Mapped[str] = mapped_column(String(120))
    need: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    assessed_on: Mapped[date | None]
    assessed_by: Mapped[str | None] = mapped_column(String(12))
    assessment: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(String(12))
    accepted: Mapped[bool | None]
    reasons: Mapped[str] = mapped_column(Text, default="")
    mission_id: Mapped[UUID | None] = mapped_column(ForeignKey("mission.id"), unique=True)


class Deployment(Base):
    """A mentor's or manager's posting to a mission; their rights over it last from its first day to its last."""

    __tablename__ = "deployment"
    __table_args__ = (
        CheckConstraint("ends >= begins", name="dates_in_order"),
        Index("ix_deployment_person_dates", "user_id", "begins", "ends"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    begins: Mapped[date]
    ends: Mapped[date]


class Unit(Base):
    """A unit of a host force, where it is, and how many serve in it."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("mission_id", "region", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    force_id: Mapped[UUID] = mapped_column(ForeignKey("host_force.id"), index=True)
    region: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    strength: Mapped[int | None]
    women: Mapped[int | None]


class RollEntry(Base):
    """A trainee's place on a mission's nominal roll, and the little that is kept about them; absent is not known.

    ``languages`` are codes with spaces between.
    """

    __tablename__ = "roll_entry"

    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    sex: Mapped[str | None] = mapped_column(String(1))
    rank: Mapped[str | None] = mapped_column(String(12))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    languages: Mapped[str | None] = mapped_column(String(60))
    literacy: Mapped[str | None] = mapped_column(String(12))


class LocalLaw(Base):
    """What a mission says of the law in force on a lesson's matter, who checked it and when."""

    __tablename__ = "local_law"
    __table_args__ = (UniqueConstraint("mission_id", "course_slug", "lesson_id", "language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    course_slug: Mapped[str] = mapped_column(String(64))
    lesson_id: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str]
    # A post, not a person's name: "legal adviser, police academy".
    checked_by: Mapped[str] = mapped_column(String(120))
    checked_on: Mapped[date]
