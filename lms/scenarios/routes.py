"""A branching scenario, one moment a page."""

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.cohorts import prerequisites
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.library.activities import Scenario
from lms.library.edition import edition
from lms.library.rendering import media_url
from lms.progress.queries import outline_of
from lms.scenarios import service
from lms.scenarios.models import Run
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("scenarios", __name__)


@bp.route("/learn/<uuid:enrolment_id>/<activity_id>/scenario", methods=["GET", "POST"])
@requires("learning.study", of="enrolment")
def start(enrolment: Enrolment, activity_id: str) -> BaseResponse:
    """What the scenario is about; a POST begins it or goes on with it."""
    shown = edition(enrolment.course_version_id)
    activity = shown.activities.get(activity_id)
    if not isinstance(activity, Scenario):
        abort(404)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(service.begin, enrolment, activity_id):
        return redirect(url_for(".step", run_id=form.result.id))
    return page(
        "scenarios/start.html",
        form=form,
        enrolment=enrolment,
        edition=shown,
        scenario=activity,
        row=outline_of(enrolment).rows[activity_id],
        missing=prerequisites.missing(enrolment),
        runs=service.runs_at(enrolment, activity_id),
        languages=reading_languages(shown.document.source_language, enrolment.language),
    )


@bp.route("/scenarios/<uuid:run_id>", methods=["GET", "POST"])
@requires("scenarios.play", of="run")
def step(run: Run) -> BaseResponse:
    """The moment that the run has come to: what followed from the last decision, and what may be done now."""
    form = EmptyForm()
    if form.validate_on_submit():
        step, place = request.form.get("step", -1, type=int), request.form.get("choice", 0, type=int)
        if form.attempt(service.decide, run, step, place):
            return redirect(url_for(".step", run_id=run.id))
    steps, here = service.way(run)
    shown = edition(run.course_version_id)
    enrolment = session.get_one(Enrolment, run.enrolment_id)
    return page(
        "scenarios/end.html" if here.outcome else "scenarios/step.html",
        form=form,
        run=run,
        scenario=service.scenario_of(run),
        edition=shown,
        steps=steps,
        here=here,
        image=media_url(shown.document.media, here.image.file) if here.image else None,
        choices=service.offered(run, here),
        outline=outline_of(enrolment) if here.outcome else None,
        languages=reading_languages(shown.document.source_language, enrolment.language),
    )
