"""One's own certificates, the mission's and its cohorts', and the public check."""

from lms.certificates.routes import attesting, checking, credential, issuing, own, staff
from lms.certificates.routes.blueprint import bp

__all__ = ["attesting", "bp", "checking", "credential", "issuing", "own", "staff"]
