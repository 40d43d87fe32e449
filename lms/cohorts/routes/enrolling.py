"""Places in a cohort: by number, from the queue, for somebody new, and for many of the roll at once."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.cohorts import forms, from_roll, prerequisites, queries, service
from lms.cohorts.models import Cohort
from lms.cohorts.routes.blueprint import bp
from lms.core.db import session
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


def _enrol_page(cohort: Cohort, form: forms.EnrolForm, new: forms.ReadyForm | None = None) -> Response:
    """The page of all doors; who is not ready is shown with what can be done."""
    refusal = (new or form).refusal
    return page(
        "cohorts/enrol.html",
        form=new or form,
        by_number=form,
        new=new,
        cohort=cohort,
        missing=refusal.missing if isinstance(refusal, prerequisites.NotReady) else [],
        asked=prerequisites.shown_for(cohort),
        no_room=isinstance(form.refusal, service.NoRoom),
        queue=queries.queue(cohort),
        languages=reading_languages("en"),
    )


@bp.route("/cohorts/<uuid:cohort_id>/enrol", methods=["GET", "POST"])
@requires("cohorts.enrol", of="cohort")
def enrol(cohort: Cohort) -> Response:
    """Give a trainee who is known a place."""
    form = forms.EnrolForm()
    if form.validate_on_submit() and form.attempt(
        service.enrol, cohort, form.number.data, by=current_user.id, unready=form.choice()
    ):
        flash(gettext("%(number)s is enrolled.", number=form.number.data.strip().upper()), "success")
        return redirect(url_for(".enrol", cohort_id=cohort.id))
    return _enrol_page(cohort, form)


@bp.post("/cohorts/<uuid:cohort_id>/queue")
@requires("cohorts.enrol", of="cohort")
def queue_up(cohort: Cohort) -> Response:
    """A trainee waits for a place."""
    form = forms.EnrolForm()
    if form.validate_on_submit() and form.attempt(service.wait, cohort, form.number.data, by=current_user.id):
        number = form.number.data.strip().upper()
        flash(gettext("%(number)s is number %(turn)s in the queue.", number=number, turn=form.result), "success")
        return redirect(url_for(".enrol", cohort_id=cohort.id))
    return _enrol_page(cohort, form)


@bp.post("/cohorts/<uuid:cohort_id>/queue/<uuid:waiting_id>/place")
@requires("cohorts.enrol", of="cohort")
def give_place(cohort: Cohort, waiting_id: UUID) -> Response:
    """A free place for who has waited longest."""
    waiting = service.waiting_in(cohort, waiting_id)
    if waiting is None:
        return _waits_no_more(cohort)
    trainee = session.get_one(User, waiting.user_id)
    form = forms.EnrolForm(number=trainee.shown_as)
    if form.attempt(service.place, cohort, trainee, by=current_user.id):
        flash(gettext("%(number)s is enrolled.", number=trainee.shown_as), "success")
    elif isinstance(form.refusal, prerequisites.NotReady):
        return _enrol_page(cohort, form)
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".enrol", cohort_id=cohort.id))


@bp.post("/cohorts/<uuid:cohort_id>/queue/<uuid:waiting_id>/end")
@requires("cohorts.enrol", of="cohort")
def stop_waiting(cohort: Cohort, waiting_id: UUID) -> Response:
    """Somebody waits no more."""
    waiting, form = service.waiting_in(cohort, waiting_id), EmptyForm()
    if waiting is None:
        return _waits_no_more(cohort)
    if not form.attempt(service.stop_waiting, waiting, by=current_user.id):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".enrol", cohort_id=cohort.id))


def _waits_no_more(cohort: Cohort) -> Response:
    flash(gettext("This trainee waits no more: somebody has seen to it meanwhile."), "error")
    return redirect(url_for(".enrol", cohort_id=cohort.id))


@bp.post("/cohorts/<uuid:cohort_id>/trainees")
@requires("cohorts.enrol", of="cohort")
def add_trainee(cohort: Cohort) -> Response:
    """A new trainee with a place; the one-time link is shown once, and a new one where the form is sent again."""
    form = forms.ReadyForm()
    if not form.attempt_once(User, service.add_trainee, cohort, by=current_user.id, unready=form.choice()):
        if form.must_choose():
            return _enrol_page(cohort, forms.EnrolForm(formdata=None), form)
        flash(form.form_errors[0], "error")
        return redirect(url_for(".enrol", cohort_id=cohort.id))
    return _added(cohort, form.result, again=form.again)


def _added(cohort: Cohort, trainee: User, *, again: bool) -> Response:
    if trainee.password_hash is not None:
        return redirect(url_for(".enrol", cohort_id=cohort.id))
    token = accounts.make_link(trainee, by=current_user.id)
    link = current_app.config["BASE_URL"] + url_for("accounts.recover", token=token)
    return page("cohorts/trainee_added.html", cohort=cohort, trainee=trainee, link=link, again=again)


@bp.route("/cohorts/<uuid:cohort_id>/enrol/roll", methods=["GET", "POST"])
@requires("cohorts.enrol", of="cohort")
def enrol_from_roll(cohort: Cohort) -> Response:
    """Give places to many trainees of the mission's roll at once."""
    form, asked = forms.ReadyForm(), request.args
    unit, everybody = asked.get("unit", type=UUID), "everybody" in asked
    chosen = request.form.getlist("chosen", type=UUID)
    sent = form.validate_on_submit() and form.attempt(
        from_roll.enrol_many, cohort, chosen, by=current_user.id, unready=form.choice()
    )
    listed, count = from_roll.candidates(cohort, unit, new=not everybody)
    free = from_roll.free_places(cohort)
    return page(
        "cohorts/enrol_from_roll.html",
        form=form,
        cohort=cohort,
        listed=listed,
        count=count,
        lacking=prerequisites.lacking(cohort, [each.id for each in listed]),
        languages=reading_languages("en"),
        units=from_roll.units(cohort.mission_id),
        unit=unit,
        everybody=everybody,
        free=free,
        ticked={each.id for each in listed} if count <= free and not chosen else set(chosen),
        outcome=form.result if sent else None,
    )
