"""What the page that checks without a network needs to have fetched before: the keys and the status lists."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from lms.core.db import session
from lms.core.keys import Keys
from lms.credentials import compact, multibase
from lms.credentials.models import StatusEntry
from lms.credentials.status import encoded


def keys(known: Keys[Any]) -> tuple[bytes, bytes]:
    """The public keys as JSON, oldest first, and the signature over it; newer keys than a device has are vouched for.

    ``{"keys": [{"id": the start of the key's id, "x": its 32 bytes in base64url}]}``.
    """
    said = [{"id": each.id[:8], "x": multibase.base64url(each.public.public_bytes_raw())} for each in known.all]
    return _signed({"keys": said}, compact.KEYS_DOMAIN, known)


def status(known: Keys[Any], now: datetime) -> tuple[bytes, bytes]:
    """The status lists as JSON, and the signature over it; one statement.

    ``{"at": ISO 8601, "lists": {number: {"revoked": bits, "suspended": bits}}}``, where bits are a bitstring,
    compressed and in base64url. In a list that is not there no bit is set.
    """
    rows = session.execute(
        select(StatusEntry.list, StatusEntry.index, StatusEntry.revoked, StatusEntry.suspended).where(
            or_(StatusEntry.revoked, StatusEntry.suspended)
        )
    )
    lists: dict[int, dict[str, list[int]]] = defaultdict(lambda: {"revoked": [], "suspended": []})
    for number, index, revoked, suspended in rows:
        if revoked:
            lists[number]["revoked"].append(index)
        if suspended:
            lists[number]["suspended"].append(index)
    said = {
        "at": now.isoformat(timespec="minutes"),
        "lists": {
            str(number): {name: encoded(indexes) for name, indexes in both.items()}
            for number, both in sorted(lists.items())
        },
    }
    return _signed(said, compact.LIST_DOMAIN, known)


def _signed(said: dict[str, Any], domain: bytes, known: Keys[Any]) -> tuple[bytes, bytes]:
    """JSON and a signature by the oldest key: every device that has fetched any keys has that one."""
    text = json.dumps(said, separators=(",", ":")).encode()
    return text, known.all[0].private.sign(domain + text)
