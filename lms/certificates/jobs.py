"""Certificates' background work."""

from uuid import UUID

from flask import current_app

from lms.certificates import documents
from lms.certificates.models import Credential
from lms.core.db import session, transaction
from lms.core.jobs import job


@job("certificates.render")
def render(credential_id: str) -> None:
    """Make the PDF before it is asked for; a failure is tried again and the award stays."""
    config = current_app.config
    with transaction(write=False):
        credential = session.get_one(Credential, UUID(credential_id))
        documents.keep_pdf(credential, data=config["DATA_DIR"], base_url=config["BASE_URL"], issuer=config["SITE_NAME"])
