"""Identifiers: sortable ones for rows, short ones for people."""

import os
import secrets
from uuid import UUID

from lms.core import clock

# No I, L, O, U, 0 or 1: nothing is misread on a worn printout or over the radio.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    noise = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 68 & 0xFFF) << 64 | 0b10 << 62 | noise & ((1 << 62) - 1)
    return UUID(int=value)


def code(length: int) -> str:
    """Random characters of the unambiguous alphabet (4.9 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
