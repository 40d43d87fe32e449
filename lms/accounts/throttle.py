"""Slowing down guesses: counts in the database, so that all workers share them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import case, delete, select

from lms.accounts.models import Tries
from lms.core import clock
from lms.core.db import insert_into, session

WINDOW = timedelta(minutes=15)
# The longest window that anybody asks for.
LONGEST = timedelta(hours=1)
PER_NAME = 10
# A whole class signs in from one address.
PER_ADDRESS = 200


class TooOften(Exception):
    """Tried so often that whoever tries has to wait ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"tried too often until {until:%H:%M}")
        self.until = until


def address_of(remote: str | None) -> str:
    """What counts as one address: of IPv6 the first 64 bits, as a subscriber has all that begin so (RFC 6177)."""
    try:
        address = ip_address(remote or "")
    except ValueError:
        return remote or ""
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))


def locked_until(limits: Mapping[str, int], window: timedelta = WINDOW) -> datetime | None:
    """When what was tried too often may be tried again, by key and most tries; ``None`` when it may now."""
    begun = clock.now() - window
    rows = session.execute(
        select(Tries.key, Tries.count, Tries.since).where(Tries.key.in_(limits), Tries.since > begun)
    )
    return max((since + window for key, count, since in rows if count >= limits[key]), default=None)


def take(limits: Mapping[str, int], times: int = 1, window: timedelta = WINDOW) -> None:
    """Note tries that count whatever comes of them; ``TooOften`` where they are too many, to be raised out of the
    transaction, which then notes none.

    As it counts before it compares, who tries at the same time waits for this one's end and sees it.
    """
    found = count(*limits, times=times, window=window)
    waits = [since + window for key, (tries, since) in found.items() if tries - times >= limits[key]]
    if waits:
        raise TooOften(max(waits))


def count(*keys: str, times: int = 1, window: timedelta = WINDOW) -> dict[str, tuple[int, datetime]]:
    """Note tries under each key; returns ``(tries, since when)`` by key. The count begins anew after the window.

    One statement for each, so that two first tries at one time are two; in one order, so that nobody waits in a circle.
    """
    now = clock.now()
    insert = insert_into(Tries)
    is_over, new = Tries.since <= now - window, insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=[Tries.key],
        set_={
            "count": case((is_over, new.count), else_=Tries.count + new.count),
            "since": case((is_over, new.since), else_=Tries.since),
        },
    ).returning(Tries.count, Tries.since)
    values = {"count": times, "since": now}
    found = {}
    for key in sorted(keys):
        tries, since = session.execute(statement, {"key": key, **values}).one()
        found[key] = (tries, since)
    return found


def forget(key: str) -> None:
    """A success clears the name's count."""
    session.execute(delete(Tries).where(Tries.key == key))


def forget_old() -> None:
    """Drop counts that no longer matter."""
    session.execute(delete(Tries).where(Tries.since <= clock.now() - LONGEST))
