"""What stands on a certificate, and the page that is laid out from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel import Locale
from babel.dates import format_date

from lms.core import printing
from lms.core.words import N_, catalogue, direction_of, pick
from lms.missions import partners

DESIGNS = ("engraved", "band", "plain")
PAPERS = {"a4": (297, 210), "letter": (279.4, 215.9)}  # in mm, landscape

# From this many characters on, the holder's name is set smaller.
SIZES = ((18, "large"), (32, "medium"), (46, "small"), (76, "tiny"))

# Kind: its heading, and what it says of the holder after "This is to certify that …".
KINDS = {
    "attendance": (N_("Certificate of attendance"), N_("has attended the course")),
    "completion": (N_("Certificate of completion"), N_("has completed all that was required in the course")),
    "competence": (
        N_("Certificate of competence"),
        N_("has shown at work the competence that is taught in the course"),
    ),
    "instructor": (N_("Instructor certificate"), N_("is qualified to teach the course")),
}


@dataclass(frozen=True)
class Mark:
    """The picture of a partner or of the mission; ``name`` is what is said instead of it."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Face:
    """Everything that stands on a certificate; ``languages`` are one to three, the first leads.

    ``partners`` are codes of ``missions.partners`` or names as they are; ``signatories`` are ``(name or "", post)``.
    ``level`` is on the rating scale, 1 to 4. ``check_url`` is what the QR code says, where that is
    more than the address, and ``holder_hash`` what of the holder is in it.
    """

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
    languages: tuple[str, ...]
    check_url: str = ""
    holder_hash: bytes = b""
    kind: str = "completion"
    level: int | None = None
    renews: str | None = None
    design: str = DESIGNS[0]
    paper: str = "a4"
    partners: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    signatories: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """What the document is called: its kind and number, in the leading language."""
        return f"{catalogue(self.languages[0]).gettext(KINDS[self.kind][0])} {self.code}"

    @property
    def size(self) -> str:
        """The class of letter sizes in which the holder fits."""
        return next((name for most, name in SIZES if len(self.holder) <= most), "least")


@dataclass(frozen=True)
class Block:
    """The certificate's words in one language."""

    lang: str
    dir: str
    kind: str
    opening: str
    closing: str
    course: str
    facts: tuple[str, ...]
    partners: str | None
    check: str


def html(face: Face, size: str | None = None, late: bool = False) -> tuple[str, Path, dict[str, tuple[str, bytes]]]:
    """``(page, stylesheet, files)`` to be laid out; files are by address, as ``core.printing`` wants them.

    ``size`` is that of the holder who will stand there, ``late`` says that this one is only a sample of letters.
    """
    folder = printing.TEMPLATES / "pdf" / "certificate"
    files = {f"mark:{place}": (mark.media_type, mark.content) for place, mark in enumerate(face.marks)}
    files |= {path.as_uri(): ("image/svg+xml", path.read_bytes()) for path in folder.glob("*.svg")}
    blocks = [block(face, language) for language in face.languages]
    return (
        printing.page(
            "pdf/certificate/page.html",
            face.languages[0],
            face=face,
            blocks=blocks,
            size=size or face.size,
            late=late,
        ),
        folder / f"{face.design}.css",
        files,
    )


def block(face: Face, language: str) -> Block:
    """The words in one language."""
    words = catalogue(language)
    kind, closing = KINDS[face.kind]
    facts = [words.ngettext("%(num)s hour", "%(num)s hours", face.hours) % {"num": face.hours}]
    if face.level is not None:
        facts.append(words.gettext(N_("Level %(level)s of 4")) % {"level": face.level})
    facts.append(words.gettext(N_("Issued on %(date)s")) % {"date": _long(face.issued_on, language)})
    if face.expires_on:
        facts.append(words.gettext(N_("Valid until %(date)s")) % {"date": _long(face.expires_on, language)})
    if face.renews:
        facts.append(words.gettext(N_("Renews certificate %(code)s")) % {"code": f"\u2068{face.renews}\u2069"})
    names = " · ".join(
        words.gettext(partners.name_on(each, face.issued_on)) if each in partners.PARTNERS else each
        for each in face.partners
    )
    return Block(
        lang=language,
        dir=direction_of(language),
        kind=words.gettext(kind),
        opening=words.gettext(N_("This is to certify that")),
        closing=words.gettext(closing),
        course=pick(face.course_title, [language])[1],
        facts=tuple(facts),
        partners=words.gettext(N_("With the support of %(names)s")) % {"names": names} if names else None,
        check=words.gettext(N_("Anyone can check this certificate at")),
    )


def _long(day: date, language: str) -> str:
    return format_date(day, "long", locale=Locale.parse(language, sep="-"))
