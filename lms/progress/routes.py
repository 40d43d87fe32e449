"""A newer version for a cohort, and a mission at a glance; the rest of progress is on the floor of reports."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.cohorts.models import Cohort
from lms.cohorts.queries import of_mission
from lms.core import clock
from lms.library.edition import edition
from lms.library.queries import newest_versions
from lms.missions import queries as missions
from lms.missions.models import Mission
from lms.progress import moving, queries
from lms.progress.cells import progress_cells
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("progress", __name__)
bp.add_app_template_global(progress_cells)


@bp.route("/cohorts/<uuid:cohort_id>/version", methods=["GET", "POST"])
@requires("cohorts.move", of="cohort")
def version(cohort: Cohort) -> BaseResponse:
    """What a newer version of the course changes for each trainee, and moving the cohort to it."""
    form, sent = EmptyForm(), request.form.get("version", type=UUID)
    if sent is not None and form.validate_on_submit() and form.attempt(moving.move, cohort, sent, by=current_user.id):
        flash(gettext("The cohort is on the new version. What was done stays done."), "success")
        return redirect(url_for(".cohort", cohort_id=cohort.id))
    newest = moving.newest_id(cohort)
    now, after = edition(cohort.course_version_id), edition(newest) if newest else None
    return page(
        "progress/version.html",
        form=form,
        cohort=cohort,
        now=now,
        after=after,
        changes=moving.changes(now, after) if after else None,
        effects=moving.effects(cohort, after) if after else [],
        words=moving.words_of(newest) if newest else None,
        languages=reading_languages(now.document.source_language),
    )


@bp.get("/missions/<uuid:mission_id>")
@requires("missions.see", of="mission")
def mission(mission: Mission) -> Response:
    """A mission at a glance: mandate, people, cohorts and how far they are."""
    return page(
        "progress/mission.html",
        mission=mission,
        forces=missions.force_names(mission.id),
        deployments=missions.deployments(mission),
        on_roll=missions.trainees_on_roll(mission),
        cohorts=of_mission(mission),
        averages=queries.average_progress(mission.id),
        courses=newest_versions(current_user),
        languages=reading_languages("en"),
        today=clock.today(),
    )
