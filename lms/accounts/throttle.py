"""Slowing down guesses: counts in the database, so that all workers share them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from lms.accounts.models import Tries
from lms.core import clock
from lms.core.db import session

WINDOW = timedelta(minutes=15)
# The longest window that anybody asks for.
LONGEST = timedelta(hours=1)
PER_NAME = 10
# A whole class signs in from one address.
PER_ADDRESS = 200


def locked_until(limits: Mapping[str, int], window: timedelta = WINDOW) -> datetime | None:
    """When what was tried too often may be tried again, by key and most tries; ``None`` when it may now."""
    begun = clock.now() - window
    rows = session.execute(
        select(Tries.key, Tries.count, Tries.since).where(Tries.key.in_(limits), Tries.since > begun)
    )
    return max((since + window for key, count, since in rows if count >= limits[key]), default=None)


def count(*keys: str, times: int = 1, window: timedelta = WINDOW) -> None:
    """Note tries under each key; the count begins anew after the window."""
    for key in keys:
        row = session.get(Tries, key, with_for_update=True)
        if row is None:
            session.add(Tries(key=key, count=times, since=clock.now()))
        elif row.since <= clock.now() - window:
            row.count, row.since = times, clock.now()
        else:
            row.count += times


def forget(key: str) -> None:
    """A success clears the name's count."""
    session.execute(delete(Tries).where(Tries.key == key))


def forget_old() -> None:
    """Drop counts that no longer matter."""
    session.execute(delete(Tries).where(Tries.since <= clock.now() - LONGEST))
