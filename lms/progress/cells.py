"""Cells of the cohort table as HTML, kept: there are a hundred different ones, and a page shows thousands."""

from functools import cache

from flask import render_template
from markupsafe import Markup

from lms.progress.outline import Row
from lms.web.language import current_language


def progress_cell(row: Row) -> Markup:
    """An activity's state as a table cell: sign or best score, and words for who does not see."""
    return _cell(row.shown_as, row.percent, current_language())


@cache
def _cell(state: str, percent: int | None, interface: str) -> Markup:
    html = render_template("components/progress_cell.html", state=state, percent=percent)
    return Markup(html)  # noqa: S704 - a template of ours, autoescaped
