"""The grade sheet, what counts, the history of each mark, and a trainee's own marks."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.grades import forms, history, queries, service
from lms.grades.marks import ATTENDANCE, FINAL, graded, pass_mark_in, weights_in
from lms.library.edition import edition
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import Form, page

bp = Blueprint("grades", __name__)


@bp.get("/cohorts/<uuid:cohort_id>/grades")
@requires("cohorts.see", of="cohort")
def sheet(cohort: Cohort) -> Response:
    """Trainees by what has a score, and their final marks."""
    shown, scheme = edition(cohort.course_version_id), queries.scheme_of(cohort.id)
    search = request.args.get("q", "")[:20].strip()
    return page(
        "grades/sheet.html",
        cohort=cohort,
        edition=shown,
        activities=graded(shown),
        weights=weights_in(scheme, shown),
        pass_mark=pass_mark_in(scheme, shown),
        listed=queries.sheet(cohort, scheme, search, max(1, request.args.get("page", 1, int))),
        search=search,
        languages=reading_languages(shown.document.source_language),
        FINAL=FINAL,
        ATTENDANCE=ATTENDANCE,
    )


@bp.route("/cohorts/<uuid:cohort_id>/grades/scheme", methods=["GET", "POST"])
@requires("cohorts.change", of="cohort")
def scheme(cohort: Cohort) -> BaseResponse:
    """What counts with what weight."""
    shown, now = edition(cohort.course_version_id), queries.scheme_of(cohort.id)
    languages, weights = reading_languages(shown.document.source_language), weights_in(now, shown)
    form = forms.scheme_form(shown, now, languages)
    if form.validate_on_submit():
        wanted = {id: form[f"weight-{id}"].data for id in weights}
        if form.attempt(service.set_scheme, cohort, wanted, form.pass_mark.data, by=current_user.id):
            flash(gettext("Saved. Every mark follows it already."), "success")
            return redirect(url_for(".sheet", cohort_id=cohort.id))
    return page(
        "grades/scheme.html",
        form=form,
        cohort=cohort,
        edition=shown,
        activities=graded(shown),
        weights=weights,
        unweighed=[each for each in graded(shown) if now.weights is not None and each.id not in now.weights],
        earlier=queries.schemes(cohort),
        languages=languages,
        ATTENDANCE=ATTENDANCE,
    )


@bp.get("/enrolments/<uuid:enrolment_id>/grades")
@requires("enrolments.see", of="enrolment")
def trainee(enrolment: Enrolment) -> Response:
    """How all marks of a trainee came about."""
    return _page("grades/trainee.html", enrolment, events=history.of_trainee(enrolment))


@bp.get("/enrolments/<uuid:enrolment_id>/grades/<activity_id>")
@requires("enrolments.see", of="enrolment")
def activity(enrolment: Enrolment, activity_id: str) -> Response:
    """How one mark came about."""
    return _activity(enrolment, activity_id, forms.OverrideForm())


@bp.post("/enrolments/<uuid:enrolment_id>/grades/<activity_id>")
@requires("grades.override", of="enrolment")
def override(enrolment: Enrolment, activity_id: str) -> BaseResponse:
    """Set a score in place of what was earned, or let what was earned count again."""
    form = forms.OverrideForm()
    if form.validate_on_submit():
        if request.form.get("do") == "back":
            saved = form.attempt(service.take_back, enrolment, activity_id, form.reason.data, by=current_user.id)
        else:
            given = (form.score.data, form.reason.data)
            saved = form.attempt(service.override, enrolment, activity_id, *given, by=current_user.id)
        if saved:
            flash(gettext("Saved. The trainee sees it now."), "success")
            return redirect(url_for(".activity", enrolment_id=enrolment.id, activity_id=activity_id))
    return _activity(enrolment, activity_id, form)


def _activity(enrolment: Enrolment, activity_id: str, form: Form) -> Response:
    shown = edition(enrolment.course_version_id)
    known = {each.id: each for each in graded(shown)}
    if activity_id != FINAL and activity_id not in known:
        abort(404)
    return _page(
        "grades/activity.html",
        enrolment,
        form=form,
        activity=known.get(activity_id),
        activity_id=activity_id,
        events=history.of_activity(enrolment, activity_id),
    )


def _page(template: str, enrolment: Enrolment, *, form: Form | None = None, **values: Any) -> Response:
    shown = edition(enrolment.course_version_id)
    return page(
        template,
        form=form,
        enrolment=enrolment,
        edition=shown,
        mark=queries.mark_of(enrolment),
        cohort=session.get_one(Cohort, enrolment.cohort_id),
        person=session.get_one(User, enrolment.user_id),
        languages=reading_languages(shown.document.source_language),
        FINAL=FINAL,
        ATTENDANCE=ATTENDANCE,
        **values,
    )


@bp.get("/enrolments/<uuid:enrolment_id>/marks")
@requires("learning.study", of="enrolment")
def own(enrolment: Enrolment) -> Response:
    """A trainee's own marks, what they are made of, and what to do when one is wrong."""
    shown = edition(enrolment.course_version_id)
    return page(
        "grades/own.html",
        enrolment=enrolment,
        edition=shown,
        mark=queries.mark_of(enrolment),
        words=queries.overrides_of(enrolment),
        languages=reading_languages(shown.document.source_language, enrolment.language),
        FINAL=FINAL,
        ATTENDANCE=ATTENDANCE,
    )
