"""One's own certificates, the mission's and its cohorts', and the public check."""

from lms.certificates.routes import checking, credential, own, staff
from lms.certificates.routes.blueprint import bp

__all__ = ["bp", "checking", "credential", "own", "staff"]
