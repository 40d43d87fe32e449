"""Setting a course's Markdown for a book, and remembering which pictures it shows."""

from dataclasses import replace
from typing import Literal

from markupsafe import Markup

from lms.books.fragment import Surroundings, fit
from lms.books.voice import Voice, marked, nearest_interface
from lms.core import markup
from lms.core.words import N_, catalogue
from lms.library import media
from lms.library.document import CourseDocument
from lms.library.rendering import titles
from lms.library.texts import Picture, Text


class Press:
    """What sets the texts of one book; ``pictures`` are those shown so far, media names by address in the book."""

    def __init__(
        self,
        document: CourseDocument,
        voice: Voice,
        *,
        syntax: Literal["xml", "html"],
        folder: str,
        shift: int,
    ) -> None:
        self.document, self.voice = document, voice
        self.syntax, self.folder, self.shift = syntax, folder, shift
        self.pictures: dict[str, str] = {}

    def lesson(self, body: Text, prefix: str) -> Markup:
        """A whole lesson; its headings stand below the lesson's own."""
        language, text = self.voice.pick(body)
        words = catalogue(nearest_interface(language))
        html = markup.render(
            text,
            media_url=self._known,
            titles=titles(words.gettext),
            table_label="",
        )
        around = replace(self._around(language), prefix=prefix, shift=self.shift)
        return self._marked(fit(html, around), language, self.voice.language)

    def short(self, text: Text, around: str) -> Markup:
        """A prompt, an option or a remark that stands in words of the language ``around``."""
        language, words = self.voice.pick(text, around)
        return self._marked(fit(markup.inline(words), self._around(language)), language, around)

    def picture(self, picture: Picture, around: str) -> Markup:
        """A question's picture, or a note where it is a sound or a film."""
        language, alt = self.voice.pick(picture.alt, around)
        name = picture.file
        kind = media.type_of(name) or ""
        surroundings = self._around(language)
        if kind.startswith("image/"):
            figure = Markup('<figure><img src="{}" alt="{}" /></figure>').format(self._address(name), alt)
            return self._marked(figure, language, around)
        note = surroundings.sound if kind.startswith("audio/") else surroundings.film
        return Markup('<p class="elsewhere">{}</p>').format(note)

    def _known(self, name: str) -> str | None:
        return f"media/{name}" if name in self.document.media and media.type_of(name) else None

    def _address(self, name: str) -> str:
        """By content: two names that differ only in case are one file on some devices."""
        ending = name.rpartition(".")[2].lower()
        address = f"{self.folder}{self.document.media[name].sha256}.{ending}"
        self.pictures[address] = name
        return address

    def _around(self, language: str) -> Surroundings:
        words = catalogue(nearest_interface(language))
        return Surroundings(
            syntax=self.syntax,
            address=self._address,
            sound=words.gettext(N_("This sound is in the online course.")),
            film=words.gettext(N_("This film is in the online course.")),
            elsewhere=words.gettext(N_("in the online course")),
        )

    def _marked(self, html: Markup, language: str, around: str) -> Markup:
        return html if language == around else Markup("<div{}>{}</div>").format(marked(language), html)
