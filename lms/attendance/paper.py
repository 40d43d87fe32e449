"""The sheet that a class signs when phones and power fail, as a PDF."""

from dataclasses import dataclass
from datetime import date, time

from babel import Locale
from babel.dates import format_date, format_time

from lms.core import printing
from lms.core.words import N_, catalogue

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
    direction: str
    trainer: str | None = None


def pdf(sheet: SignInSheet) -> bytes:
    """The sheet's bytes, in its language and direction."""
    words, locale = catalogue(sheet.language), Locale.parse(sheet.language, sep="-")
    html = printing.page(
        "pdf/sign_in_sheet.html",
        sheet=sheet,
        named=any(name for _, name in sheet.people),
        day=format_date(sheet.day, "full", locale=locale),
        begins=format_time(sheet.begins, "short", locale=locale),
        ends=format_time(sheet.ends, "short", locale=locale),
        spare=SPARE,
        words={
            "title": words.gettext(N_("Sign-in sheet")),
            "number": words.gettext(N_("Number")),
            "name": words.gettext(N_("Real name")),
            "arrived": words.gettext(N_("Arrived at")),
            "signature": words.gettext(N_("Signature")),
            "counted": words.gettext(N_("People counted in the room:")),
            "trainer": words.gettext(N_("Trainer's signature:")),
            "keep": words.gettext(N_("Numbers only. Keep this sheet locked away, and destroy it once it is entered.")),
            "keep_names": words.gettext(
                N_("This sheet has names on it. Keep it locked away, and destroy it once it is entered.")
            ),
        },
    )
    return printing.pdf(html, printing.TEMPLATES / "pdf" / "sign_in_sheet.css")
