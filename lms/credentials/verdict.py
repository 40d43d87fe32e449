"""What checking a credential comes to, in words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lms.core.words import N_


class Reason(StrEnum):
    """Why a credential is good, or is not; the first that applies."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    MALFORMED = "malformed"
    WRONG_TYPE = "wrong type"
    NO_PROOF = "no proof"
    WRONG_SUITE = "wrong suite"
    WRONG_PURPOSE = "wrong purpose"
    UNKNOWN_ISSUER = "unknown issuer"
    UNKNOWN_KEY = "unknown key"
    WRONG_KEY = "wrong key"
    UNKNOWN_CONTEXT = "unknown context"
    UNSIGNED_PROPERTY = "unsigned property"
    ALTERED = "altered"
    NO_STATUS = "no status"
    STALE_STATUS = "stale status list"
    NOT_ON_RECORD = "not on record"
    NOT_AS_ISSUED = "not as issued"


WORDS = {
    Reason.VALID: N_("The signature is good, and the certificate is in force."),
    Reason.EXPIRED: N_("The signature is good, but the certificate has expired."),
    Reason.NOT_YET_VALID: N_("The signature is good, but the certificate is not in force yet."),
    Reason.SUSPENDED: N_("The signature is good, but the certificate is suspended for now."),
    Reason.REVOKED: N_("The signature is good, but the certificate was revoked."),
    Reason.MALFORMED: N_("This is not a whole credential: something is missing, cut off or badly written."),
    Reason.WRONG_TYPE: N_("This was signed, but it is not a certificate."),
    Reason.NO_PROOF: N_("There is no signature on it."),
    Reason.WRONG_SUITE: N_("It is signed in a way that this issuer does not use."),
    Reason.WRONG_PURPOSE: N_("Its signature was made for another purpose than to certify."),
    Reason.UNKNOWN_ISSUER: N_("It names another issuer. Ask that issuer, if you trust it."),
    Reason.UNKNOWN_KEY: N_("It is signed with a key that this issuer never had."),
    Reason.WRONG_KEY: N_("It is signed with a key of somebody else than the issuer that it names."),
    Reason.UNKNOWN_CONTEXT: N_("It gives its words another meaning than this issuer's certificates do."),
    Reason.UNSIGNED_PROPERTY: N_("It holds something that no signature covers: it was added by somebody."),
    Reason.ALTERED: N_("It was changed after it was signed, or the signature is from something else."),
    Reason.NO_STATUS: N_("Whether it was revoked cannot be told."),
    Reason.STALE_STATUS: N_("The list that says what was revoked is too old to rely on."),
    Reason.NOT_ON_RECORD: N_("It is signed, but this issuer has no record of it. Do not rely on it: tell the issuer."),
    Reason.NOT_AS_ISSUED: N_(
        "This PDF is not, byte for byte, one that was issued here: it was changed, or a program saved it anew. "
        "Check its number, or its square code."
    ),
}


class Refused(Exception):
    """A check that failed, for a reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Verdict:
    """The reason, and what was signed where the signature is good; ``as_of`` is the age of the status list."""

    reason: Reason
    document: dict[str, Any] | None = None
    as_of: datetime | None = None

    @property
    def words(self) -> str:
        """The reason as a sentence to translate."""
        return WORDS[self.reason]
