"""Where the pages of certificates hang, and what they call things."""

from flask import Blueprint
from flask_babel import gettext

from lms.certificates import words
from lms.certificates.eligibility import Lack
from lms.certificates.models import Credential

bp = Blueprint("certificates", __name__)


@bp.app_template_global()
def certificate_kind(kind: str, level: int | None = None) -> str:
    """The kind of a certificate in the reader's words, with its level where it has one."""
    name = str(gettext(words.KINDS[kind]))
    return gettext("%(kind)s, level %(level)s", kind=name, level=level) if level else name


@bp.app_template_global()
def certificate_state(credential: Credential, renewed: object = None) -> tuple[str, str]:
    """``(state, its word)``; one that has ended and was renewed is called so."""
    state = "renewed" if renewed and credential.status == "expired" else credential.status
    return state, str(gettext(words.STATES[state]))


bp.add_app_template_filter(Lack.from_kept, "kept_lack")
