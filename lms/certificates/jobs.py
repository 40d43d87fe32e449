"""Certificates' background work."""

from uuid import UUID

from flask import current_app

from lms.certificates import documents, sealing
from lms.certificates.models import Credential
from lms.core.db import session, transaction
from lms.core.jobs import job, periodic
from lms.credentials.here import issuer_here

# Sealed in one transaction, which others wait for: less than half a second.
AT_ONCE = 20


@job("certificates.render")
def render(credential_id: str) -> None:
    """Sign the credential and make the PDF before they are asked for; a failure is tried again and the award stays."""
    config = current_app.config
    with transaction(write=False):
        text = sealing.document_of(session.get_one(Credential, UUID(credential_id)), issuer_here())
    with transaction():
        session.get_one(Credential, UUID(credential_id)).document = text
    with transaction(write=False):
        credential = session.get_one(Credential, UUID(credential_id))
        documents.keep_pdf(credential, data=config["DATA_DIR"], base_url=config["BASE_URL"], issuer=config["SITE_NAME"])


@periodic
def seal_the_older() -> None:
    """Sign certificates that were issued before there were signatures, some each minute until all are."""
    with transaction(write=False):
        if not sealing.unsealed(1):
            return
    with transaction():
        for credential in sealing.unsealed(AT_ONCE):
            sealing.keep_document(credential, issuer_here())
