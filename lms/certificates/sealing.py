"""A certificate as a credential: its claims, its signed text, and what somebody shows compared with the record."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from lms.accounts.models import User
from lms.certificates.models import Credential
from lms.certificates.service import find
from lms.core.db import session
from lms.core.words import N_, catalogue, pick
from lms.credentials import service as credentials
from lms.credentials.badge import Claims
from lms.credentials.issuer import Issuer
from lms.credentials.verdict import Reason, Verdict
from lms.missions.models import Mission

CRITERIA = {
    "completion": N_("All required activities of the course were done, and its final assessment was passed."),
    "attendance": N_("The holder was present at the share of sessions that the course asks for."),
    "competence": N_(
        "The written assessment was passed, and every critical behaviour was seen at work on two days by assessors."
    ),
    "instructor": N_(
        "The written assessment was passed, every critical behaviour was seen at work at level 4 on two days, "
        "and teaching was observed."
    ),
}


@dataclass(frozen=True)
class Checked:
    """What checking came to, and the certificate where there is one on record that says the same."""

    verdict: Verdict
    credential: Credential | None = None


def document_of(credential: Credential, issuer: Issuer) -> str:
    """The certificate's signed JSON: the text that was kept, or else the one that will be kept; they are equal."""
    return credential.document or credentials.seal(claims_of(credential, issuer))


def claims_of(credential: Credential, issuer: Issuer) -> Claims:
    """What is certified, in the words of the mission's first language that the course has."""
    holder = session.get_one(User, credential.user_id)
    leading, title = pick(credential.course_title, session.get_one(Mission, credential.mission_id).languages)
    renewed = session.get_one(Credential, credential.renews_id) if credential.renews_id else None
    return Claims(
        id=address_of(issuer, credential.code),
        code=credential.code,
        number=holder.shown_as,
        names={leading: title, **credential.course_title},
        course_code=credential.course_code,
        kind=credential.kind,
        hours=credential.hours,
        criteria=catalogue(leading).gettext(CRITERIA[credential.kind]),
        issued_at=credential.issued_at,
        valid_until=credential.expires_at,
        issuer=issuer,
        place=credential.place,
        level=credential.level,
        renews=_named(renewed, issuer) if renewed else None,
    )


def _named(credential: Credential, issuer: Issuer) -> Any:
    """The credential's identifier: the one that it was signed with, wherever this installation is now."""
    return json.loads(credential.document)["id"] if credential.document else address_of(issuer, credential.code)


def address_of(issuer: Issuer, code: str) -> str:
    """Where a certificate is checked, which is the credential's identifier too."""
    return f"{issuer.url}/verify/{code}"


def check(text: str | bytes, issuer: Issuer, status_list: credentials.STATUS_LIST) -> Checked:
    """Check a credential that somebody shows: the signature, and that it is the one on record.

    The record is what a stolen key cannot write.
    """
    verdict = credentials.verify(text, issuer, status_list)
    if verdict.document is None:
        return Checked(verdict)
    credential = find(str(verdict.document.get("id")).rpartition("/")[2])
    if credential is None or json.loads(document_of(credential, issuer)) != json.loads(text):
        return Checked(Verdict(Reason.NOT_ON_RECORD))
    return Checked(verdict, credential)


def unsealed(most: int) -> Sequence[UUID]:
    """Certificates whose text is not kept yet, oldest first."""
    rows = select(Credential.id).where(Credential.document.is_(None)).order_by(Credential.issued_at).limit(most)
    return session.scalars(rows).all()


def texts_of(ids: Sequence[UUID], issuer: Issuer) -> dict[UUID, str]:
    """The signed texts of those of these certificates that have none on record, for ``keep``."""
    rows = session.scalars(select(Credential).where(Credential.id.in_(ids), Credential.document.is_(None)))
    return {each.id: document_of(each, issuer) for each in rows}


def keep(texts: dict[UUID, str]) -> None:
    """Put texts on record; one that is there already stays."""
    for id, text in texts.items():
        session.execute(
            update(Credential).where(Credential.id == id, Credential.document.is_(None)).values(document=text)
        )
