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


def address_of(credential: Credential, holder: str, *, data: Path, base_url: str, issuer: str) -> str:
    """The address with the payload behind its number sign, which a browser never sends.

    ``holder`` is what stands on the certificate; a name that somebody types is compared with its salted hash.
    """
    leading, title = pick(credential.course_title, session.get_one(Mission, credential.mission_id).languages)
    # Nothing of it needs to be secret, only different: equal names have different hashes.
    salt, known = compact.salted(holder, hashlib.sha256(credential.id.bytes).digest()[:8])
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
        salt=salt,
        holder=known,
    )
    return f"{base_url}{PAGE}{compact.sign(said, ring(data).credentials.current)}"
