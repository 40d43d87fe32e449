"""What stands around every page: the ways to go, the account, the languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from lms.core.words import Said, direction_of, pick
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
    ("sessions.list", "attendance.today", _l("Sessions")),
    ("assignments.list", "assignments.queue", _l("Marking")),
    ("mentoring.list", "mentoring.index", _l("Mentoring")),
    ("mentoring.own", "mentoring.own", _l("My mentoring")),
    ("missions.list", "missions.index", _l("Missions")),
    ("studio.list", "studio.index", _l("Studio")),
    ("people.list", "accounts.people", _l("People")),
    ("messages.inbox", "messages.inbox", _l("Messages")),
    ("library.browse", "library.catalogue", _l("Courses")),
    ("certificates.own", "certificates.own", _l("Certificates")),
    ("audit.read", "accounts.audit_trail", _l("Audit trail")),
)


@dataclass(frozen=True)
class Frame:
    """What the layout shows on every page."""

    lang: str
    dir: str
    languages: list[language.Language]
    site_name: str
    path: str
    nav: list[Way]
    # Whether the pages are those of the people who teach and lead, with a stylesheet that trainees need not fetch.
    desk: bool
    account: Way | None
    language_url: str
    verify_url: str
    sign_out_url: str
    home_url: str


def frame() -> Frame:
    """The frame of the page that is being answered; costs no SQL."""
    made: Frame | None = g.get("frame")
    if made is None or made.lang != language.current_language():
        made = g.frame = _frame()
    return made


def _frame() -> Frame:
    user = current_user._get_current_object()
    ways = []
    if user.is_authenticated:
        for permission, endpoint, label in WAYS:
            if can(permission):
                path = _path(endpoint)
                ways.append(Way(str(label), path, request.path.startswith(path)))
    return Frame(
        lang=language.current_language(),
        dir=language.current_direction(),
        languages=language.switch(),
        site_name=current_app.config["SITE_NAME"],
        path=request.full_path.rstrip("?") if request.method == "GET" else request.path,
        nav=ways,
        desk=user.is_authenticated and not can("learning.home"),
        account=Way(user.shown_as, _path("accounts.preferences")) if user.is_authenticated else None,
        language_url=_path("accounts.language"),
        verify_url=_path("verification.number_form"),
        sign_out_url=_path("accounts.sign_out"),
        home_url=_path("accounts.home"),
    )


@cache
def _path(endpoint: str) -> str:
    """The path of a page without parameters, built once for each process."""
    return url_for(endpoint)


def language_name(tag: str) -> str:
    """A language in its own name: ``français``; the tag itself where no name is known."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return language.NAMES.get(tag) or OTHER_NAMES.get(tag) or name or tag


def say(text: Mapping[str, str], languages: Sequence[str]) -> Markup:
    """Words of a course in the best language there is, marked with it where it is not the page's."""
    tag, words = pick(text, languages)
    if tag == language.current_language():
        return escape(words)
    return Markup('<span lang="{}" dir="{}">{}</span>').format(tag, direction_of(tag), words)


def told(sentence: str) -> str:
    """A sentence in the reader's language, if it knows how; else as it is."""
    if not isinstance(sentence, Said):
        return sentence
    values = {name: told(value) if isinstance(value, str) else value for name, value in sentence.values.items()}
    return str(gettext(sentence.template, **values))


def marked(tag: str) -> Markup:
    """The attributes of an element whose words are in this language."""
    return Markup(' lang="{}" dir="{}"').format(tag, direction_of(tag))


def init_app(app: Flask) -> None:
    """Give templates the frame and what they need to show words in several languages.

    All of it is global, not context, so that Jinja keeps the component templates instead of running them again.
    """
    app.jinja_env.globals.update(
        ui=LocalProxy(frame),
        can=can,
        pick=pick,
        say=say,
        marked=marked,
        told=told,
        direction_of=direction_of,
        language_name=language_name,
    )
    app.jinja_env.filters["language_name"] = language_name
