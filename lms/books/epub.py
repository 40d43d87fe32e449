"""A course as an EPUB 3: one file that a phone keeps and reads without a network."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from lms.books.content import Book, book
from lms.books.layout import render
from lms.books.press import Press
from lms.books.voice import voice_of
from lms.core.printing import TEMPLATES
from lms.core.words import N_
from lms.library import media as media_kinds
from lms.library.document import CourseDocument

CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
ACCESSIBILITY = N_("Everything is text with headings and a table of contents. Pictures are described in words.")
# Whoever copies a book twice has the same file: no member has a time of its own.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
# A drawing and a JPEG stand still; what moves in the others cannot be told without looking at each frame.
STILL = (".svg", ".jpg", ".jpeg")


@dataclass(frozen=True)
class Page:
    """A file of the book's text; ``id`` names it in the package."""

    id: str
    text: str

    @property
    def file(self) -> str:
        return f"{self.id}.xhtml"


def write(document: CourseDocument, language: str, media: Callable[[str], bytes], *, answers: bool = False) -> bytes:
    """The EPUB of a course; equal courses give equal bytes.

    ``media`` gives a media file's bytes by its name. Only with ``answers`` does the book hold the key of its quizzes;
    the questions of final assessments it never holds.
    """
    press = Press(document, voice_of(document, language), syntax="xml", folder="pictures/", shift=0)
    made = book(document, press, answers=answers)
    pages = list(_pages(made))
    pictures = dict(sorted(press.pictures.items()))
    package = render(
        "package.opf",
        document,
        made.voice,
        book=made,
        identifier=_identifier(made),
        accessibility=press.voice.words.gettext(ACCESSIBILITY),
        pages=pages,
        pictures=[(address, media_kinds.type_of(name)) for address, name in pictures.items()],
        still=all(address.endswith(STILL) for address in pictures),
    )
    members = {
        "META-INF/container.xml": CONTAINER.encode(),
        "EPUB/package.opf": package.encode(),
        "EPUB/book.css": (TEMPLATES / "books" / "epub.css").read_bytes(),
        **{f"EPUB/{page.file}": page.text.encode() for page in pages},
        **{f"EPUB/{address}": media(name) for address, name in pictures.items()},
    }
    return _zipped(members)


def _identifier(made: Book) -> str:
    """The same for the same words; a trainee's and a mentor's book are two."""
    edition = "answers" if made.answers else "questions"
    return str(uuid5(NAMESPACE_URL, f"{made.document.content_hash()}/{made.voice.language}/{edition}"))


def _pages(made: Book) -> Iterator[Page]:
    """The book's files in reading order."""

    def page(id: str, template: str, **values: object) -> Page:
        return Page(id, render(f"epub/{template}.html", made.document, made.voice, book=made, **values))

    yield page("title", "title")
    yield page("nav", "nav")
    for module in made.modules:
        yield page(f"module-{module.id}", "module", module=module)
        for lesson in module.lessons:
            yield page(f"lesson-{lesson.id}", "lesson", lesson=lesson)
        for quiz in module.quizzes:
            yield page(f"quiz-{quiz.id}", "quiz", quiz=quiz)
    back = {
        "job-aid": made.job_aid,
        "glossary": made.glossary,
        "sources": made.document.sources or made.document.reading,
        "answers": made.answers,
        "guide": made.guide,
        "observations": made.observations,
    }
    for name in [name for name, content in back.items() if content]:
        yield page(name, name)


def _zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP archive as EPUB wants it: its type comes first and is not compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(_member("mimetype", zipfile.ZIP_STORED), b"application/epub+zip")
        for name, content in members.items():
            archive.writestr(_member(name, zipfile.ZIP_DEFLATED), content)
    return written.getvalue()


def _member(name: str, compression: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, LONG_AGO)
    member.compress_type, member.create_system, member.external_attr = compression, 3, 0o644 << 16
    return member
