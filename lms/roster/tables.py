"""Tables in files from elsewhere, CSV and XLSX, opened as if each were made to do harm."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.exchange.archive import files_of
from lms.library.problems import CourseError

# In bytes, as sent and unpacked.
LARGEST, LARGEST_UNPACKED = 5_000_000, 60_000_000
MOST_ROWS, MOST_COLUMNS = 10_000, 40
_LONGEST_CELL = 200
# A line that an export of ours puts between its rows, to say whose it is.
MARK = "#"
# What openpyxl raises for what only looks like a workbook.
_UNREADABLE = (
    CourseError,
    BadZipFile,
    OSError,
    OverflowError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    SyntaxError,
    AttributeError,
)

Row = tuple[int, list[str]]


def read(content: bytes) -> tuple[list[str], list[Row]]:
    """The headings and the rows ``(line from 1, cells)`` of a file; what it is, its content says.

    Formulas count for the value last shown. Empty lines and the marks of our own exports are left out.
    """
    rows: list[Row] = []
    if len(content) > LARGEST:
        raise DomainError(N_("This file is larger than 5 MB. Split it."), field="file")
    lines: Iterable[list[Any]] = _of_xlsx(content) if content.startswith(b"PK") else _of_csv(content)
    for line, cells in enumerate(lines, start=1):
        kept = [_plain(cell) for cell in cells[:MOST_COLUMNS]]
        if any(kept) and not kept[0].startswith(MARK):
            rows.append((line, kept))
        if len(rows) > MOST_ROWS + 1:
            raise DomainError(N_("This file has more than 10,000 rows. Split it."), field="file")
    if len(rows) < 2:
        raise DomainError(N_("There are no rows below the headings. Look into the file."), field="file")
    headings = rows[0][1]
    while not headings[-1]:
        headings.pop()
    return headings, [(line, cells[: len(headings)]) for line, cells in rows[1:]]


def _plain(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    # What an export of ours writes before a sign that would begin a formula.
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    return " ".join(text[:_LONGEST_CELL].replace("\x00", "").split())


def _of_csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    if first.lstrip().startswith(MARK):
        delimiter = max(",;\t", key=text.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise _unreadable() from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets of western Europe write when asked for CSV.
        return content.decode("cp1252", errors="replace")


def _of_xlsx(content: bytes) -> Iterable[list[object]]:
    from openpyxl import load_workbook

    try:
        if sum(len(each) for each in files_of(content).values()) > LARGEST_UNPACKED:
            raise _unreadable()
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # What the file says of its own size is not believed.
        sheet.reset_dimensions()
        most = MOST_ROWS * 2
        return [list(row) for row in sheet.iter_rows(max_row=most, max_col=MOST_COLUMNS, values_only=True)]
    except _UNREADABLE:
        raise _unreadable() from None


def _unreadable() -> DomainError:
    return DomainError(
        N_("This is not a table that can be read. Save it as XLSX or CSV and choose it again."), field="file"
    )
