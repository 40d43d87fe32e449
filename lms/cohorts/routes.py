"""A mentor's cohorts: the list, a new one, places in it."""

from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from lms.accounts.models import User
from lms.cohorts import closing, forms, from_roll, joining, queries, schedule, service
from lms.cohorts.models import Cohort, Enrolment, JoinRequest, Waiting
from lms.core.db import session
from lms.core.vault import vault_of
from lms.core.words import pick
from lms.library import queries as library
from lms.library.edition import edition
from lms.missions.models import Mission
from lms.web.forms import EmptyForm
from lms.web.guards import public, requires
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("cohorts", __name__)


@bp.get("/cohorts/")
@requires("cohorts.list")
def index() -> Response:
    """The cohorts of one's missions."""
    return page("cohorts/index.html", cohorts=queries.visible(current_user), languages=reading_languages("en"))


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
    if form.validate_on_submit() and form.attempt(
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


@bp.route("/cohorts/<uuid:cohort_id>/enrol", methods=["GET", "POST"])
@requires("cohorts.enrol", of="cohort")
def enrol(cohort: Cohort) -> BaseResponse:
    """Give a trainee who is known a place."""
    form = forms.EnrolForm()
    if form.validate_on_submit() and form.attempt(service.enrol, cohort, form.number.data, by=current_user.id):
        flash(gettext("%(number)s is enrolled.", number=form.number.data.strip().upper()), "success")
        return redirect(url_for(".enrol", cohort_id=cohort.id))
    return page(
        "cohorts/enrol.html",
        form=form,
        cohort=cohort,
        no_room=isinstance(form.refusal, service.NoRoom),
        queue=queries.queue(cohort),
    )


@bp.route("/cohorts/<uuid:cohort_id>/enrol/roll", methods=["GET", "POST"])
@requires("cohorts.enrol", of="cohort")
def enrol_from_roll(cohort: Cohort) -> BaseResponse:
    """Give places to many trainees of the mission's roll at once."""
    form, asked = EmptyForm(), request.args
    unit, everybody, chosen = (
        asked.get("unit", type=UUID),
        "everybody" in asked,
        request.form.getlist("chosen", type=UUID),
    )
    sent = form.validate_on_submit() and form.attempt(from_roll.enrol_many, cohort, chosen, by=current_user.id)
    listed, count = from_roll.candidates(cohort, unit, new=not everybody)
    free = from_roll.free_places(cohort)
    return page(
        "cohorts/enrol_from_roll.html",
        form=form,
        cohort=cohort,
        listed=listed,
        count=count,
        units=from_roll.units(cohort.mission_id),
        unit=unit,
        everybody=everybody,
        free=free,
        ticked={each.id for each in listed} if count <= free and not chosen else set(chosen),
        outcome=form.result if sent else None,
    )


@bp.post("/cohorts/<uuid:cohort_id>/queue")
@requires("cohorts.enrol", of="cohort")
def queue_up(cohort: Cohort) -> BaseResponse:
    """A trainee waits for a place."""
    form = forms.EnrolForm()
    if form.validate_on_submit() and form.attempt(service.wait, cohort, form.number.data, by=current_user.id):
        number = form.number.data.strip().upper()
        flash(gettext("%(number)s is number %(turn)s in the queue.", number=number, turn=form.result), "success")
        return redirect(url_for(".enrol", cohort_id=cohort.id))
    return page("cohorts/enrol.html", form=form, cohort=cohort, no_room=False, queue=queries.queue(cohort))


@bp.post("/waiting/<uuid:waiting_id>/place")
@requires("waiting.place", of="waiting")
def give_place(waiting: Waiting) -> BaseResponse:
    """A free place for who has waited longest."""
    form, cohort = EmptyForm(), session.get_one(Cohort, waiting.cohort_id)
    trainee = session.get_one(User, waiting.user_id)
    if form.attempt(service.place, cohort, trainee, by=current_user.id):
        flash(gettext("%(number)s is enrolled.", number=trainee.shown_as), "success")
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".enrol", cohort_id=cohort.id))


@bp.post("/waiting/<uuid:waiting_id>/end")
@requires("waiting.place", of="waiting")
def stop_waiting(waiting: Waiting) -> BaseResponse:
    """Somebody waits no more."""
    form, cohort_id = EmptyForm(), waiting.cohort_id
    if not form.attempt(service.stop_waiting, waiting, by=current_user.id):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".enrol", cohort_id=cohort_id))


