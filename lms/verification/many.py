"""Checking many at once, for who hires or keeps files: a line for each, in the order given."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.accounts import throttle
from lms.certificates import service
from lms.certificates.models import Credential
from lms.certificates.words import KINDS, STATES
from lms.core.db import session, transaction
from lms.core.errors import DomainError
from lms.core.sheets import safe_cell
from lms.core.words import N_, pick
from lms.credentials.verdict import Reason
from lms.verification import lookup

MOST_NUMBERS, MOST_FILES, MOST_CELLS = 1_000, 100, 20_000
# In characters: the address of a number, with room.
LONGEST_CELL = 200
HEADINGS = (
    N_("Given"),
    N_("Status"),
    N_("Certificate number"),
    N_("Course"),
    N_("Title"),
    N_("Kind"),
    N_("Level"),
    N_("Hours"),
    N_("Issued on"),
    N_("Valid until"),
    N_("Reason"),
)
# Numbers and files that one address may ask for within the throttle's window.
PER_ADDRESS = 3_000


class TooMany(DomainError):
    """One address asked for so many that it has to wait ``until``; whoever shows it says the ``time``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(N_("Too many were checked from here. You can go on at %(time)s."))
        self.until = until


@dataclass(frozen=True)
class Line:
    """What one number or file came to: ``state`` is a ``Reason``'s value, or ``unknown``."""

    given: str
    state: str
    words: str
    credential: Credential | None = None

    @property
    def is_good(self) -> bool:
        """Whether the holder may rely on it today."""
        return self.state == Reason.VALID


def check(cells: Iterable[str], files: Sequence[tuple[str, bytes]], *, key: str) -> tuple[list[Line], int]:
    """``(lines, cells that held no number)`` for cells that may hold a number and files ``(name, content)``.

    Opens its own transactions. ``key`` is the fingerprint of who asks: raises ``TooMany`` when that is too often,
    before a cell is read, and ``DomainError`` when it is too much at once. Every request counts at least one.
    """
    _take(key, 1)
    wanted, passed = _wanted(cells)
    if len(wanted) > MOST_NUMBERS:
        raise DomainError(N_("These are more than %(most)s numbers. Send them in parts."), most=MOST_NUMBERS)
    if len(files) > MOST_FILES:
        raise DomainError(N_("These are more than %(most)s files. Send them in parts."), most=MOST_FILES, field="files")
    if not wanted and not files:
        raise DomainError(N_("There is no certificate number in this. A number looks like 7KQ2-M4XT-9PWA."))
    if (rest := len(wanted) + len(files) - 1) > 0:
        _take(key, rest, taken=1)
    with transaction(write=False):
        lines = [*_of_numbers(wanted), *(_of_file(name, content) for name, content in files)]
        found = {line.credential for line in lines if line.credential is not None}
        # They are shown after this transaction, as it found them.
        for each in found:
            session.expunge(each)
    lookup.count(each.id for each in found)
    return lines, passed


def _take(key: str, times: int, *, taken: int = 0) -> None:
    """Count before anything is answered, so that requests at one time cannot pass together; ``taken`` is one's own."""
    try:
        with transaction():
            throttle.take({key: PER_ADDRESS + taken}, times)
    except throttle.TooOften as refusal:
        raise TooMany(refusal.until) from None


def _wanted(cells: Iterable[str]) -> tuple[list[str], int]:
    """What looks like a number, each once, as printed where it can be one; and how many cells held none."""
    wanted: dict[str, None] = {}
    passed = 0
    for place, cell in enumerate(cells):
        if place >= MOST_CELLS:
            raise DomainError(N_("These are more than %(most)s cells. Send them in parts."), most=MOST_CELLS)
        typed = cell.rstrip("/").rpartition("/")[2].strip()
        numbers = service.numbers_in(cell) or ([typed] if _is_mistyped(typed) else [])
        wanted |= dict.fromkeys(numbers)
        passed += not numbers
    return list(wanted), passed


def _is_mistyped(typed: str) -> bool:
    """Whether it was to be a number: about as long, of digits and letters. Names, dates and telephones are not."""
    letters = [each for each in typed if each.isalnum()]
    return 11 <= len(letters) <= 13 and any(map(str.isdigit, letters)) and any(map(str.isalpha, letters))


def cells_in(text: str) -> Iterator[str]:
    """The cells of text: lines, and what commas, semicolons and tabs part; no more of a cell than a number needs."""
    for found in re.finditer(r"[^\n\r,;\t]+", text):
        if cell := found[0][:LONGEST_CELL].strip().strip('"'):
            yield cell


def _of_numbers(wanted: list[str]) -> list[Line]:
    found = lookup.by_numbers(wanted)
    return [
        Line(number, found[number].status, "", found[number])
        if number in found
        else Line(number, "unknown", N_("No certificate has this number, or its holder does not show it."))
        for number in wanted
    ]


def _of_file(name: str, content: bytes) -> Line:
    checked = lookup.by_file(content)
    return Line(name, checked.verdict.reason.value, checked.verdict.words, checked.credential)


def as_csv(lines: Iterable[Line], *, languages: Sequence[str], say: Callable[..., str]) -> str:
    """The same for a spreadsheet, a line for each, in the words of ``say``; no cell can become a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow([say(each) for each in HEADINGS])
    for line in lines:
        cells = [line.given, say(word_of(line.state))]
        if (credential := line.credential) is not None:
            title = pick(credential.course_title, languages)[1]
            level = "" if credential.level is None else str(credential.level)
            days = (each.date().isoformat() if each else "" for each in (credential.issued_at, credential.expires_at))
            cells += [credential.code, credential.course_code, title, say(KINDS[credential.kind]), level]
            cells += [str(credential.hours), *days]
        else:
            cells += [""] * 8
        table.writerow([safe_cell(each) for each in [*cells, say(line.words) if line.words else ""]])
    return out.getvalue()


def word_of(state: str) -> str:
    """A line's state in a word or two."""
    return {**STATES, "not yet valid": N_("Not in force yet"), "unknown": N_("Unknown number")}.get(
        state, N_("Do not rely on this")
    )
