"""What stands around every page: the ways to go, the account, the languages."""

from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from lms.core.words import pick
from lms.web import language
from lms.web.guards import can


@dataclass(frozen=True)
class Way:
    """A link of the navigation."""

    label: str
    url: str
    current: bool = False


# Languages of missions that CLDR does not name in themselves.
OTHER_NAMES = {"ht": "Kreyòl ayisyen", "prs": "دری", "ps": "پښتو"}

# (permission that shows it, endpoint, label)
WAYS = (
    ("learning.home", "learning.home", _l("My learning")),
    ("cohorts.list", "cohorts.index", _l("Cohorts")),
    ("missions.list", "missions.index", _l("Missions")),
    ("people.list", "accounts.people", _l("People")),
    ("library.browse", "library.catalogue", _l("Courses")),
    ("certificates.own", "certificates.own", _l("Certificates")),
    ("audit.read", "accounts.audit_trail", _l("Audit trail")),
)


def ui() -> dict[str, Any]:
    """The values that the layout shows on every page; costs no SQL."""
    signed_in = current_user.is_authenticated
    ways = [
        Way(str(label), url_for(endpoint), request.path.startswith(url_for(endpoint)))
        for permission, endpoint, label in WAYS
        if signed_in and can(permission)
    ]
    return {
        "lang": language.current_language(),
        "dir": language.current_direction(),
        "languages": language.switch(),
        "language_url": url_for("accounts.language"),
        "verify_url": url_for("certificates.verify_form"),
        "sign_out_url": url_for("accounts.sign_out"),
        "site_name": current_app.config["SITE_NAME"],
        "path": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "nav": ways,
        "account": Way(current_user.shown_as, url_for("accounts.preferences")) if signed_in else None,
        "home_url": url_for("accounts.home"),
        "home_label": gettext("Home"),
    }


def language_name(tag: str) -> str:
    """A language in its own name: ``français``; the tag itself where no name is known."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return language.NAMES.get(tag) or OTHER_NAMES.get(tag) or name or tag


def init_app(app: Flask) -> None:
    """Give templates ``ui``, ``can`` and what they need to show words in several languages."""
    app.jinja_env.globals.update(can=can, pick=pick, direction_of=language.direction_of, language_name=language_name)
    app.jinja_env.filters["language_name"] = language_name
    app.context_processor(lambda: {"ui": ui()})
