"""Which language and direction a page is shown in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from flask import Flask, g, request, session
from flask_babel import Babel, force_locale, format_percent
from flask_login import current_user

from lms.core.percent import whole
from lms.core.words import catalogue, direction_of

NAMES = {"en": "English", "fr": "Français", "ar": "العربية"}


@dataclass(frozen=True)
class Language:
    """A language of the interface, as the language switch shows it."""

    tag: str
    name: str
    dir: str
    current: bool


def current_language() -> str:
    """The reader's language: as set in the account, as picked in this browser, as the browser asks, English."""
    language: str | None = g.get("language")
    if language is None:
        chosen = current_user.language if current_user.is_authenticated else session.get("language")
        language = chosen if chosen in NAMES else request.accept_languages.best_match(list(NAMES), "en")
        g.language = language
    return language or "en"


def current_direction() -> str:
    """The page's direction: the reader's own wish, else the language's."""
    wish = current_user.direction if current_user.is_authenticated else "auto"
    return wish if wish in ("ltr", "rtl") else direction_of(current_language())


def reading_languages(source: str, chosen: str | None = None) -> list[str]:
    """The order in which a reader is offered a course's languages: as chosen for it, the reader's, the source."""
    return [*([chosen] if chosen else []), current_language(), source]


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak this language for a while, whoever reads: for what is printed where nobody waits."""
    before, g.language = g.get("language"), tag
    try:
        with force_locale(tag):
            yield
    finally:
        g.language = before


def switch() -> list[Language]:
    """Every language of the interface, in its own name."""
    return [Language(tag, name, direction_of(tag), tag == current_language()) for tag, name in NAMES.items()]


def init_app(app: Flask) -> None:
    """Let the catalogues follow the reader."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=current_language)
    # What is compared with a pass mark is cut off; means and gains of a group, which are not, are rounded.
    rounded = app.jinja_env.filters["percentformat"]
    app.jinja_env.filters |= {"percentformat": _percent, "whole_percent": whole, "rounded_percent": rounded}
    # Templates translate hundreds of texts a page: straight from the catalogue, without a lookup for each.
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]


def _percent(share: float) -> str:
    """In whole percent, the rest cut off: see ``core.percent``."""
    return _written(whole(share), current_language())


@cache
def _written(percent: int, tag: str) -> str:
    with force_locale(tag):
        return str(format_percent(percent / 100))


def _gettext(message: str) -> str:
    return catalogue(current_language()).gettext(message)


def _ngettext(singular: str, plural: str, count: int) -> str:
    return catalogue(current_language()).ngettext(singular, plural, count)
