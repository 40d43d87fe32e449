"""The certificate as a PDF: one A4 landscape page in one or two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from lms.certificates import qr
from lms.core import printing
from lms.core.words import N_, catalogue, pick

TEMPLATES = Path(__file__).parents[2] / "templates"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "prs", "ps", "ur", "he"})

# From this many characters on, the holder's name is set smaller.
SIZES = ((18, "large"), (32, "medium"), (46, "small"))


@dataclass(frozen=True)
class Face:
    """Everything that stands on a certificate; ``languages`` are one or two, the first leads."""

    code: str
    holder: str
    course_code: str
    course_title: Mapping[str, str]
    hours: int
    issued_on: date
    expires_on: date | None
    mission: str
    host_force: str
    issuer: str
    verify_url: str
    check_url: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """The certificate's words in one language."""

    lang: str
    dir: str
    kind: str
    opening: str
    closing: str
    course: str
    hours: str
    issued: str
    expires: str | None
    check: str


def pdf(face: Face) -> bytes:
    """The PDF's bytes; equal faces give equal pages."""
    html = (
        _environment()
        .get_template("pdf/certificate.html")
        .render(
            face=face,
            blocks=[_block(face, language) for language in face.languages],
            size=next((name for most, name in SIZES if len(face.holder) <= most), "tiny"),
            qr=_qr(face.check_url),
        )
    )
    return printing.pdf(html, TEMPLATES / "pdf" / "certificate.css")


def _block(face: Face, language: str) -> Block:
    words = catalogue(language)
    rtl = language.split("-")[0] in RIGHT_TO_LEFT
    return Block(
        lang=language,
        dir="rtl" if rtl else "ltr",
        kind=words.gettext(N_("Certificate of completion")),
        opening=words.gettext(N_("This is to certify that")),
        closing=words.gettext(N_("has completed all that was required in the course")),
        course=pick(face.course_title, [language])[1],
        hours=words.ngettext("%(num)s hour", "%(num)s hours", face.hours) % {"num": face.hours},
        issued=words.gettext(N_("Issued on %(date)s")) % {"date": _long(face.issued_on, language)},
        expires=words.gettext(N_("Valid until %(date)s")) % {"date": _long(face.expires_on, language)}
        if face.expires_on
        else None,
        check=words.gettext(N_("Anyone can check this certificate at")),
    )


def _long(day: date, language: str) -> str:
    return format_date(day, "long", locale=Locale.parse(language, sep="-"))


def _qr(address: str) -> Markup:
    """The address as a QR code, drawn inline."""
    return Markup(qr.drawn(address).svg_inline(border=2, dark="#12324a", omitsize=True, lineclass=None, svgclass=None))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
