"""A cohort's sessions: the list, a new one, changing one, cancelling one."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from lms.attendance import flags, forms, queries, service
from lms.attendance.models import TrainingSession
from lms.attendance.routes.blueprint import bp
from lms.attendance.times import zones
from lms.cohorts.models import Cohort
from lms.core import clock
from lms.core.db import session
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.pages import page


@bp.get("/sessions/")
@requires("sessions.list")
def today() -> Response:
    """What one teaches now and in the next two weeks, in all cohorts."""
    sessions = queries.around_today(current_user)
    trainers = queries.trainers_of([training for training, _ in sessions])
    return page("attendance/today.html", sessions=sessions, trainers=trainers, now=clock.now())


@bp.get("/cohorts/<uuid:cohort_id>/sessions")
@requires("cohorts.see", of="cohort")
def of_cohort(cohort: Cohort) -> Response:
    """A cohort's sessions with who was there, and what is worth a second look."""
    sheets = queries.sheets(cohort)
    sessions = queries.of_cohort(cohort)
    return page(
        "attendance/of_cohort.html",
        cohort=cohort,
        sessions=sessions,
        by_activity={each.activity_id: each for each in sessions},
        sheets=sheets,
        alike=flags.alike(sheets),
        counts=queries.counts_of(cohort),
        trainers=queries.trainers_of(sessions),
        in_room=queries.in_room,
        now=clock.now(),
    )


def _filled(form: forms.SessionForm, cohort: Cohort, trainer_id: UUID | None = None) -> forms.SessionForm:
    """With its choices; the present trainer stays one of them, wherever they are now."""
    form.zone.choices = [SelectChoice(each, each) for each in zones()]
    form.trainer.choices = [SelectChoice("", gettext("Not said"))]
    form.trainer.choices += [SelectChoice(str(id), name) for id, name in queries.trainers(cohort, trainer_id)]
    return form


def _agreed(form: forms.SessionForm) -> service.Plan:
    return service.Plan(
        topic=(form.topic.data or "").strip(),
        venue=form.venue.data.strip(),
        venue_code=(form.venue_code.data or "").strip(),
        day=form.day.data,
        begins=form.begins.data,
        ends=form.ends.data,
        zone=form.zone.data,
        trainer_id=UUID(form.trainer.data) if form.trainer.data else None,
    )


@bp.route("/cohorts/<uuid:cohort_id>/sessions/new", methods=["GET", "POST"])
@requires("cohorts.teach", of="cohort")
def plan(cohort: Cohort) -> Response:
    """A new session; place, zone and times are those of the last one until changed."""
    last = service.venue_last_used(cohort)
    told = {each: getattr(last, each) for each in ("venue", "venue_code", "zone", "begins", "ends")} if last else {}
    form = _filled(forms.SessionForm(data={"day": clock.today(), "zone": "UTC", **told}), cohort)
    if form.validate_on_submit() and form.attempt_once(
        TrainingSession, service.plan, cohort, _agreed(form), by=current_user.id
    ):
        flash(gettext("The session is planned."), "success")
        return redirect(url_for(".of_cohort", cohort_id=cohort.id))
    return page("attendance/plan.html", form=form, cohort=cohort, training=None)


@bp.route("/sessions/<uuid:training_id>/change", methods=["GET", "POST"])
@requires("sessions.hold", of="training")
def change(training: TrainingSession) -> Response:
    """Another time, place, topic or trainer."""
    cohort = session.get_one(Cohort, training.cohort_id)
    shown = forms.ChangeSessionForm(obj=training, data={"trainer": str(training.trainer_id or "")})
    form = _filled(shown, cohort, training.trainer_id)
    if form.validate_on_submit() and form.attempt(service.change, training, _agreed(form), by=current_user.id):
        flash(gettext("The session is changed. Calendars learn of it."), "success")
        return redirect(url_for(".sheet", training_id=training.id))
    return page("attendance/plan.html", form=form, cohort=cohort, training=training)


@bp.post("/sessions/<uuid:training_id>/cancel")
@requires("sessions.hold", of="training")
def cancel(training: TrainingSession) -> Response:
    """The session does not take place."""
    form = EmptyForm()
    if form.attempt(service.cancel, training, by=current_user.id):
        flash(gettext("The session is cancelled. Calendars learn of it."), "success")
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".of_cohort", cohort_id=training.cohort_id))
