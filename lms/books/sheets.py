"""Sheets of one course to print by themselves: the job aid to carry, the checklist to observe with."""

from collections.abc import Callable

from lms.books.layout import render
from lms.books.press import Press
from lms.books.voice import voice_of
from lms.core import printing
from lms.library import media as media_kinds
from lms.library.document import CourseDocument

STYLE = printing.TEMPLATES / "books" / "sheet.css"


def job_aid(document: CourseDocument, language: str, media: Callable[[str], bytes]) -> bytes:
    """The PDF of the job aid, on one A4 page as long as the check finds it short enough.

    ``media`` gives a media file's bytes by its name.
    """
    assert document.job_aid is not None
    press = Press(document, voice_of(document, language), syntax="html", folder="book:", shift=0)
    html = render("sheet_job_aid.html", document, press.voice, body=press.lesson(document.job_aid, prefix="in-"))
    files = {address: (media_kinds.type_of(name) or "", media(name)) for address, name in press.pictures.items()}
    return printing.pdf(html, STYLE, files)


def checklist(document: CourseDocument, language: str) -> bytes:
    """The PDF of the observation checklist: a box for each level of each item, and room for the trainee's comment."""
    return printing.pdf(render("sheet_checklist.html", document, voice_of(document, language)), STYLE)
