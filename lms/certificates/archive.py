"""The certificates of one issuing in one file to carry away: made once, there for a day, no names in it."""

import os
import zipfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.accounts.models import User
from lms.certificates.models import Credential, Issuing, IssuingRow
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_

LIFETIME = timedelta(days=1)


def path_of(data: Path, issuing_id: UUID) -> Path:
    """Where the archive lies."""
    return data / "archives" / f"{issuing_id}.zip"


def is_ready(issuing: Issuing) -> bool:
    """Whether the archive can be had now."""
    return issuing.archive_until is not None and clock.now() < issuing.archive_until


def ask(issuing: Issuing, *, by: UUID) -> None:
    """Have the archive made, if it is not there or being made."""
    if issuing.done_at is None:
        raise DomainError(N_("The certificates are not all issued yet."))
    if is_ready(issuing) or issuing.packing_at is not None:
        return
    issuing.packing_at, issuing.packed, issuing.archive_until = clock.now(), 0, None
    audit.record("certificates.archive_asked", actor_id=by, object_id=issuing.id)
    jobs.enqueue("certificates.pack", f"pack {issuing.id}", issuing_id=str(issuing.id))


def contents(issuing_id: UUID) -> list[tuple[UUID, str]]:
    """``(certificate, name of its file)`` in order; the names are numbers."""
    rows: Iterable[Any] = session.execute(
        select(Credential.id, Credential.code, User.number)
        .join(IssuingRow, IssuingRow.credential_id == Credential.id)
        .join(User, User.id == Credential.user_id)
        .where(IssuingRow.issuing_id == issuing_id, Credential.revoked_at.is_(None))
        .order_by(IssuingRow.place)
    )
    return [(row.id, f"{row.number}_{row.code}.pdf" if row.number else f"{row.code}.pdf") for row in rows]


def write(path: Path, entries: Iterable[tuple[UUID, str]], file_of: Callable[[UUID], Path]) -> None:
    """Write the archive, whole or not at all; one certificate is in memory at a time."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
                for credential_id, name in entries:
                    made.write(file_of(credential_id), name)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def forget_old(data: Path) -> None:
    """Take away archives whose day is over, and parts of those that were cut short."""
    over = session.scalars(select(Issuing).where(Issuing.archive_until <= clock.now()).limit(50))
    for issuing in over:
        path_of(data, issuing.id).unlink(missing_ok=True)
        issuing.archive_until = None
    for part in (data / "archives").glob(".*.part"):
        if part.stat().st_mtime < (clock.now() - LIFETIME).timestamp():
            part.unlink(missing_ok=True)
