"""The studio's pages."""

from lms.studio.routes import (
    citing,
    course,
    drafts,
    exchange,
    files,
    handouts,
    lessons,
    outline,
    previews,
    questions,
    questions_exchange,
    review,
)
from lms.studio.routes.blueprint import bp

__all__ = [
    "bp",
    "citing",
    "course",
    "drafts",
    "exchange",
    "files",
    "handouts",
    "lessons",
    "outline",
    "previews",
    "questions",
    "questions_exchange",
    "review",
]
