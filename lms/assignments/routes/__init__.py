"""An assignment for the trainee, and marking for the mentor."""

from lms.assignments.routes import hand_in, marking
from lms.assignments.routes.blueprint import bp

__all__ = ["bp", "hand_in", "marking"]
