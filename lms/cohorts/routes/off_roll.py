"""Off the roll: on the floor of cohorts, since a place in one comes first."""

from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.cohorts import forms, off_roll
from lms.cohorts.routes.blueprint import bp
from lms.core.db import session
from lms.missions.models import Mission, RollEntry
from lms.web.guards import requires
from lms.web.pages import page


@bp.route("/missions/<uuid:mission_id>/roll/<uuid:person_id>/off", methods=["GET", "POST"], endpoint="off_roll")
@requires("roll.keep", of="mission")
def take_off(mission: Mission, person_id: UUID) -> Response:
    """Say what will happen to this trainee's account, ask why, and take them off."""
    entry, form = session.get(RollEntry, (mission.id, person_id)) or abort(404), forms.OffRollForm()
    if form.validate_on_submit() and form.attempt(off_roll.take_off, entry, form.because.data, by=current_user.id):
        flash(gettext("The trainee is off the roll."), "success")
        return redirect(url_for("roster.roll", mission_id=mission.id))
    trainee, stays = session.get_one(User, person_id), off_roll.has_record(entry)
    return page("cohorts/off_roll.html", form=form, mission=mission, trainee=trainee, stays=stays)
