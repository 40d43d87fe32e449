"""Joining with a code: the mentor's list, and the pages of who waits."""

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts import sessions, throttle
from lms.accounts.models import Role
from lms.cohorts import forms, joining, prerequisites
from lms.cohorts.models import Cohort, JoinRequest
from lms.cohorts.routes.blueprint import bp
from lms.core.db import session
from lms.core.vault import vault_of
from lms.web.forms import EmptyForm
from lms.web.guards import public, requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/cohorts/<uuid:cohort_id>/joining")
@requires("cohorts.enrol", of="cohort")
def joining_list(cohort: Cohort) -> Response:
    """The join code of a cohort, and who waits to be let in."""
    return _joining_page(cohort)


def _joining_page(cohort: Cohort, form: forms.ReadyForm | None = None, asked: JoinRequest | None = None) -> Response:
    return page(
        "cohorts/joining.html",
        form=form,
        asked=asked,
        cohort=cohort,
        code=joining.present_code(cohort),
        waiting=joining.queue(cohort),
        first=prerequisites.shown_for(cohort),
        languages=reading_languages("en"),
    )


@bp.post("/cohorts/<uuid:cohort_id>/joining")
@requires("cohorts.enrol", of="cohort")
def change_code(cohort: Cohort) -> Response:
    """A new join code, or none."""
    act = joining.close_code if request.form.get("do") == "close" else joining.open_code
    form = EmptyForm()
    if not form.attempt(act, cohort, by=current_user.id):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".joining_list", cohort_id=cohort.id))


@bp.post("/join-requests/<uuid:join_request_id>")
@requires("cohorts.let_in", of="join_request")
def let_in(join_request: JoinRequest) -> Response:
    """Let somebody in, or send them away."""
    form, cohort_id = forms.ReadyForm(), join_request.cohort_id
    if request.form.get("do") == "refuse":
        joining.send_away(join_request, by=current_user.id)
    elif form.attempt(joining.let_in, join_request, by=current_user.id, unready=form.choice()):
        flash(gettext("%(number)s is enrolled.", number=form.result.number), "success")
    elif form.must_choose():
        return _joining_page(session.get_one(Cohort, cohort_id), form, join_request)
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".joining_list", cohort_id=cohort_id))


@bp.route("/join", methods=["GET", "POST"])
@public
def join() -> Response:
    """Type a join code, with an account or without."""
    person = current_user if sessions.is_signed_in() and current_user.role == Role.TRAINEE else None
    form, vault = forms.JoinForm(), vault_of(current_app.config["DATA_DIR"])
    key = vault.fingerprint(f"join {throttle.address_of(request.remote_addr)}")
    if form.validate_on_submit():
        if joining.is_locked(key):
            form.form_errors = [gettext("Too many wrong codes came from here. Wait a quarter of an hour.")]
            return page("cohorts/join.html", form=form, person=person, status=429)
        if form.attempt(joining.ask, form.code.data, person=person) and form.result:
            return redirect(url_for(".wait", token=form.result))
        if not form.refused():
            joining.count_wrong(key)
            form.form_errors = [gettext("There is no such code, or it has ended. Ask your mentor.")]
    return page("cohorts/join.html", form=form, person=person)


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def wait(token: str) -> Response:
    """The ticket to show to the mentor; once let in, on to the choice of a password."""
    if request.method == "POST" and (link := joining.take_place(token)) is not None:
        return redirect(url_for("accounts.recover", token=link))
    asked = joining.waiting_with(token)
    return page("cohorts/wait.html", asked=asked, token=token, status=None if asked else 410)
