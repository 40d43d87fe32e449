"""The PDF of a certificate: made once, and the same bytes from then on."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, and_, select

from lms.accounts.models import User
from lms.certificates import qr, sealing
from lms.certificates.models import Credential, KeptPdf
from lms.core import clock
from lms.core.db import session
from lms.core.vault import vault_of
from lms.credentials.issuer import issuer_of
from lms.designs import press
from lms.designs.face import Face
from lms.designs.service import dressed
from lms.missions.models import Mission
from lms.missions.queries import force_of


class Damaged(RuntimeError):
    """A file that is not, or no longer, the one that was kept; it is not given out."""


class HolderChanged(RuntimeError):
    """The holder's name is not the one that was printed: with the old name again it can be printed again."""


def path_of(data: Path, credential_id: UUID) -> Path:
    """Where the PDF lies."""
    return data / "certificates" / f"{credential_id}.pdf"


def holder_on(credential: Credential, *, data: Path) -> str:
    """What stands on the certificate as its holder: the name where the mission keeps names, else the number."""
    holder, mission = session.get_one(User, credential.user_id), session.get_one(Mission, credential.mission_id)
    name = vault_of(data).open(holder.name_sealed) if mission.keeps_names and holder.name_sealed else None
    return name or holder.shown_as


def face_of(credential: Credential, *, data: Path, base_url: str, issuer: str) -> Face:
    """What stands on the certificate."""
    mission, holder = session.get_one(Mission, credential.mission_id), holder_on(credential, data=data)
    known = qr.known_by(credential, holder)
    face = Face(
        code=credential.code,
        holder=holder,
        course_code=credential.course_code,
        course_title=credential.course_title,
        kind=credential.kind,
        level=credential.level,
        renews=session.get_one(Credential, credential.renews_id).code if credential.renews_id else None,
        hours=credential.hours,
        issued_on=credential.issued_at.date(),
        expires_on=credential.expires_at.date() if credential.expires_at else None,
        mission=mission.title,
        host_force=force_of(mission.id, credential.user_id) or mission.host_force,
        issuer=issuer,
        verify_url=f"{base_url}/verify/{credential.code}",
        languages=(),
        holder_hash=known,
        check_url=qr.address_of(credential, known, data=data, base_url=base_url, issuer=issuer),
    )
    return dressed(face, mission)


def order_of(credential: Credential, *, data: Path, base_url: str, issuer: str) -> press.Order:
    """What the press needs to print it; ``HolderChanged`` where it was printed for another name."""
    face = face_of(credential, data=data, base_url=base_url, issuer=issuer)
    known = fingerprint(credential.id, face.holder_hash, data)
    if credential.printed_for not in (None, known) and _is_printed(credential.id, data):
        raise HolderChanged(f"certificate {credential.id} was printed for another name; it is not made for a second")
    document = sealing.document_of(credential, issuer_of(data, base_url, issuer))
    return press.Order(face, document, path_of(data, credential.id))


def settle(orders: Mapping[UUID, press.Order], data: Path) -> None:
    """Put on record, before they are printed, whom these are of: whatever becomes of a name, paper says this one."""
    for credential in session.scalars(select(Credential).where(Credential.id.in_(orders))):
        if credential.printed_for is None or not _is_printed(credential.id, data):
            credential.printed_for = fingerprint(credential.id, orders[credential.id].face.holder_hash, data)


def fingerprint(credential_id: UUID, holder_hash: bytes, data: Path) -> str:
    """What is kept of a holder: without the installation's key nobody can try names on it."""
    return vault_of(data).fingerprint(f"printed for {credential_id} {holder_hash.hex()}")


def _is_printed(credential_id: UUID, data: Path) -> bool:
    noted = select(KeptPdf.credential_id).where(KeptPdf.credential_id == credential_id).limit(1)
    return path_of(data, credential_id).exists() or session.scalar(noted) is not None


def kept(credential_id: UUID, data: Path) -> Path | None:
    """The path of the certificate's PDF, if one was noted.

    Raises ``Damaged`` where it is not there or is another now; ``flask certificates print`` mends it.
    """
    path, noted = path_of(data, credential_id), session.scalar(_served(credential_id))
    if noted is not None and not is_whole(path, noted.sha256):
        raise Damaged(f"the PDF of certificate {credential_id} is not the one that was kept")
    return path if noted is not None else None


def is_whole(path: Path, sha256: str) -> bool:
    """Whether the file is there, as it was kept."""
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def missing(ids: Sequence[UUID], data: Path) -> list[Credential]:
    """Those of these certificates whose file is not noted, or not there as it was; what is damaged is put aside."""
    rows = session.execute(
        select(Credential, KeptPdf.sha256)
        .outerjoin(KeptPdf, and_(KeptPdf.credential_id == Credential.id, KeptPdf.replaced_at.is_(None)))
        .where(Credential.id.in_(ids))
        .order_by(Credential.id)
    )
    found = []
    for credential, kept in rows:
        path = path_of(data, credential.id)
        if kept is not None and is_whole(path, kept):
            continue
        if kept is not None and path.exists():
            path.replace(path.with_suffix(".damaged"))
        found.append(credential)
    return found


def note(credential_id: UUID, sha256: str) -> None:
    """Remember which file is served from now on; that it was another before stays known."""
    # Who prints it at the same time waits here.
    session.execute(select(Credential.id).where(Credential.id == credential_id).with_for_update())
    noted = session.scalar(_served(credential_id))
    if noted is not None and noted.sha256 == sha256:
        return
    if noted is not None:
        noted.replaced_at = clock.now()
        session.flush()
    session.add(KeptPdf(credential_id=credential_id, sha256=sha256))


def _served(credential_id: UUID) -> Select[KeptPdf]:
    return select(KeptPdf).where(KeptPdf.credential_id == credential_id, KeptPdf.replaced_at.is_(None))
