"""The list that a class signs when it receives its certificates, as a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date

from lms.certificates.words import KINDS
from lms.core import printing
from lms.core.words import catalogue, pick


@dataclass(frozen=True)
class List:
    """Everything that stands on it; ``lines`` are ``(trainee's number, certificate's number, day of issue)``."""

    cohort: str
    course: Mapping[str, str]
    kind: str
    lines: tuple[tuple[str, str, date], ...]
    language: str


def pdf(issued: List) -> bytes:
    """The list's bytes, in its language and direction."""
    locale = Locale.parse(issued.language, sep="-")
    html = printing.page(
        "pdf/issue_list.html",
        issued.language,
        issued=issued,
        course=pick(issued.course, [issued.language, "en"])[1],
        kind=catalogue(issued.language).gettext(KINDS[issued.kind]),
        lines=[(number, code, format_date(day, "medium", locale=locale)) for number, code, day in issued.lines],
    )
    return printing.pdf(html, printing.TEMPLATES / "pdf" / "sign_in_sheet.css")
