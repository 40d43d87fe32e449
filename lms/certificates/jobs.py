"""Certificates' background work."""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any
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


@job("certificates.issue")
def issue(issuing_id: str) -> None:
    """Issue step after step; cut short, it goes on with the first that was not issued."""
    more = True
    while more:
        with transaction():
            more = bulk.take_step(session.get_one(Issuing, UUID(issuing_id), with_for_update=True))


@job("certificates.pack")
def pack(issuing_id: str) -> None:
    """Print what is missing, and put all into one file; cut short, it begins anew with what is printed already."""
    id, data = UUID(issuing_id), current_app.config["DATA_DIR"]
    with transaction(write=False):
        entries = archive.contents(id)
    for count in range(0, len(entries), PRINTED_AT_ONCE):
        with transaction():
            session.get_one(Issuing, id).packed = count
        print_missing([credential_id for credential_id, _ in entries[count : count + PRINTED_AT_ONCE]])
    archive.write(archive.path_of(data, id), entries, partial(documents.path_of, data))
    with transaction():
        packed = session.get_one(Issuing, id)
        packed.packed, packed.packing_at = len(entries), None
        packed.archive_until = clock.now() + archive.LIFETIME


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
