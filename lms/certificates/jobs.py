"""Certificates' background work."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from flask import current_app

from lms.certificates import archive, bulk, documents, reminding, sealing
from lms.certificates.models import Credential, Issuing
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.jobs import job, periodic
from lms.credentials.here import issuer_here

# Sealed in one transaction, which others wait for: less than half a second.
AT_ONCE = 20
# So many files of an archive between two words on how far it is.
TELL_EACH = 20


@job("certificates.render")
def render(credential_id: str) -> None:
    """Sign the credential and make the PDF before they are asked for; a failure is tried again and the award stays."""
    _keep(UUID(credential_id))


def _keep(id: UUID) -> Path:
    """The certificate's PDF; where it is not there yet, its signed text is kept first."""
    config = current_app.config
    if not (path := documents.path_of(config["DATA_DIR"], id)).exists():
        with transaction(write=False):
            text = sealing.document_of(session.get_one(Credential, id), issuer_here())
        with transaction():
            session.get_one(Credential, id).document = text
        with transaction(write=False):
            documents.keep_pdf(
                session.get_one(Credential, id),
                data=config["DATA_DIR"],
                base_url=config["BASE_URL"],
                issuer=config["SITE_NAME"],
            )
    return path


@job("certificates.issue")
def issue(issuing_id: str) -> None:
    """Issue step after step; cut short, it goes on with the first that was not issued."""
    more = True
    while more:
        with transaction():
            more = bulk.take_step(session.get_one(Issuing, UUID(issuing_id), with_for_update=True))


@job("certificates.pack")
def pack(issuing_id: str) -> None:
    """Make the archive; cut short, it is made anew from files that are there already."""
    id, data = UUID(issuing_id), current_app.config["DATA_DIR"]
    with transaction(write=False):
        entries = archive.contents(id)
    archive.write(archive.path_of(data, id), _telling(id, entries), _keep)
    with transaction():
        packed = session.get_one(Issuing, id)
        packed.packed, packed.packing_at = len(entries), None
        packed.archive_until = clock.now() + archive.LIFETIME


def _telling(id: UUID, entries: list[tuple[UUID, str]]) -> Iterator[tuple[UUID, str]]:
    for count, entry in enumerate(entries):
        if count % TELL_EACH == 0:
            with transaction():
                session.get_one(Issuing, id).packed = count
        yield entry


@periodic
def forget_old() -> None:
    """Keep archives for their day, and dry runs that came to nothing for a week."""
    with transaction():
        archive.forget_old(current_app.config["DATA_DIR"])
        bulk.forget_unused()


@periodic
def remind() -> None:
    """Tell holders in time that a certificate ends."""
    with transaction():
        reminding.remind()


@periodic
def seal_the_older() -> None:
    """Sign certificates that were issued before there were signatures, some each minute until all are."""
    with transaction(write=False):
        if not sealing.unsealed(1):
            return
    with transaction():
        for credential in sealing.unsealed(AT_ONCE):
            sealing.keep_document(credential, issuer_here())