@bp.post("/cohorts/<uuid:cohort_id>/trainees")
@requires("cohorts.enrol", of="cohort")
def add_trainee(cohort: Cohort) -> BaseResponse:
    """A new trainee with a place; the one-time link is shown once."""
    form = EmptyForm()
    if not form.attempt(service.add_trainee, cohort, by=current_user.id):
        flash(form.form_errors[0], "error")
        return redirect(url_for(".enrol", cohort_id=cohort.id))
    trainee, token = form.result
    link = current_app.config["BASE_URL"] + url_for("accounts.recover", token=token)
    return page("cohorts/trainee_added.html", cohort=cohort, trainee=trainee, link=link)


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


@bp.get("/cohorts/<uuid:cohort_id>/joining")
@requires("cohorts.enrol", of="cohort")
def joining_list(cohort: Cohort) -> Response:
    """The join code of a cohort, and who waits to be let in."""
    return page("cohorts/joining.html", cohort=cohort, code=joining.present_code(cohort), waiting=joining.queue(cohort))


@bp.post("/cohorts/<uuid:cohort_id>/joining")
@requires("cohorts.enrol", of="cohort")
def change_code(cohort: Cohort) -> BaseResponse:
    """A new join code, or none."""
    act = joining.close_code if request.form.get("do") == "close" else joining.open_code
    act(cohort, by=current_user.id)
    return redirect(url_for(".joining_list", cohort_id=cohort.id))


@bp.post("/join-requests/<uuid:join_request_id>")
@requires("cohorts.let_in", of="join_request")
def let_in(join_request: JoinRequest) -> BaseResponse:
    """Let somebody in, or send them away."""
    form, cohort_id = EmptyForm(), join_request.cohort_id
    act = joining.send_away if request.form.get("do") == "refuse" else joining.let_in
    if not form.attempt(act, join_request, by=current_user.id):
        flash(form.form_errors[0], "error")
    elif isinstance(form.result, User):
        flash(gettext("%(number)s is enrolled.", number=form.result.number), "success")
    return redirect(url_for(".joining_list", cohort_id=cohort_id))


@bp.route("/join", methods=["GET", "POST"])
@public
def join() -> BaseResponse:
    """Type a join code, without an account."""
    form, key = forms.JoinForm(), vault_of(current_app.config["DATA_DIR"]).fingerprint(f"join {request.remote_addr}")
    if form.validate_on_submit():
        if joining.is_locked(key):
            form.form_errors = [gettext("Too many wrong codes came from here. Wait a quarter of an hour.")]
            return page("cohorts/join.html", form=form, status=429)
        if form.attempt(joining.ask, form.code.data) and form.result:
            return redirect(url_for(".wait", token=form.result))
        if not form.refused():
            joining.count_wrong(key)
            form.form_errors = [gettext("There is no such code, or it has ended. Ask your mentor.")]
    return page("cohorts/join.html", form=form)


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def wait(token: str) -> BaseResponse:
    """The ticket to show to the mentor; once let in, on to the choice of a password."""
    if request.method == "POST" and (link := joining.take_place(token)) is not None:
        return redirect(url_for("accounts.recover", token=link))
    asked = joining.waiting_with(token)
    return page("cohorts/wait.html", asked=asked, token=token, status=None if asked else 410)


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


@bp.route("/cohorts/<uuid:cohort_id>/change", methods=["GET", "POST"])
@requires("cohorts.change", of="cohort")
def change(cohort: Cohort) -> BaseResponse:
    """Title, dates and places."""
    form = forms.DatesForm(obj=cohort)
    told = {each: form[each].data for each in ("title", "begins", "ends", "capacity")}
    if form.validate_on_submit() and form.attempt(service.change, cohort, **told, by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for("progress.cohort", cohort_id=cohort.id))
    return page("cohorts/change.html", form=form, cohort=cohort)


def _number(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    return None if not text else int(text) if text.isdecimal() and len(text) < 6 else -1


@bp.route("/cohorts/<uuid:cohort_id>/days", methods=["GET", "POST"])
@requires("cohorts.change", of="cohort")
def days(cohort: Cohort) -> BaseResponse:
    """When each activity opens and is due."""
    form, shown = EmptyForm(), edition(cohort.course_version_id)
    if form.validate_on_submit():
        told = {id: schedule.Days(_number(f"opens-{id}"), _number(f"due-{id}")) for id in shown.activities}
        if form.attempt(schedule.set_days, cohort, told, by=current_user.id):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".days", cohort_id=cohort.id))
    return page(
        "cohorts/days.html",
        form=form,
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
        if form.attempt(closing.correct, cohort, form.reason.data, by=current_user.id):
            flash(gettext("You may correct this cohort for half an hour."), "success")
            return redirect(url_for("progress.cohort", cohort_id=cohort.id))
    return page("cohorts/close.html", form=form, cohort=cohort, corrections=queries.corrections(cohort))
