"""Cells of the cohort table as HTML, kept: there are a hundred different ones, and a page shows thousands."""

from collections.abc import Iterable
from functools import cache

from flask import render_template
from markupsafe import Markup

from lms.progress.outline import Row
from lms.web.language import current_language


def progress_cells(rows: Iterable[Row | None]) -> Markup:
    """Each activity's state as a table cell: sign or best score, and words for who does not see."""
    interface = current_language()
    cells = [
        _cell(row.shown_as, row.percent, row.aloud, interface) if row else _cell("none", None, False, interface)
        for row in rows
    ]
    return Markup("".join(cells))  # noqa: S704 - Markup already, and escaping a thousand of them takes time


@cache
def _cell(state: str, percent: int | None, aloud: bool, interface: str) -> Markup:
    html = render_template("components/progress_cell.html", state=state, percent=percent, aloud=aloud)
    return Markup(html)  # noqa: S704 - a template of ours, autoescaped
