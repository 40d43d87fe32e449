"""The code on the projector, and the trainee who types it."""

from flask import current_app, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import forms, queries, room_code, service
from lms.attendance.models import TrainingSession
from lms.attendance.routes.blueprint import bp
from lms.attendance.words import mark_name
from lms.core import clock
from lms.record.models import Status
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.pages import page


@bp.post("/sessions/<uuid:training_id>/check-in/open")
@requires("sessions.hold", of="training")
def open_check_in(training: TrainingSession) -> Response:
    """Let people check in, and show the code."""
    form = EmptyForm()
    if form.attempt(service.open_check_in, training, by=current_user.id):
        return redirect(url_for(".projector", training_id=training.id))
    flash(form.form_errors[0], "error")
    return redirect(url_for(".sheet", training_id=training.id))


@bp.post("/sessions/<uuid:training_id>/check-in/close")
@requires("sessions.hold", of="training")
def close_check_in(training: TrainingSession) -> Response:
    """No more codes."""
    service.close_check_in(training, by=current_user.id)
    flash(gettext("Checking in is closed."), "success")
    return redirect(url_for(".sheet", training_id=training.id))


@bp.get("/sessions/<uuid:training_id>/code")
@requires("sessions.hold", of="training")
def projector(training: TrainingSession) -> Response:
    """The code in letters that the last row can read; the page renews itself, and shows no names."""
    now = clock.now()
    return page(
        "attendance/projector.html",
        training=training,
        open=service.is_open(training, now),
        code=room_code.code_at(training.code_key, str(training.id), now),
        seconds=room_code.seconds_left(now),
        arrived=queries.in_room(queries.marks_of(training)),
        address=(current_app.config["BASE_URL"] + url_for(".check_in")).split("://", 1)[-1].rstrip("/"),
    )


def _answer(mark: str) -> tuple[str, str]:
    """What the mark that stands means to whoever typed the right code, and how loudly it is said."""
    if mark in (Status.PRESENT, Status.LATE):
        return gettext("You are checked in."), "success"
    words = gettext(
        "The code is right, but you are marked already: %(mark)s. If you are here, ask your trainer to change it.",
        mark=mark_name(mark),
    )
    return words, "warning"


@bp.route("/check-in/", methods=["GET", "POST"])
@requires("attendance.check_in")
def check_in() -> Response:
    """Type the code from the wall; which session it is follows from the code."""
    form = forms.CodeForm()
    if form.validate_on_submit() and form.attempt(service.check_in, current_user._get_current_object(), form.code.data):
        if form.result is not None:
            flash(*_answer(form.result))
            return redirect(url_for(".check_in"))
        form.code.errors = [gettext("This code does not fit. It changes every minute: type the one shown now.")]
    waiting = queries.open_for(current_user.id)
    marks = {each.id: queries.marks_of(each).get(enrolment.id) for each, enrolment in waiting}
    return page("attendance/check_in.html", form=form, waiting=waiting, marks=marks)
