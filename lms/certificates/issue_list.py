"""The list that a class signs when it receives its certificates, as a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date

from lms.certificates.words import KINDS
from lms.core import printing
from lms.core.words import N_, catalogue, pick


@dataclass(frozen=True)
class List:
    """Everything that stands on it; ``lines`` are ``(trainee's number, certificate's number, day of issue)``."""

    cohort: str
    course: Mapping[str, str]
    kind: str
    lines: tuple[tuple[str, str, date], ...]
    language: str
    direction: str


def pdf(issued: List) -> bytes:
    """The list's bytes, in its language and direction."""
    words, locale = catalogue(issued.language), Locale.parse(issued.language, sep="-")
    html = printing.page(
        "pdf/issue_list.html",
        issued=issued,
        course=pick(issued.course, [issued.language, "en"])[1],
        kind=words.gettext(KINDS[issued.kind]),
        lines=[(number, code, format_date(day, "medium", locale=locale)) for number, code, day in issued.lines],
        words={
            "title": words.gettext(N_("Certificates handed over")),
            "number": words.gettext(N_("Number")),
            "code": words.gettext(N_("Certificate number")),
            "issued": words.gettext(N_("Issued")),
            "signature": words.gettext(N_("Signature")),
            "handed": words.gettext(N_("Handed over by:")),
            "keep": words.gettext(N_("Numbers only. Keep this list locked away.")),
        },
    )
    return printing.pdf(html, printing.TEMPLATES / "pdf" / "sign_in_sheet.css")
