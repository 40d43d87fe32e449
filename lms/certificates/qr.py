"""What a certificate's QR code says: the address of the page that checks it without a network, and a signed payload."""

import hashlib
from pathlib import Path

from lms.certificates.models import Credential
from lms.core.db import session
from lms.core.keys import ring
from lms.core.words import pick
from lms.credentials import compact
from lms.missions.models import Mission

PAGE = "/check/#"


def known_by(credential: Credential, holder: str) -> bytes:
    """The salted hash with which a name that somebody types is compared; ``holder`` is what stands there."""
    return compact.salted(holder, _salt_of(credential))[1]


def _salt_of(credential: Credential) -> bytes:
    # Nothing of it needs to be secret, only different: equal names have different hashes.
    return hashlib.sha256(credential.id.bytes).digest()[:8]


def address_of(credential: Credential, holder: bytes, *, data: Path, base_url: str, issuer: str) -> str:
    """The address with the payload behind its number sign, which a browser never sends; ``holder`` is the hash."""
    leading, title = pick(credential.course_title, session.get_one(Mission, credential.mission_id).languages)
    said = compact.Certificate(
        code=credential.code,
        kind=credential.kind,
        level=credential.level or 0,
        issued=credential.issued_at.date(),
        expires=credential.expires_at.date() if credential.expires_at else None,
        hours=credential.hours,
        place=credential.place,
        course_code=credential.course_code,
        language=leading,
        title=title,
        issuer=issuer,
        salt=_salt_of(credential),
        holder=holder,
    )
    return f"{base_url}{PAGE}{compact.sign(said, ring(data).credentials.current)}"
