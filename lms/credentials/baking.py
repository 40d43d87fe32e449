"""A credential inside a picture (Open Badges 3.0, 5.3.1: PNG)."""

import struct
import zlib

KEYWORD = b"openbadgecredential"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def baked(png: bytes, text: str) -> bytes:
    """The picture with the credential in an ``iTXt`` chunk, uncompressed, after its header."""
    if not png.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    # Keyword, then: not compressed, no language, no translated keyword.
    body = b"iTXt" + KEYWORD + b"\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    header = len(SIGNATURE) + 25
    return png[:header] + chunk + png[header:]


def unbaked(png: bytes) -> bytes | None:
    """The credential in a picture; ``None`` when there is none, or when it is compressed, which it must not be."""
    if not png.startswith(SIGNATURE):
        return None
    place = len(SIGNATURE)
    while place + 12 <= len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        if kind == b"iTXt" and body.startswith(KEYWORD + b"\0\0"):
            parts = body[len(KEYWORD) + 3 :].split(b"\0", 2)
            return parts[2] if len(parts) == 3 else None
        place += 12 + length
    return None
