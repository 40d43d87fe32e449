"""Telling whether somebody is a certificate's holder, to who asks seldom enough not to go through a list of names."""

import hmac
from datetime import datetime
from pathlib import Path
from uuid import UUID

from lms.accounts import throttle
from lms.certificates import documents, qr
from lms.certificates.models import Credential
from lms.core.db import transaction
from lms.core.vault import Vault

# Tries within the throttle's window, of one certificate: from one address, and from all.
PER_ADDRESS, PER_CERTIFICATE = 20, 100


def take_try(credential_id: UUID, *, address: str, vault: Vault) -> datetime | None:
    """Count a try before it is answered, or say until when to wait; opens its own transaction.

    What is kept for it, for a quarter of an hour, cannot be read back to an address or a certificate.
    """
    from_here = vault.fingerprint(f"holder {credential_id} {address}")
    from_all = vault.fingerprint(f"holder {credential_id}")
    try:
        with transaction():
            throttle.take({from_here: PER_ADDRESS, from_all: PER_CERTIFICATE})
    except throttle.TooOften as refusal:
        return refusal.until
    return None


def is_holder(credential: Credential, typed: str, *, data: Path) -> bool:
    """Whether this is what stands on the certificate, compared as without a network; printed or yet to be printed."""

    def known(name: str) -> str:
        return documents.fingerprint(credential.id, qr.known_by(credential, name), data)

    return hmac.compare_digest(
        known(typed), credential.printed_for or known(documents.holder_on(credential, data=data))
    )
