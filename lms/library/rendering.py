"""Lessons and short texts as HTML; depends on content, activity and language alone, so it is kept."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from markupsafe import Markup

from lms.core import markup
from lms.core.words import N_, catalogue, pick
from lms.library.activities import Lesson
from lms.library.document import CourseDocument, Media
from lms.library.edition import Edition
from lms.library.edition import edition as open_edition
from lms.library.texts import Text

CALLOUTS = {
    "note": N_("Note"),
    "tip": N_("Tip"),
    "important": N_("Important"),
    "warning": N_("Warning"),
    "scenario": N_("Situation"),
    "law": N_("The law in force here"),
    "practice": N_("On your next shift"),
    "decide": N_("What do you do?"),
    "reveal": N_("See what happens"),
    "transcript": N_("The words of this recording"),
}
TASKS = {"todo": N_("To do"), "done": N_("Done")}


def titles(translated: Callable[[str], str]) -> dict[str, str]:
    """What stands on boxes without a title of their own, and beside tasks, in one language."""
    return {kind: translated(title) for kind, title in {**CALLOUTS, **TASKS}.items()}


def media_url(files: Mapping[str, Media], name: str, base: str = "/media/") -> str | None:
    """The address of a course's file: by content, so that a browser keeps it for good."""
    file = files.get(name)
    return f"{base}{file.sha256}.{name.rpartition('.')[2].lower()}" if file else None


def size_note(size: int) -> str:
    """A file's size as people read it: ``840 KB``, ``1.2 MB``."""
    return f"{max(1, round(size / 1000))} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def lesson(edition: Edition, lesson_id: str, languages: list[str], *, sounds_first: bool = False) -> tuple[str, Markup]:
    """``(language, HTML)`` of a lesson in the first of ``languages`` that it is written in."""
    activity = edition.activities[lesson_id]
    assert isinstance(activity, Lesson)
    language, _ = pick(activity.body, languages)
    return language, _lesson(edition.version_id, lesson_id, language, sounds_first)


@lru_cache(maxsize=2048)
def _lesson(version_id: UUID, lesson_id: str, language: str, sounds_first: bool) -> Markup:
    shown = open_edition(version_id)
    activity = shown.activities[lesson_id]
    assert isinstance(activity, Lesson)
    return Markup(_rendered(activity.body[language], language, shown.document.media, sounds_first=sounds_first))


def whole(edition: Edition, text: Text, languages: list[str]) -> tuple[str, Markup]:
    """``(language, HTML)`` of one of the course's own pages in the first of ``languages`` that it is written in."""
    language, words = pick(text, languages)
    return language, _whole(edition.version_id, words, language)


@lru_cache(maxsize=256)
def _whole(version_id: UUID, text: str, language: str) -> Markup:
    return Markup(full(open_edition(version_id).document, text, language))


def with_files(text: str, language: str, files: Mapping[str, Mapping[str, Any]], base: str) -> Markup:
    """A Markdown text that is not published, with the files that a course document would name, found below ``base``."""
    return Markup(_rendered(text, language, {name: Media.model_validate(file) for name, file in files.items()}, base))


def full(document: CourseDocument, text: str, language: str) -> str:
    """A whole Markdown text of a course, with its media."""
    return _rendered(text, language, document.media)


def _rendered(
    text: str, language: str, files: Mapping[str, Media], base: str = "/media/", *, sounds_first: bool = False
) -> str:
    words = catalogue(language)
    return markup.render(
        text,
        media_url=lambda name: media_url(files, name, base),
        titles=titles(words.gettext),
        table_label=words.gettext(N_("Table")),
        media_note=lambda name: size_note(files[name].bytes) if name in files else "",
        small_copies=True,
        sounds_first=sounds_first,
    )


@lru_cache(maxsize=8192)
def inline(text: str) -> Markup:
    """A prompt, an option, a sentence of feedback."""
    return Markup(markup.inline(text))
