"""Where the public pages hang."""

from flask import Blueprint
from flask_babel import gettext

from lms.verification.many import word_of

bp = Blueprint("verification", __name__)


@bp.app_template_global()
def verdict_word(state: str) -> str:
    """What a line of a table of checks came to, in the reader's words."""
    return str(gettext(word_of(state)))
