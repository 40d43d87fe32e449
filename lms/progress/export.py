"""Progress as a file for a spreadsheet, in which no cell can become a formula."""

import csv
import io
from collections.abc import Mapping
from uuid import UUID

from lms.core.sheets import safe_cell
from lms.core.words import pick
from lms.library.edition import Edition
from lms.progress.outline import Row, word_of
from lms.progress.standing import Standing
from lms.progress.table import Rows


def cohort_csv(edition: Edition, stands: list[Standing], rows: Mapping[UUID, Rows], languages: list[str]) -> str:
    """One line for each trainee: number, required activities done, then each activity's state and best score,
    and whether it was given aloud.

    For other programs: the states are codes, and they and the first three headings are alike in every language; the
    cohort's page says what they mean. A byte-order mark lets spreadsheets see that it is UTF-8.
    """
    out = io.StringIO()
    out.write("\ufeff")
    lines = csv.writer(out)
    titles = [safe_cell(pick(activity.title, languages)[1]) for activity in edition.activities.values()]
    lines.writerow(["number", "done", "required", *titles])
    for each in stands:
        lines.writerow([safe_cell(each.number), each.done, each.total, *map(_code, rows[each.id])])
    return out.getvalue()


def _code(row: Row | None) -> str:
    score = "" if row is None or row.percent is None else f" {row.percent}%"
    return word_of(row) + score + (" aloud" if row and row.aloud else "")
