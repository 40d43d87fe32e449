"""Certificates that were issued, what assessors saw before, and issuing many at once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import new_id
from lms.credentials.status import Place


class Credential(Base):
    """A certificate; what it says is copied here, so that it outlives course and cohort.

    ``code`` is public and unguessable: 12 of 30 characters, 58.9 bits. ``kind`` is one of ``library.awards.KINDS``,
    ``level`` is on the rating scale (1 to 4). ``renews_id`` is the one that it follows: each is followed once.
    ``score`` is the final mark from 0 to 1. ``document`` is the signed text, kept from when it was first made;
    ``sealing.document_of`` has it before that too.
    """

    __tablename__ = "credential"
    __table_args__ = (
        Index("uq_credential_status_place", "status_list", "status_index", unique=True),
        # One of each kind for a place in a cohort, its renewals apart.
        Index(
            "uq_credential_first",
            "enrolment_id",
            "kind",
            unique=True,
            sqlite_where=text("renews_id IS NULL"),
            postgresql_where=text("renews_id IS NULL"),
        ),
        Index("ix_credential_mission_end", "mission_id", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(14), unique=True)
    kind: Mapped[str] = mapped_column(String(12), default="completion", server_default="completion")
    level: Mapped[int | None]
    renews_id: Mapped[UUID | None] = mapped_column(ForeignKey("credential.id"), unique=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    course_code: Mapped[str] = mapped_column(String(8))
    course_title: Mapped[dict[str, str]]
    hours: Mapped[int]
    score: Mapped[float | None]
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]
    # When its holder is told next that it ends.
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    revoked_because: Mapped[str | None] = mapped_column(String(300))
    suspended_at: Mapped[datetime | None]
    suspended_because: Mapped[str | None] = mapped_column(String(300))
    # Since when its holder hides it from who looks up numbers, and how often others checked it.
    hidden_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(server_default="0")
    status_list: Mapped[int] = mapped_column(server_default="0")
    status_index: Mapped[int] = mapped_column(server_default="0")
    document: Mapped[str | None] = mapped_column(Text, deferred=True)
    # Keyed fingerprint of the holder as printed: a name that is corrected later stands on no paper.
    printed_for: Mapped[str | None] = mapped_column(String(64))

    @property
    def place(self) -> Place:
        """Where its bits are in the status lists."""
        return Place(self.status_list, self.status_index)

    @property
    def status(self) -> str:
        """``valid`` (through the last day, in UTC), ``expired``, ``suspended`` or ``revoked``, now."""
        if self.revoked_at is not None:
            return "revoked"
        if self.suspended_at is not None:
            return "suspended"
        if self.expires_at is not None and self.expires_at.date() < clock.today():
            return "expired"
        return "valid"


class Attestation(Base):
    """What one assessor saw of a trainee at work on one day; added to and never changed.

    ``levels`` are by observation item: 1 to 4 on the rating scale, 0 for a breach; what was not seen is absent.
    ``taught``: the assessor saw the trainee teach. No case facts, no words about people.
    """

    __tablename__ = "attestation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    observed_on: Mapped[date]
    levels: Mapped[dict[str, Any]]
    taught: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Issuing(Base):
    """Certificates of one kind for a cohort: tried dry, then issued in steps that can be cut short.

    ``asked_by`` tried it dry. With ``needs_two`` somebody else than they and ``proposed_by`` approves it before
    anything is issued, or refuses it with a reason. ``packed`` counts the files in the archive so far; the archive is
    there until ``archive_until``.
    """

    __tablename__ = "issuing"
    __table_args__ = (
        CheckConstraint(
            "NOT needs_two OR ((started_by IS NULL OR (proposed_by IS NOT NULL AND started_by <> proposed_by "
            "AND started_by <> asked_by)) "
            "AND (refused_by IS NULL OR (refused_by <> proposed_by AND refused_by <> asked_by)))",
            name="two_people",
        ),
        Index("ix_issuing_mission", "mission_id", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mission_id: Mapped[UUID] = mapped_column(ForeignKey("mission.id"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    needs_two: Mapped[bool]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime | None]
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime | None]
    refused_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    refused_at: Mapped[datetime | None]
    refused_because: Mapped[str | None] = mapped_column(String(300))
    done_at: Mapped[datetime | None]
    packing_at: Mapped[datetime | None]
    packed: Mapped[int] = mapped_column(default=0)
    archive_until: Mapped[datetime | None]


class IssuingRow(Base):
    """One trainee of it: why not, or what became of it.

    ``lacks`` are what was missing, as ``eligibility.Lack.kept``. ``outcome`` is ``issued``, ``known`` (there was one
    already), ``refused`` or ``failed`` (it could not be made); it is set in the transaction that issues, so that what
    was cut short goes on where it stopped.
    """

    __tablename__ = "issuing_row"
    __table_args__ = (UniqueConstraint("issuing_id", "enrolment_id"),)

    issuing_id: Mapped[UUID] = mapped_column(ForeignKey("issuing.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    lacks: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[str | None] = mapped_column(String(8))
    credential_id: Mapped[UUID | None] = mapped_column(ForeignKey("credential.id"))


class KeptPdf(Base):
    """Which file is the certificate: the same bytes are served for good, or until they are lost and printed anew.

    What was handed out before ``replaced_at`` is still known as issued here.
    """

    __tablename__ = "kept_pdf"
    __table_args__ = (
        Index(
            "uq_kept_pdf_served",
            "credential_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credential.id"), index=True)
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)
    replaced_at: Mapped[datetime | None]


class Unprinted(Base):
    """A certificate that could not be printed so far, until it is; ``waits``: only for the timestamp service.

    ``tries`` are those that failed for another reason.
    """

    __tablename__ = "unprinted"

    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credential.id"), primary_key=True)
    tries: Mapped[int]
    tried_at: Mapped[datetime]
    waits: Mapped[bool]
