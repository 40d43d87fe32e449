"""Sealing credentials, their places in the status lists, and checking what somebody shows."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core import clock
from lms.core.db import session
from lms.credentials.badge import Claims, document_of
from lms.credentials.issuer import Issuer
from lms.credentials.models import StatusEntry
from lms.credentials.proof import checked, signed
from lms.credentials.status import EVERY, PURPOSES, SIZE, Place, is_set, list_document
from lms.credentials.verdict import Reason, Refused, Verdict

# A list is full when half of its places are taken, so that a free one is found in two tries.
MOST_IN_LIST = SIZE // 2

STATUS_LIST = Callable[[str], str | None]


def seal(claims: Claims) -> str:
    """The signed JSON-LD text of a credential; equal claims give equal texts."""
    return signed(document_of(claims), claims.issuer, claims.issued_at)


def new_place() -> Place:
    """A place in the newest status list that nobody has; chance alone says which."""
    number = session.scalar(select(func.max(StatusEntry.list))) or 1
    taken = session.scalar(select(func.count()).where(StatusEntry.list == number)) or 0
    number += taken >= MOST_IN_LIST
    while True:
        place = Place(number, secrets.randbelow(SIZE))
        try:
            with session.begin_nested():
                session.add(StatusEntry(list=place.list, index=place.index))
        except IntegrityError:
            continue
        return place


def set_status(place: Place, *, revoked: bool | None = None, suspended: bool | None = None) -> None:
    """Set a credential's bits; a revocation is never taken back."""
    entry = session.get_one(StatusEntry, (place.list, place.index))
    entry.revoked = entry.revoked or bool(revoked)
    if suspended is not None:
        entry.suspended = suspended


def status_list(issuer: Issuer, number: int, purpose: str) -> str | None:
    """The signed status list of a purpose as it is now; ``None`` when there is none."""
    if purpose not in PURPOSES:
        return None
    bit = StatusEntry.revoked if purpose == "revocation" else StatusEntry.suspended
    here = select(StatusEntry.index).where(StatusEntry.list == number)
    indexes = session.scalars(here.where(bit).order_by(StatusEntry.index)).all()
    if not indexes and session.scalar(here.limit(1)) is None:
        return None
    now = clock.now()
    since = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % EVERY
    return list_document(issuer, number, purpose, tuple(indexes), since)


def verify(text: str | bytes, issuer: Issuer, status_list: STATUS_LIST) -> Verdict:
    """Whether the text is a credential of the issuer that is in force now, and else why not.

    ``status_list`` gives the text of the list at an address, or ``None``. Nothing is fetched from anywhere.
    """
    try:
        document = checked(text, issuer)
    except Refused as refused:
        return Verdict(refused.reason)
    if "AchievementCredential" not in document.get("type", []):
        return Verdict(Reason.WRONG_TYPE)
    now = clock.now()
    as_of = None
    try:
        since = datetime.fromisoformat(document["validFrom"])
        until = datetime.fromisoformat(document["validUntil"]) if "validUntil" in document else None
        entries = {entry["statusPurpose"]: entry for entry in document["credentialStatus"]}
        if set(entries) != set(PURPOSES):
            raise Refused(Reason.NO_STATUS)
        flags = {}
        for purpose, entry in entries.items():
            listed = status_list(entry["statusListCredential"])
            if listed is None:
                raise Refused(Reason.NO_STATUS)
            flags[purpose], as_of = is_set(listed, entry, issuer, now)
    except Refused as refused:
        return Verdict(refused.reason, document)
    except (KeyError, TypeError, ValueError):
        return Verdict(Reason.MALFORMED)
    reasons = {
        Reason.REVOKED: flags["revocation"],
        Reason.SUSPENDED: flags["suspension"],
        # Valid through its last day, in UTC, as a number is; what was signed at first ends in the middle of it.
        Reason.EXPIRED: until is not None and until.astimezone(UTC).date() < now.date(),
        Reason.NOT_YET_VALID: now < since,
    }
    return Verdict(next((reason for reason, is_so in reasons.items() if is_so), Reason.VALID), document, as_of)
