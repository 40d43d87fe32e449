"""The catalogue, a course's own page, and its media."""

import re

from flask import Blueprint, Response, abort, current_app, request, send_file
from flask_login import current_user
from markupsafe import Markup

from lms.core.words import direction_of, pick
from lms.library import queries, rendering
from lms.library.edition import edition
from lms.library.instruments import named
from lms.library.media import TYPES
from lms.library.media_store import MediaStore
from lms.web.guards import requires, signed_in
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("library", __name__)

# In bytes.
LARGEST_PART = 4_000_000
# In pixels.
SMALL = 480


@bp.app_template_filter()
def course_markdown(text: str) -> Markup:
    """Markdown that a mission wrote, without media."""
    return rendering.inline(text)


@bp.app_template_global()
def say_html(text: dict[str, str], languages: list[str]) -> Markup:
    """Formatted words of a course, marked with their language."""
    tag, words = pick(text, languages)
    return Markup('<div lang="{}" dir="{}">{}</div>').format(tag, direction_of(tag), rendering.inline(words))


bp.add_app_template_global(rendering.size_note)
bp.add_app_template_global(named)


@bp.get("/courses/")
@requires("library.browse")
def catalogue() -> Response:
    """Every course's newest version, filtered by words, language and topic."""
    courses, languages = queries.newest_versions(current_user), reading_languages("en")
    words = request.args.get("q", "")[:80].casefold().split()
    language, topic = request.args.get("language", ""), request.args.get("topic", "")
    found = [
        course
        for course in courses
        if (not language or language in course.languages)
        and (not topic or topic in course.topics)
        and all(word in _searched(course) for word in words)
    ]
    return page(
        "library/catalogue.html",
        courses=[(each, pick(each.title, languages), pick(each.summary, languages)) for each in found],
        course_languages=sorted({each for course in courses for each in course.languages}),
        topics=sorted({each for course in courses for each in course.topics}),
        any_course=bool(courses),
    )


def _searched(course: object) -> str:
    texts = [course.code, *course.title.values(), *course.summary.values()]  # type: ignore[attr-defined]
    return " ".join(texts).casefold()


@bp.get("/courses/<slug>/")
@requires("library.browse")
def course(slug: str) -> Response:
    """What a course is about, before anyone is enrolled."""
    version_id = queries.newest_version_of(slug, current_user)
    if version_id is None:
        abort(404)
    shown = edition(version_id)
    return page("library/course.html", edition=shown, languages=reading_languages(shown.document.source_language))


def _ask_for_a_part(size: int) -> None:
    """Shorten the range that a player asks for: a film travels in parts, each held in memory only while it is sent.

    RFC 9110, 15.3.7, lets a server answer with less than was asked; the player asks for the rest.
    """
    wanted = request.range.range_for_length(size) if request.range else None
    if wanted is not None:
        begin, end = wanted
        request.environ["HTTP_RANGE"] = f"bytes={begin}-{min(end, begin + LARGEST_PART) - 1}"


@bp.get("/media/<name>")
@signed_in
def media(name: str) -> Response:
    """A picture, sound or film of a course that one may see, addressed by its content."""
    found = re.fullmatch(r"([0-9a-f]{64})(-480)?\.([a-z0-9]{2,4})", name)
    if found is None or found[3] not in TYPES or not queries.may_fetch(found[1], current_user):
        abort(404)
    return send_media(found[1], found[3], small=found[2] is not None)


def send_media(sha256: str, ending: str, *, small: bool = False) -> Response:
    """A file of the store, in parts where parts are asked for; ``small``: a picture for a phone."""
    store: MediaStore = current_app.config["MEDIA"]
    path = store.small_path_of(sha256, SMALL) if small else store.path_of(sha256)
    if not path.is_file():
        abort(404)
    _ask_for_a_part(path.stat().st_size)
    response = send_file(path, mimetype="image/webp" if small else TYPES[ending], conditional=True, etag=False)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    # A drawing opened by itself may not run anything either.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
