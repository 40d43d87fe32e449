"""The languages of a book: the course's words in the best there is, the book's own words from the catalogues."""

from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import NullTranslations
from markupsafe import Markup, escape

from lms.core.words import catalogue, direction_of, pick
from lms.library.document import CourseDocument
from lms.library.texts import Text
from lms.web.language import NAMES


@dataclass(frozen=True)
class Voice:
    """A book in ``language``; what is not written in it comes in the ``source`` language, and is marked so."""

    language: str
    source: str

    @property
    def dir(self) -> str:
        return direction_of(self.language)

    @property
    def interface(self) -> str:
        """The language of the book's own words: its own, or the nearest that there is a catalogue of."""
        return nearest_interface(self.language, self.source)

    @property
    def words(self) -> NullTranslations:
        return catalogue(self.interface)

    def pick(self, text: Text, *first: str) -> tuple[str, str]:
        """``(language, words)`` of a text; in one of the languages ``first`` if it is written in them."""
        return pick(text, [*first, self.language, self.source])

    def plain(self, text: Text) -> str:
        """The words alone, for where no language can be marked."""
        return self.pick(text)[1]

    def say(self, text: Text) -> Markup:
        """A title or a sentence, marked with its language where it is not the book's."""
        language, words = self.pick(text)
        if language == self.language:
            return escape(words)
        return Markup("<span{}>{}</span>").format(marked(language), words)

    def date(self, day: date) -> str:
        return format_date(day, "long", locale=Locale.parse(self.interface))

    def number(self, value: float) -> str:
        return format_decimal(value, locale=Locale.parse(self.interface))


def voice_of(document: CourseDocument, language: str) -> Voice:
    """The voice of a book of this course."""
    return Voice(language, document.source_language)


def nearest_interface(*languages: str) -> str:
    """The first of the languages, or of those they are variants of, that the interface speaks; else English."""
    for language in languages:
        for tag in (language, language.split("-")[0]):
            if tag in NAMES:
                return tag
    return "en"


def marked(language: str) -> Markup:
    """The attributes of an element whose words are in this language, for HTML and XHTML alike."""
    return Markup(' lang="{0}" xml:lang="{0}" dir="{1}"').format(language, direction_of(language))
