"""Bytes as text (Multibase): base58btc with the prefix ``z``, base64url without padding with ``u``."""

import base64

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(content: bytes) -> str:
    """``z…``; each leading zero byte is a 1."""
    number, digits = int.from_bytes(content, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "z" + "1" * (len(content) - len(content.lstrip(b"\0"))) + digits


def from_base58(text: str) -> bytes:
    """The bytes of ``z…``; ValueError for anything that base58 would not have written."""
    if not text.startswith("z"):
        raise ValueError("not base58btc")
    digits = text[1:]
    number = 0
    for each in digits:
        number = number * 58 + ALPHABET.index(each)
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(content: bytes) -> str:
    """``u…``."""
    return "u" + base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """The bytes of ``u…``; ValueError for anything else."""
    if not text.startswith("u"):
        raise ValueError("not base64url")
    return base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
