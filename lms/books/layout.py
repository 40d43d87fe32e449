"""The templates of books, in a book's own language."""

import re
from typing import Any

from markupsafe import Markup

from lms.books.voice import Voice, marked
from lms.core import printing
from lms.core.words import N_, direction_of
from lms.library.document import CourseDocument
from lms.library.instruments import named
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

    filled = printing.page(
        f"books/{template}",
        voice.interface,
        document=document,
        voice=voice,
        say=voice.say,
        own=own,
        mark=mark,
        named=named,
        direction_of=direction_of,
        language_name=language_name,
        kind_of=lambda source: voice.words.gettext(KINDS[source.binding]),
        **values,
    )
    return _UNWRITABLE.sub("", filled)
