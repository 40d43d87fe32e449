"""Certificates' background work."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import current_app

from lms.certificates import documents, sealing
from lms.certificates.models import Credential
from lms.core.db import session, transaction
from lms.core.jobs import job, periodic
from lms.credentials.here import issuer_here

# Sealed in one transaction, which others wait for: less than half a second.
AT_ONCE = 20
# Printed before they are noted: some seconds' work.
PRINTED_AT_ONCE = 100


@job("certificates.render")
def render(credential_id: str) -> None:
    """Sign the credential and make the PDF before they are asked for; a failure is tried again and the award stays."""
    with transaction(write=False):
        text = sealing.document_of(session.get_one(Credential, UUID(credential_id)), issuer_here())
    with transaction():
        session.get_one(Credential, UUID(credential_id)).document = text
    with transaction(write=False):
        path = documents.keep_pdf(session.get_one(Credential, UUID(credential_id)), **_here())
    with transaction():
        documents.note(UUID(credential_id), sha256(path.read_bytes()).hexdigest())


@job("certificates.print")
def print_many(credential_ids: list[str]) -> None:
    """Make the PDFs of many, in warm processes; cut short anywhere, it goes on with what is missing."""
    print_missing([UUID(each) for each in credential_ids])


def print_missing(ids: Sequence[UUID]) -> int:
    """Print those of these certificates whose file is not there as it was kept; returns how many."""
    count = 0
    for step in (ids[begin : begin + PRINTED_AT_ONCE] for begin in range(0, len(ids), PRINTED_AT_ONCE)):
        with transaction(write=False):
            done = list(documents.keep_many(documents.missing(step, _here()["data"]), **_here()))
        with transaction():
            for id, digest in done:
                documents.note(id, digest)
        count += len(done)
    return count


def _here() -> dict[str, Any]:
    """What a PDF needs to know of this installation."""
    config = current_app.config
    return {
        "data": config["DATA_DIR"],
        "base_url": config["BASE_URL"],
        "issuer": config["SITE_NAME"],
        "timestamps": config["TIMESTAMPS"],
    }


@periodic
def seal_the_older() -> None:
    """Sign certificates that were issued before there were signatures, some each minute until all are."""
    with transaction(write=False):
        if not sealing.unsealed(1):
            return
    with transaction():
        for credential in sealing.unsealed(AT_ONCE):
            sealing.keep_document(credential, issuer_here())
