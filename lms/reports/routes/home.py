"""The mentor's home, at the address of the list of cohorts."""

from flask import Response
from flask_login import current_user

from lms.assignments.service import assignment_of
from lms.cohorts.routes import bp
from lms.core import clock
from lms.reports import desk
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/cohorts/")
@requires("cohorts.list")
def index() -> Response:
    """What waits, and the cohorts of one's missions."""
    return page(
        "cohorts/index.html",
        desk=desk.of(current_user),
        assignment_of=assignment_of,
        languages=reading_languages("en"),
        now=clock.now(),
    )
