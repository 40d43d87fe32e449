"""Progress as a file for a spreadsheet, in which no cell can become a formula."""

import csv
import io

from lms.core.sheets import safe_cell
from lms.core.words import pick
from lms.library.edition import Edition
from lms.progress.queries import Standing


def cohort_csv(edition: Edition, standings: list[Standing], languages: list[str]) -> str:
    """One line for each trainee: number, required activities done, then each activity's state and best score,
    and whether it was given aloud.

    A byte-order mark lets spreadsheets see that it is UTF-8.
    """
    out = io.StringIO()
    out.write("\ufeff")
    lines = csv.writer(out)
    head = ["number", "done", "required"]
    for activity in edition.activities.values():
        head.append(safe_cell(pick(activity.title, languages)[1]))
    lines.writerow(head)
    for standing in standings:
        cells = [safe_cell(standing.number), str(standing.outline.done), str(standing.outline.total)]
        for row in standing.outline.rows.values():
            score = "" if row.score is None else f" {round(row.score * 100)}%"
            cells.append(row.shown_as + score + (" aloud" if row.aloud else ""))
        lines.writerow(cells)
    return out.getvalue()
