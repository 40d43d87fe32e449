"""The pages of mentoring."""

from lms.mentoring.routes import notes, people, plans
from lms.mentoring.routes.blueprint import bp

__all__ = ["bp", "notes", "people", "plans"]
