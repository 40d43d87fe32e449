"""Certificates that could not be printed: how often it was tried, and whether they only wait for the proof of time."""

from collections.abc import Iterable
from uuid import UUID

from pyhanko.sign.timestamps import TimestampRequestError
from sqlalchemy import delete, or_, select

from lms.certificates.models import IssuingRow, Unprinted
from lms.core import clock
from lms.core.db import session

# After so many tries people are told, and an archive is made without it; it may be a full disk, so it is tried on.
TOLD_AFTER = 3
# The last try comes some two hours after the first.
MOST_TRIES = 12


def waits(error: BaseException) -> bool:
    """Whether all that is wrong is a timestamp service that does not answer: that is tried for ever."""
    return isinstance(error, TimestampRequestError)


def failed(credential_id: UUID, error: BaseException) -> None:
    """Note a try that failed; one that waits for the timestamp service does not count."""
    known = session.get(Unprinted, credential_id, with_for_update=True)
    if known is None:
        known = Unprinted(credential_id=credential_id, tries=0)
        session.add(known)
    known.tried_at, known.waits = clock.now(), waits(error)
    known.tries += not known.waits


def printed(credential_ids: Iterable[UUID]) -> None:
    """Forget that these failed before."""
    session.execute(delete(Unprinted).where(Unprinted.credential_id.in_(list(credential_ids))))


def given_up(credential_ids: Iterable[UUID], most: int) -> bool:
    """Whether some of these failed, each ``most`` times or more, and none waits for the timestamp service."""
    rows = session.scalars(select(Unprinted).where(Unprinted.credential_id.in_(list(credential_ids)))).all()
    return bool(rows) and not any(each.waits or each.tries < most for each in rows)


def of_issuing(issuing_id: UUID) -> dict[UUID, Unprinted]:
    """Those of an issuing that people are told of, by certificate."""
    rows = session.scalars(
        select(Unprinted)
        .join(IssuingRow, IssuingRow.credential_id == Unprinted.credential_id)
        .where(IssuingRow.issuing_id == issuing_id, or_(Unprinted.waits, Unprinted.tries >= TOLD_AFTER))
    )
    return {each.credential_id: each for each in rows}
