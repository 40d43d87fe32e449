"""What a certificate's QR code carries: enough to check it without a network, signed, and naming nobody.

The fields lie behind each other, numbers with the highest byte first:

======  =====================================================================================
bytes   what
======  =====================================================================================
1       version, 1
4       the first four bytes of the SHA-256 of the signing key's SubjectPublicKeyInfo
8       the certificate's number, as a number of base 30
1       kind, and sixteen times the level
2, 2    the day of issue and the last day, counted from 2020-01-01; the last is 0 where there is none
2       hours
2, 3    the place in the status lists: the list, and the bit in it
8, 16   salt and hash of the holder
1, n    the course's code, in ASCII, after its length
1, n    the language of the title, in ASCII, after its length
1, n    the course's title, in UTF-8, after its length
1, n    the issuer, in UTF-8, after its length
64      Ed25519 over ``DOMAIN`` and all bytes before (RFC 8032)
======  =====================================================================================

It is written in Base32 without padding (RFC 4648, 6), whose letters a QR code holds in five and a half bits each.
"""

import base64
import hashlib
import os
import struct
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature

from lms.core.ids import ALPHABET
from lms.core.keys import Keys, Pair
from lms.credentials.names import plain
from lms.credentials.status import Place

# Names what is signed, so that a signature over something else is never taken for one over this.
DOMAIN, LIST_DOMAIN, KEYS_DOMAIN = b"concord certificate 1\0", b"concord status lists 1\0", b"concord keys 1\0"
VERSION = 1
EPOCH = date(2020, 1, 1)
KINDS = ("attendance", "completion", "competence", "instructor")
_HEAD = struct.Struct(">B4sQBHHHH3s8s16s")
SIGNATURE = 64

# One guess takes a cheap phone a fifth of a second; whoever holds the paper reads the name there anyway.
ROUNDS = 20_000
MOST_BYTES = 80


class Unreadable(ValueError):
    """Not such a payload, or not whole."""


class Forged(ValueError):
    """It is not signed by one of the keys, or not as it was signed."""


@dataclass(frozen=True)
class Certificate:
    """What the payload says: ``level`` is 0 where the kind has none, ``place`` is that in the status lists."""

    code: str
    kind: str
    level: int
    issued: date
    expires: date | None
    hours: int
    place: Place
    course_code: str
    language: str
    title: str
    issuer: str
    salt: bytes
    holder: bytes


def sign(certificate: Certificate, key: Pair[Any]) -> str:
    """The payload of a certificate; equal certificates give equal payloads."""
    body = _packed(certificate, key)
    return _letters(body + key.private.sign(DOMAIN + body))


def read(payload: str, keys: Keys[Any]) -> Certificate:
    """What a payload says, if one of the keys signed it; else Unreadable or Forged."""
    content = _bytes(payload)
    if len(content) <= _HEAD.size + SIGNATURE or content[0] != VERSION:
        raise Unreadable
    body, signature = content[:-SIGNATURE], content[-SIGNATURE:]
    key = next((each for each in keys.all if bytes.fromhex(each.id)[:4] == body[1:5]), None)
    if key is None:
        raise Forged
    try:
        key.public.verify(signature, DOMAIN + body)
    except InvalidSignature:
        raise Forged from None
    return _unpacked(body)


def salted(name: str, salt: bytes | None = None) -> tuple[bytes, bytes]:
    """Salt and hash by which a name that somebody types is known again, and not found out."""
    salt = salt or os.urandom(8)
    return salt, hashlib.pbkdf2_hmac("sha256", plain(name).encode(), salt, ROUNDS, 16)


def cut(text: str) -> str:
    """The text, or as much of it as the payload has room for."""
    return text if len(text.encode()) <= MOST_BYTES else text.encode()[: MOST_BYTES - 3].decode(errors="ignore") + "…"


def _packed(certificate: Certificate, key: Pair[Any]) -> bytes:
    number = 0
    for letter in certificate.code.replace("-", ""):
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    number_of_list, bit = certificate.place.list, certificate.place.index
    head = _HEAD.pack(
        VERSION,
        bytes.fromhex(key.id)[:4],
        number,
        KINDS.index(certificate.kind) | certificate.level << 4,
        (certificate.issued - EPOCH).days,
        (certificate.expires - EPOCH).days if certificate.expires else 0,
        certificate.hours,
        number_of_list,
        bit.to_bytes(3, "big"),
        certificate.salt,
        certificate.holder,
    )
    texts = (certificate.course_code, certificate.language, cut(certificate.title), cut(certificate.issuer))
    return head + b"".join(bytes([len(each.encode())]) + each.encode() for each in texts)


def _unpacked(body: bytes) -> Certificate:
    _, _, number, kind, issued, expires, hours, list_number, bit, salt, holder = _HEAD.unpack_from(body)
    texts, rest = [], body[_HEAD.size :]
    for _ in range(4):
        texts.append(rest[1 : 1 + rest[0]].decode())
        rest = rest[1 + rest[0] :]
    letters = ""
    for _ in range(12):
        number, digit = divmod(number, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return Certificate(
        code="-".join((letters[:4], letters[4:8], letters[8:])),
        kind=KINDS[kind & 15],
        level=kind >> 4,
        issued=EPOCH + timedelta(days=issued),
        expires=EPOCH + timedelta(days=expires) if expires else None,
        hours=hours,
        place=Place(list_number, int.from_bytes(bit, "big")),
        course_code=texts[0],
        language=texts[1],
        title=texts[2],
        issuer=texts[3],
        salt=salt,
        holder=holder,
    )


def _letters(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=")


def _bytes(payload: str) -> bytes:
    """The payload's bytes; Unreadable also where other letters would mean the same, so that there is one writing."""
    try:
        content = base64.b32decode(payload + "=" * (-len(payload) % 8))
    except ValueError:
        raise Unreadable from None
    if _letters(content) != payload:
        raise Unreadable
    return content
