"""A course as a PDF on A4, to be printed and written in."""

from collections.abc import Callable

from lms.books.content import book
from lms.books.layout import render
from lms.books.press import Press
from lms.books.voice import voice_of
from lms.core import printing
from lms.library import media as media_kinds
from lms.library.document import CourseDocument


def write(document: CourseDocument, language: str, media: Callable[[str], bytes], *, answers: bool = False) -> bytes:
    """The PDF of a course; equal courses give equal pages.

    ``media`` gives a media file's bytes by its name. Only with ``answers`` does the book hold the key of its quizzes;
    the questions of final assessments it never holds.
    """
    press = Press(document, voice_of(document, language), syntax="html", folder="book:", shift=1)
    made = book(document, press, answers=answers)
    html = render("print.html", document, made.voice, book=made)
    files = {address: (media_kinds.type_of(name) or "", media(name)) for address, name in press.pictures.items()}
    return printing.pdf(html, printing.TEMPLATES / "books" / "print.css", files)
