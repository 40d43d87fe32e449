"""The certificates of one issuing in one file to carry away: made once, there for a day, no names in it."""

import zipfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from lms.certificates import bulk
from lms.certificates.models import Issuing
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.files import writing_whole
from lms.core.words import N_

LIFETIME = timedelta(days=1)


def path_of(data: Path, issuing_id: UUID) -> Path:
    """Where the archive lies."""
    return data / "archives" / f"{issuing_id}.zip"


def is_ready(issuing: Issuing, data: Path) -> bool:
    """Whether the archive can be had now."""
    lasts = issuing.archive_until is not None and clock.now() < issuing.archive_until
    return lasts and path_of(data, issuing.id).exists()


def ask(issuing: Issuing, *, data: Path, by: UUID) -> None:
    """Have the archive made, if it is not there or being made."""
    if issuing.done_at is None:
        raise DomainError(N_("The certificates are not all issued yet."))
    if is_ready(issuing, data) or issuing.packing_at is not None:
        return
    issuing.packing_at, issuing.packed, issuing.archive_until = clock.now(), 0, None
    audit.record("certificates.archive_asked", actor_id=by, object_id=issuing.id)
    jobs.enqueue("certificates.pack", f"pack {issuing.id}", issuing_id=str(issuing.id))


def contents(issuing_id: UUID) -> list[tuple[UUID, str]]:
    """``(certificate, name of its file)`` in order; the names are numbers."""
    rows = bulk.to_hand_over(issuing_id)
    return [(row.id, f"{row.number}_{row.code}.pdf" if row.number else f"{row.code}.pdf") for row in rows]


def write(path: Path, entries: Iterable[tuple[UUID, str]], file_of: Callable[[UUID], Path]) -> None:
    """Write the archive, whole or not at all; one certificate is in memory at a time."""
    with writing_whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for credential_id, name in entries:
            made.write(file_of(credential_id), name)


def forget_old(data: Path) -> None:
    """Take away archives whose day is over, and parts of those that were cut short."""
    over = session.scalars(select(Issuing).where(Issuing.archive_until <= clock.now()).limit(50))
    for issuing in over:
        path_of(data, issuing.id).unlink(missing_ok=True)
        issuing.archive_until = None
    for part in (data / "archives").glob(".*.part"):
        if part.stat().st_mtime < (clock.now() - LIFETIME).timestamp():
            part.unlink(missing_ok=True)
