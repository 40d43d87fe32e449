"""What anyone may open: checking by number, by file, many at once, and without a network."""

from lms.verification.routes import file, many, number, offline
from lms.verification.routes.blueprint import bp

__all__ = ["bp", "file", "many", "number", "offline"]
