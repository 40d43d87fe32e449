"""The templates of books, in a book's own language."""

import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from lms.books.voice import Voice, marked
from lms.core.printing import TEMPLATES
from lms.core.words import N_, catalogue
from lms.library.document import CourseDocument
from lms.library.instruments import named
from lms.web.language import direction_of
from lms.web.navigation import language_name

# Words may hold characters that XML has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

KINDS = {"treaty": N_("Treaty"), "standard": N_("Standard"), "guidance": N_("Guidance")}


def render(template: str, document: CourseDocument, voice: Voice, **values: Any) -> str:
    """A template of ``templates/books/`` filled with what is printed of a course."""

    def own(around: str = voice.language) -> Markup:
        """The attributes of the book's own words among words of the language ``around``."""
        return Markup() if around == voice.interface else marked(voice.interface)

    def mark(language: str) -> Markup:
        return Markup() if language == voice.language else marked(language)

    filled = (
        _environment(voice.interface)
        .get_template(f"books/{template}")
        .render(document=document, voice=voice, say=voice.say, own=own, mark=mark, named=named, **values)
    )
    return _UNWRITABLE.sub("", filled)


@cache
def _environment(interface: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(catalogue(interface), newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        direction_of=direction_of,
        language_name=language_name,
        kind_of=lambda source: catalogue(interface).gettext(KINDS[source.binding]),
    )
    return made
