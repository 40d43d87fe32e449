"""What comes before a cohort's course, and waiving it for one trainee."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.cohorts import forms, prerequisites
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.routes.blueprint import bp
from lms.core.db import session
from lms.library import queries as library
from lms.library.edition import edition
from lms.web.forms import EmptyForm, PartsForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/cohorts/<uuid:cohort_id>/prerequisites", methods=["GET", "POST"], endpoint="prerequisites")
@requires("cohorts.change", of="cohort")
def of_cohort(cohort: Cohort) -> Response:
    """What the course asks for by itself, what the cohort sets aside of it, and what it asks for beyond."""
    sent = request.form
    own, courses = prerequisites.own_of(cohort), library.newest_versions(current_user)
    told = cohort.prerequisites or {}
    # With what somebody asked for who sees more courses than one does oneself.
    known = dict.fromkeys([*(each.slug for each in courses), *told.get("also", [])])
    also = [slug for slug in known if f"also-{slug}" in sent]
    without = {slug: sent.get(f"reason-{slug}", "").strip() for slug in own if f"without-{slug}" in sent}
    form = PartsForm([sorted(told.get("also", [])), told.get("without", {})], [sorted(also), without])
    if form.validate_on_submit() and form.attempt(prerequisites.ask, cohort, also, without, by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".prerequisites", cohort_id=cohort.id))
    return page(
        "cohorts/prerequisites.html",
        form=form,
        cohort=cohort,
        own=own,
        courses={each.slug: each for each in courses if each.slug != edition(cohort.course_version_id).document.slug},
        told=told,
        known=[slug for slug in known if slug != edition(cohort.course_version_id).document.slug],
        languages=reading_languages("en"),
    )


@bp.route("/enrolments/<uuid:enrolment_id>/prerequisites", methods=["GET", "POST"])
@requires("enrolments.adjust", of="enrolment")
def waive(enrolment: Enrolment) -> Response:
    """Ask a course of one trainee no longer."""
    form, missing = forms.WaiveForm(), prerequisites.missing(enrolment)
    if form.validate_on_submit():
        slugs = [each.slug for each in missing if f"course-{each.slug}" in request.form]
        if form.attempt(prerequisites.waive, enrolment, slugs, form.reason.data, by=current_user.id):
            flash(gettext("It is waived for this trainee."), "success")
            return redirect(url_for("progress.trainee", enrolment_id=enrolment.id))
    return page(
        "cohorts/waive.html",
        form=form,
        enrolment=enrolment,
        trainee=session.get_one(User, enrolment.user_id),
        missing=missing,
        waivers=prerequisites.waivers_of(enrolment),
        languages=reading_languages("en"),
    )


@bp.post("/enrolments/<uuid:enrolment_id>/prerequisites/take-back")
@requires("enrolments.adjust", of="enrolment")
def take_waiver_back(enrolment: Enrolment) -> Response:
    """Ask a waived course of this trainee again."""
    form, sent = EmptyForm(), request.form
    told = (sent.get("course", ""), sent.get("reason", ""))
    if form.validate_on_submit() and form.attempt(prerequisites.take_back, enrolment, *told, by=current_user.id):
        flash(gettext("The waiver is taken back."), "success")
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".waive", enrolment_id=enrolment.id))
