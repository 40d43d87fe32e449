"""Title, dates and places of a cohort: on the floor of attendance, since sessions lie within its dates."""

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import cohort_dates
from lms.cohorts import forms
from lms.cohorts.models import Cohort
from lms.cohorts.routes import bp
from lms.web.guards import requires
from lms.web.pages import page


@bp.route("/cohorts/<uuid:cohort_id>/change", methods=["GET", "POST"])
@requires("cohorts.change", of="cohort")
def change(cohort: Cohort) -> Response:
    """Title, dates and places."""
    form = forms.DatesForm(obj=cohort)
    told = {each: form[each].data for each in ("title", "begins", "ends", "capacity")}
    if form.validate_on_submit() and form.attempt(cohort_dates.change, cohort, **told, by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for("progress.cohort", cohort_id=cohort.id))
    return page("cohorts/change.html", form=form, cohort=cohort)
