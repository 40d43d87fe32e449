"""The pages of cohorts."""

from lms.cohorts.routes import cohort, enrolling, joining, off_roll, prerequisites
from lms.cohorts.routes.blueprint import bp

__all__ = ["bp", "cohort", "enrolling", "joining", "off_roll", "prerequisites"]
