"""Status lists: one bit for each credential, and a list for each purpose (W3C Bitstring Status List v1.0)."""

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from lms.credentials import multibase
from lms.credentials.canonical import CREDENTIALS_V2
from lms.credentials.issuer import Issuer
from lms.credentials.proof import checked, instant, signed
from lms.credentials.verdict import Reason, Refused

PURPOSES = ("revocation", "suspension")

# Bits of a list (the specification's least): whoever fetches one does not tell which of them they are after.
SIZE = 131_072

# A list is signed anew each hour and may be relied on for two weeks, for those who are long without a network.
EVERY = timedelta(hours=1)
LASTS = timedelta(days=14)


@dataclass(frozen=True)
class Place:
    """Where a credential's bits are, in the lists of all purposes alike."""

    list: int
    index: int


def list_url(url: str, number: int, purpose: str) -> str:
    """The address of a list, at an issuer's address."""
    return f"{url}/credentials/status/{number}/{purpose}"


@lru_cache(64)
def list_document(issuer: Issuer, number: int, purpose: str, indexes: tuple[int, ...], since: datetime) -> str:
    """The signed list in which the bits of ``indexes`` are set, as it was at ``since``."""
    url = list_url(issuer.url, number, purpose)
    document = {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": instant(since),
        "validUntil": instant(since + LASTS),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded(indexes),
            "ttl": int(EVERY.total_seconds() * 1000),
        },
    }
    return signed(document, issuer, since)


def encoded(indexes: Iterable[int]) -> str:
    """The bitstring, compressed; index 0 is the leftmost bit of the first byte."""
    bits = bytearray(SIZE // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    return multibase.base64url(gzip.compress(bytes(bits), mtime=0))


def decoded(text: str) -> bytes:
    """The bitstring of an encoded list; ValueError when it is not one of our size."""
    bits = zlib.decompressobj(wbits=31).decompress(multibase.from_base64url(text), SIZE // 8 + 1)
    if len(bits) != SIZE // 8:
        raise ValueError("a list of another size")
    return bits


def is_set(text: str, entry: dict[str, Any], issuer: Issuer, now: datetime) -> tuple[bool, datetime]:
    """Whether the bit of a ``credentialStatus`` entry is set in the signed list, and how old the list is.

    Refused(NO_STATUS) when the list is not the one that the entry names, Refused(STALE_STATUS) when it is not of now.
    """
    try:
        document = checked(text, issuer)
        subject = document["credentialSubject"]
        index = int(entry["statusListIndex"])
        since, until = (datetime.fromisoformat(document[name]) for name in ("validFrom", "validUntil"))
        is_it = (
            "BitstringStatusListCredential" in document["type"]
            and document["id"] == entry["statusListCredential"]
            and subject["type"] == "BitstringStatusList"
            and subject["statusPurpose"] == entry["statusPurpose"]
            and 0 <= index < SIZE
        )
        bits = decoded(subject["encodedList"])
    except (Refused, KeyError, TypeError, ValueError, zlib.error, EOFError):
        raise Refused(Reason.NO_STATUS) from None
    if not is_it:
        raise Refused(Reason.NO_STATUS)
    if not since <= now < until:
        raise Refused(Reason.STALE_STATUS)
    return bool(bits[index // 8] & 0x80 >> index % 8), since
