"""Identifiers: sortable ones for rows, short ones for people."""

import hashlib
import os
import secrets
from threading import Lock
from uuid import UUID

from lms.core import clock

# No I, L, O, U, 0 or 1: nothing is misread on a worn printout or over the radio.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


_turn, _latest = Lock(), 0


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then 74 random bits.

    Within a millisecond a process counts on by random steps (6.2, method 2): what it made later sorts later.
    """
    global _latest
    noise = int.from_bytes(os.urandom(10), "big")
    made = int(clock.now().timestamp() * 1000) << 74 | noise >> 6
    with _turn:
        if made >> 74 == _latest >> 74:
            made = _latest + 1 + (noise & 0xFFFFFFFF)
        _latest = made
    return _version_7(made)


def id_about(seed: UUID, *about: object) -> UUID:
    """An id that is the same for the same seed and things, and for no others; it sorts where the seed does."""
    digest = hashlib.sha256(repr((seed, about)).encode()).digest()
    return _version_7(seed.int >> 80 << 74 | int.from_bytes(digest[:10]) >> 6)


def _version_7(bits: int) -> UUID:
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return UUID(int=high >> 12 << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low)


def code(length: int) -> str:
    """Random characters of the unambiguous alphabet (4.9 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
