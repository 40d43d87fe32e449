"""A cohort's progress and marks as a workbook: numbers are numbers, and no cell can become a formula."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from lms.core.percent import whole
from lms.core.sheets import safe_cell
from lms.core.words import pick
from lms.library.edition import Edition
from lms.progress.outline import Row, word_of
from lms.progress.standing import Standing
from lms.progress.table import Rows

# A cell is a text, or a number with how it is shown: a share of one as percent, a count as it is.
PERCENT, COUNT = "0%", "0"


class Share(NamedTuple):
    """A share of one, in whole percent as on the pages, and what a reader sees behind it."""

    value: float
    remark: str = ""


Cell = str | int | Share | None


def cohort_xlsx(
    edition: Edition,
    stands: list[Standing],
    rows: Mapping[UUID, Rows],
    marks: Mapping[UUID, Any],
    languages: list[str],
    words: Mapping[str, str],
    *,
    right_to_left: bool,
) -> bytes:
    """Two sheets, progress and marks, with a line for each trainee; the heading and the numbers stay in view.

    ``marks`` are ``(final, passed, parts)`` by enrolment; ``words`` are ours in the reader's language: the names of the
    sheets and columns, and each state's.
    """
    from openpyxl import Workbook

    titles = {id: pick(each.title, languages)[1] for id, each in edition.activities.items()}
    book = Workbook(write_only=True)
    head = [words["number"], words["done"], words["required"], *titles.values()]
    lines = ([each.number, each.done, each.total, *(_state(row, words) for row in rows[each.id])] for each in stands)
    _sheet(book, words["progress"], head, lines, right_to_left)
    counted = [id for id in titles if any(id in mark.parts for mark in marks.values())]
    head = [words["number"], words["final"], words["passed"], *(titles[id] for id in counted)]
    lines = (_marks(each.number, marks[each.id], counted, words) for each in stands)
    _sheet(book, words["marks"], head, lines, right_to_left)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _state(row: Row | None, words: Mapping[str, str]) -> Cell:
    """The best score where there is one, with what else the table says of it; else the state in words."""
    if row is None or row.score is None:
        return words[word_of(row)]
    remarks = [] if row.done else [words[row.shown_as]]
    return Share(row.score, ", ".join([*remarks, words["aloud"]] if row.aloud else remarks))


def _marks(number: str, mark: Any, counted: Sequence[str], words: Mapping[str, str]) -> list[Cell]:
    passed = None if mark.passed is None else words["yes"] if mark.passed else words["no"]
    scores = [mark.parts[id].score if id in mark.parts else None for id in counted]
    return [number, _share(mark.final), passed, *map(_share, scores)]


def _share(score: float | None) -> Share | None:
    return None if score is None else Share(score)


def _sheet(book: Any, name: str, head: list[str], lines: Iterable[list[Cell]], right_to_left: bool) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sheet = book.create_sheet(name[:31])
    # All of it before the first row: a sheet that is written as it goes takes it no later.
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 14

    def cell(value: Cell) -> Any:
        if isinstance(value, Share):
            made = WriteOnlyCell(sheet, value=whole(value.value) / 100)
            made.number_format = f'{PERCENT}" {value.remark}"' if value.remark else PERCENT
            return made
        made = WriteOnlyCell(sheet, value=safe_cell(value) if isinstance(value, str) else value)
        if isinstance(value, int):
            made.number_format = COUNT
        return made

    headings = [cell(each) for each in head]
    for each in headings:
        each.font = Font(bold=True)
    sheet.append(headings)
    for line in lines:
        sheet.append([cell(each) for each in line])
