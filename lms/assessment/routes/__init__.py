"""Tests: taken by a trainee, or given aloud by who teaches."""

from lms.assessment.routes import aloud, taking
from lms.assessment.routes.blueprint import bp

__all__ = ["aloud", "bp", "taking"]
