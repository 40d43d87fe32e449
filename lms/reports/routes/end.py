"""The report at a course's end: its page, and its paper."""

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.cohorts.models import Cohort
from lms.core.db import session
from lms.reports import facts, service
from lms.reports.forms import LearntForm
from lms.reports.models import PrintedReport
from lms.reports.routes.blueprint import bp
from lms.web.guards import requires
from lms.web.language import current_direction, current_language, reading_languages
from lms.web.pages import download, page


@bp.route("/cohorts/<uuid:cohort_id>/report", methods=["GET", "POST"])
@requires("reports.see", of="cohort")
def end(cohort: Cohort) -> BaseResponse:
    """The report, and what was learnt in the mentors' own words."""
    form, (words, revision) = LearntForm(), service.learnt(cohort)
    if form.validate_on_submit() and form.attempt(
        service.keep_learnt, cohort, form.words.data or "", form.revision.data, by=current_user.id
    ):
        flash(gettext("Saved. It stands in the report now."), "success")
        return redirect(url_for(".end", cohort_id=cohort.id))
    if not form.is_submitted():
        form.words.data = words
    found = facts.of_cohort(cohort)
    return page(
        "reports/end.html",
        form=form,
        facts=found,
        learnt=words,
        revision=revision,
        listed="list" in request.args,
        languages=reading_languages(found.shown.document.source_language),
        rtl=current_direction() == "rtl",
    )


@bp.post("/cohorts/<uuid:cohort_id>/report/print")
@requires("reports.see", of="cohort")
def ask(cohort: Cohort) -> BaseResponse:
    """Ask for the report as a PDF, in the reader's language."""
    asked = service.ask_to_print(cohort, current_language(), listed="list" in request.form, by=current_user.id)
    return redirect(url_for(".printed", printed_report_id=asked.id))


@bp.get("/reports/<uuid:printed_report_id>")
@requires("reports.read", of="printed_report")
def printed(printed_report: PrintedReport) -> BaseResponse:
    """A page that goes on to the PDF as soon as it is there."""
    return page(
        "reports/printed.html", printed=printed_report, cohort=session.get_one(Cohort, printed_report.cohort_id)
    )


@bp.get("/reports/<uuid:printed_report_id>/file")
@requires("reports.read", of="printed_report")
def file(printed_report: PrintedReport) -> BaseResponse:
    """The PDF itself."""
    if printed_report.sha256 is None:
        return redirect(url_for(".printed", printed_report_id=printed_report.id))
    path = current_app.config["MEDIA"].path_of(printed_report.sha256)
    if not path.is_file():
        abort(503)
    return download(path, "cohort-report.pdf")
