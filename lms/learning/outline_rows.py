"""Rows of the course outline as HTML, kept: a course has few of them, and every page of it shows them all."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from flask import render_template
from markupsafe import Markup

from lms.library.edition import Edition, edition
from lms.progress.outline import Row
from lms.web.language import current_language


def outline_rows(shown: Edition, rows: Iterable[Row], languages: list[str], current: str | None, short: bool) -> Markup:
    """A module's activities with their states; a row is the same for every trainee in that state."""
    order, interface = tuple(languages), current_language()
    html = [
        _row(
            shown.version_id,
            row.activity.id,
            row.shown_as,
            None if short else row.percent,
            () if short else tuple(each.id for each in row.waits_for),
            row.activity.id == current,
            None if short else row.opens,
            None if short or row.seen_to else row.due,
            short,
            order,
            interface,
        )
        for row in rows
    ]
    return Markup("".join(html))  # noqa: S704 - Markup already


@lru_cache(maxsize=16384)
def _row(
    version_id: UUID,
    activity_id: str,
    state: str,
    percent: int | None,
    waits_for: tuple[str, ...],
    current: bool,
    opens: date | None,
    due: date | None,
    short: bool,
    languages: tuple[str, ...],
    interface: str,
) -> Markup:
    activities = edition(version_id).activities
    return Markup(  # noqa: S704 - a template of ours, autoescaped
        render_template(
            "components/outline_row.html",
            activity=activities[activity_id],
            state=state,
            percent=percent,
            waits_for=[activities[each] for each in waits_for],
            current=current,
            opens=opens,
            due=due,
            short=short,
            languages=languages,
        )
    )
