"""What a certificate's QR code says: the address of the page that checks it without a network, and a signed payload."""

import hashlib
from pathlib import Path

import segno
from segno import consts

from lms.certificates.models import Credential
from lms.core.db import session
from lms.core.keys import ring
from lms.credentials import compact
from lms.missions.models import Mission

PAGE = "/check/#"


def address_of(credential: Credential, holder: str, *, data: Path, base_url: str, issuer: str) -> str:
    """The address with the payload behind its number sign, which a browser never sends.

    ``holder`` is what stands on the certificate; a name that somebody types is compared with its salted hash.
    """
    titles = credential.course_title
    preferred = session.get_one(Mission, credential.mission_id).languages
    leading = next((each for each in preferred if each in titles), next(iter(titles)))
    # Nothing of it needs to be secret, only different: equal names have different hashes.
    salt, known = compact.salted(holder, hashlib.sha256(credential.id.bytes).digest()[:8])
    said = compact.Certificate(
        code=credential.code,
        kind="completion",
        level=0,
        issued=credential.issued_at.date(),
        expires=credential.expires_at.date() if credential.expires_at else None,
        hours=credential.hours,
        place=credential.place,
        course_code=credential.course_code,
        language=leading,
        title=titles[leading],
        issuer=issuer,
        salt=salt,
        holder=known,
    )
    return f"{base_url}{PAGE}{compact.sign(said, ring(data).credentials.current)}"


def drawn(address: str) -> segno.QRCode:
    """The code (ISO/IEC 18004, error correction M); the payload is set in its smaller alphabet."""
    page, sign, payload = address.partition("#")
    parts = [(page + sign, consts.MODE_BYTE)] + ([(payload, consts.MODE_ALPHANUMERIC)] if payload else [])
    return segno.make(parts, error="m", micro=False)  # type: ignore[arg-type]  # its hints know no parts
