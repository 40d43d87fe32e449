"""What strangers are told: by a certificate's number, and by a file that somebody shows."""

import logging
from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from lms.certificates import sealing, service
from lms.certificates.models import Credential, KeptPdf
from lms.certificates.sealing import Checked
from lms.core.db import session, transaction
from lms.credentials.baking import unbaked
from lms.credentials.here import issuer_here, status_list_here
from lms.credentials.verdict import Reason, Verdict

log = logging.getLogger(__name__)


def by_number(typed: str) -> Credential | None:
    """The certificate with this number, unless its holder hides it: to a stranger the two are the same."""
    credential = service.find(typed)
    return None if credential is None or credential.hidden_at is not None else credential


def by_numbers(numbers: Sequence[str]) -> dict[str, Credential]:
    """The same for many, as ``service.number_in`` gives them; one statement."""
    rows = select(Credential).where(Credential.code.in_(set(numbers)), Credential.hidden_at.is_(None))
    return {credential.code: credential for credential in session.scalars(rows)}


def by_file(content: bytes) -> Checked:
    """What a PDF, a badge, or a signed text is worth. Who has the file was given it, so hidden ones are told."""
    if content.startswith(b"%PDF"):
        return by_pdf(content)
    return sealing.check(unbaked(content) or content, issuer_here(), status_list_here)


def by_pdf(content: bytes) -> Checked:
    """Whether a PDF is, byte for byte, one that was issued here; it is not opened, so it can do no harm.

    ``flask certificates print`` replaces a file that was lost: what was handed out before stays good.
    """
    credential = session.scalar(
        select(Credential)
        .join(KeptPdf, KeptPdf.credential_id == Credential.id)
        .where(KeptPdf.sha256 == sha256(content).hexdigest())
    )
    if credential is None:
        return Checked(Verdict(Reason.NOT_AS_ISSUED))
    return Checked(Verdict(Reason(credential.status)), credential)


def count(ids: Iterable[UUID]) -> None:
    """Add one to the checks of these certificates: how often, and never by whom; opens its own transaction.

    A database that cannot be written does not keep anybody from the answer, which goes out uncounted.
    """
    found = set(ids)
    if not found:
        return
    rows = update(Credential).where(Credential.id.in_(found)).values(checks=Credential.checks + 1)
    try:
        with transaction():
            session.execute(rows, execution_options={"synchronize_session": False})
    except OperationalError as error:
        # Neither path nor statement: they say which certificate somebody asked for.
        log.warning("a look-up was not counted: %s", error.orig)
