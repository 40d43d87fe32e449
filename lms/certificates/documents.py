"""The PDF of a certificate: made once, kept, and made again whenever it is missing."""

from pathlib import Path
from uuid import UUID

from lms.accounts.models import User
from lms.certificates import qr, render
from lms.certificates.models import Credential
from lms.core.db import session
from lms.core.files import write_whole
from lms.core.vault import vault_of
from lms.missions.models import Mission


def path_of(data: Path, credential_id: UUID) -> Path:
    """Where the PDF lies."""
    return data / "certificates" / f"{credential_id}.pdf"


def face_of(credential: Credential, *, data: Path, base_url: str, issuer: str) -> render.Face:
    """What stands on the certificate; the holder's name only where the mission keeps names."""
    holder, mission = session.get_one(User, credential.user_id), session.get_one(Mission, credential.mission_id)
    name = vault_of(data).open(holder.name_sealed) if mission.keeps_names and holder.name_sealed else None
    preferred = [each for each in mission.languages if each in credential.course_title]
    others = [each for each in credential.course_title if each not in preferred]
    return render.Face(
        code=credential.code,
        holder=name or holder.shown_as,
        course_code=credential.course_code,
        course_title=credential.course_title,
        hours=credential.hours,
        issued_on=credential.issued_at.date(),
        expires_on=credential.expires_at.date() if credential.expires_at else None,
        mission=mission.title,
        host_force=mission.host_force,
        issuer=issuer,
        verify_url=f"{base_url}/verify/{credential.code}",
        check_url=qr.address_of(credential, name or holder.shown_as, data=data, base_url=base_url, issuer=issuer),
        languages=tuple([*preferred, *others][:2]),
    )


def keep_pdf(credential: Credential, *, data: Path, base_url: str, issuer: str) -> Path:
    """The path of the certificate's PDF, made now if it is not there."""
    path = path_of(data, credential.id)
    if not path.exists():
        write_whole(path, render.pdf(face_of(credential, data=data, base_url=base_url, issuer=issuer)))
    return path
