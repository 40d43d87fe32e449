"""A draft as trainees will see it."""

from markupsafe import Markup

from lms.library import rendering
from lms.studio import service
from lms.studio.models import Draft


def html_of(draft: Draft, text: str, language: str) -> Markup:
    """A lesson's text as HTML, with the draft's files."""
    return rendering.with_files(text, language, service.media(draft))
