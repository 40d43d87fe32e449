"""A mentor's cohorts: a new one, and what is set up in it; the list is the mentor's home, on the floor of reports."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from lms.accounts.models import User
from lms.cohorts import closing, forms, queries, schedule, service
from lms.cohorts.models import Cohort, Correction, Enrolment
from lms.cohorts.routes.blueprint import bp
from lms.core.db import session
from lms.core.vault import vault_of
from lms.core.words import pick
from lms.library import queries as library
from lms.library.edition import edition
from lms.missions.models import Mission
from lms.web.forms import EmptyForm, PartsForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/missions/<uuid:mission_id>/cohorts/new", methods=["GET", "POST"])
@requires("cohorts.create", of="mission")
def create(mission: Mission) -> BaseResponse:
    """A new cohort of a mission."""
    form = forms.CohortForm()
    courses = library.newest_versions(current_user)
    form.course.choices = [
        SelectChoice(str(course.id), f"{course.code} · {pick(course.title, reading_languages('en'))[1]}")
        for course in courses
    ]
    if form.validate_on_submit() and form.attempt_once(
        Cohort,
        service.create,
        mission,
        UUID(form.course.data),
        title=form.title.data,
        begins=form.begins.data,
        ends=form.ends.data,
        capacity=form.capacity.data,
        by=current_user.id,
    ):
        flash(gettext("The cohort is there. Now give trainees a place in it."), "success")
        return redirect(url_for(".enrol", cohort_id=form.result.id))
    return page("cohorts/create.html", form=form, mission=mission)


@bp.route("/enrolments/<uuid:enrolment_id>/name", methods=["GET", "POST"])
@requires("enrolments.name", of="enrolment")
def name(enrolment: Enrolment) -> BaseResponse:
    """A trainee's real name for certificates: kept, changed or removed, and never shown."""
    form = forms.NameForm()
    vault = vault_of(current_app.config["DATA_DIR"])
    if form.validate_on_submit() and form.attempt(
        service.keep_name, enrolment, form.name.data, vault=vault, by=current_user.id
    ):
        flash(gettext("The name is kept, encrypted.") if form.name.data.strip() else gettext("No name is kept."))
        return redirect(url_for("progress.trainee", enrolment_id=enrolment.id))
    return page("cohorts/name.html", form=form, enrolment=enrolment, trainee=session.get_one(User, enrolment.user_id))


@bp.post("/enrolments/<uuid:enrolment_id>/end")
@requires("enrolments.end", of="enrolment")
def end(enrolment: Enrolment) -> BaseResponse:
    """The trainee leaves the cohort."""
    form = EmptyForm()
    if form.attempt(service.end_enrolment, enrolment, request.form.get("because", ""), by=current_user.id):
        flash(gettext("The trainee has left the cohort. What was done stays on record."), "success")
    else:
        flash(form.form_errors[0], "error")
        return redirect(url_for("progress.trainee", enrolment_id=enrolment.id))
    return redirect(url_for("progress.cohort", cohort_id=enrolment.cohort_id))


@bp.route("/enrolments/<uuid:enrolment_id>/adjust", methods=["GET", "POST"])
@requires("enrolments.adjust", of="enrolment")
def adjust(enrolment: Enrolment) -> BaseResponse:
    """More days and more time for one trainee."""
    form = forms.AdjustForm(obj=enrolment)
    if form.validate_on_submit() and form.attempt(
        service.adjust,
        enrolment,
        extension_days=form.extension_days.data,
        extra_time=form.extra_time.data,
        by=current_user.id,
    ):
        flash(gettext("Saved."), "success")
        return redirect(url_for("progress.trainee", enrolment_id=enrolment.id))
    return page("cohorts/adjust.html", form=form, enrolment=enrolment, trainee=session.get_one(User, enrolment.user_id))


def _number(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    return None if not text else int(text) if text.isdecimal() and len(text) < 6 else -1


@bp.route("/cohorts/<uuid:cohort_id>/days", methods=["GET", "POST"])
@requires("cohorts.change", of="cohort")
def days(cohort: Cohort) -> BaseResponse:
    """When each activity opens and is due."""
    shown = edition(cohort.course_version_id)
    told = {id: schedule.Days(_number(f"opens-{id}"), _number(f"due-{id}")) for id in shown.activities}
    stood = {id: schedule.days_of(cohort, id) for id in shown.activities}
    form = PartsForm(stood, told)
    if form.validate_on_submit() and form.attempt(schedule.set_days, cohort, told, by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".days", cohort_id=cohort.id))
    return page(
        "cohorts/days.html",
        form=form,
        stood=stood,
        cohort=cohort,
        edition=shown,
        calendar=schedule.Schedule(cohort.begins, cohort.schedule),
        languages=reading_languages(shown.document.source_language),
    )


@bp.route("/cohorts/<uuid:cohort_id>/instructors", methods=["GET", "POST"])
@requires("cohorts.change", of="cohort")
def instructors(cohort: Cohort) -> BaseResponse:
    """Local instructors who teach here."""
    form = forms.InstructorForm()
    if form.validate_on_submit() and form.attempt(
        service.name_instructor, cohort, form.username.data, by=current_user.id
    ):
        flash(gettext("%(name)s teaches in this cohort from now on.", name=form.result.username), "success")
        return redirect(url_for(".instructors", cohort_id=cohort.id))
    return page("cohorts/instructors.html", form=form, cohort=cohort, instructors=queries.instructors(cohort))


@bp.route("/cohorts/<uuid:cohort_id>/lead", methods=["GET", "POST"])
@requires("cohorts.lead", of="cohort")
def lead(cohort: Cohort) -> BaseResponse:
    """Another mentor answers for the cohort."""
    present, possible = queries.lead_of(cohort), queries.may_lead(cohort)
    form = forms.LeadForm(person=str(present))
    form.person.choices = [SelectChoice(str(id), name) for id, name in possible]
    if present not in {id for id, _ in possible}:
        form.person.choices.insert(0, SelectChoice("", gettext("Choose")))
    if form.validate_on_submit() and form.attempt(service.set_lead, cohort, UUID(form.person.data), by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for("progress.cohort", cohort_id=cohort.id))
    return page("cohorts/lead.html", form=form, cohort=cohort, teachers=queries.teachers(cohort))


@bp.post("/cohorts/<uuid:cohort_id>/instructors/<uuid:person_id>/end")
@requires("cohorts.change", of="cohort")
def remove_instructor(cohort: Cohort, person_id: UUID) -> BaseResponse:
    """An instructor teaches here no more."""
    form = EmptyForm()
    if not form.attempt(service.remove_instructor, cohort, person_id, by=current_user.id):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".instructors", cohort_id=cohort.id))


@bp.route("/cohorts/<uuid:cohort_id>/close", methods=["GET", "POST"])
@requires("cohorts.close", of="cohort")
def close(cohort: Cohort) -> BaseResponse:
    """Close the cohort; once it is closed, begin a correction with a reason."""
    form = forms.ReasonForm()
    if form.validate_on_submit():
        if cohort.closed_at is None:
            closing.close(cohort, by=current_user.id)
            flash(gettext("The cohort is closed."), "success")
            return redirect(url_for("progress.cohort", cohort_id=cohort.id))
        if form.attempt_once(Correction, closing.correct, cohort, form.reason.data, by=current_user.id):
            flash(gettext("You may correct this cohort for half an hour."), "success")
            return redirect(url_for("progress.cohort", cohort_id=cohort.id))
    return page("cohorts/close.html", form=form, cohort=cohort, corrections=queries.corrections(cohort))
