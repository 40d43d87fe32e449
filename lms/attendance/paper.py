"""The sheet that a class signs when phones and power fail, as a PDF."""

from dataclasses import dataclass
from datetime import date, time

from babel import Locale
from babel.dates import format_date, format_time

from lms.core import printing

# Lines for those whom nobody expected.
SPARE = 4


@dataclass(frozen=True)
class SignInSheet:
    """Everything that stands on a sheet; ``people`` are numbers, each with a real name where the mission keeps it."""

    cohort: str
    topic: str
    venue: str
    day: date
    begins: time
    ends: time
    zone: str
    people: tuple[tuple[str, str | None], ...]
    language: str
    trainer: str | None = None


def pdf(sheet: SignInSheet) -> bytes:
    """The sheet's bytes, in its language and direction."""
    locale = Locale.parse(sheet.language, sep="-")
    html = printing.page(
        "pdf/sign_in_sheet.html",
        sheet.language,
        sheet=sheet,
        named=any(name for _, name in sheet.people),
        day=format_date(sheet.day, "full", locale=locale),
        begins=format_time(sheet.begins, "short", locale=locale),
        ends=format_time(sheet.ends, "short", locale=locale),
        spare=SPARE,
    )
    return printing.pdf(html, printing.TEMPLATES / "pdf" / "sign_in_sheet.css")
