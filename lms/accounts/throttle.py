"""Slowing down guesses: counts in the database, so that all workers share them."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from lms.accounts.models import FailedSignIn
from lms.core import clock
from lms.core.db import session

WINDOW = timedelta(minutes=15)
PER_NAME = 10
# A whole class signs in from one address.
PER_ADDRESS = 200


def locked_until(name_key: str, address_key: str | None = None) -> datetime | None:
    """When this name or address may try again; ``None`` when it may now."""
    begun = clock.now() - WINDOW
    limits = {name_key: PER_NAME} | ({address_key: PER_ADDRESS} if address_key else {})
    rows = session.execute(
        select(FailedSignIn.key, FailedSignIn.count, FailedSignIn.since).where(
            FailedSignIn.key.in_(limits), FailedSignIn.since > begun
        )
    )
    return max((since + WINDOW for key, count, since in rows if count >= limits[key]), default=None)


def count_failure(*keys: str) -> None:
    """Note a failed try under each key; the count begins anew after the window."""
    for key in keys:
        row = session.get(FailedSignIn, key, with_for_update=True)
        if row is None:
            session.add(FailedSignIn(key=key, count=1, since=clock.now()))
        elif row.since <= clock.now() - WINDOW:
            row.count, row.since = 1, clock.now()
        else:
            row.count += 1


def forget(key: str) -> None:
    """A success clears the name's count."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.key == key))


def forget_old() -> None:
    """Drop counts that no longer matter."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.since <= clock.now() - WINDOW))
