"""One's own certificates, the mission's and its cohorts'."""

from lms.certificates.routes import attesting, credential, issuing, own, staff
from lms.certificates.routes.blueprint import bp

__all__ = ["attesting", "bp", "credential", "issuing", "own", "staff"]
