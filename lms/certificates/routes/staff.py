"""A cohort's certificates, and taking one back."""

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.certificates import forms, queries, service
from lms.certificates.models import Credential
from lms.certificates.routes.blueprint import bp
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.web.guards import requires
from lms.web.pages import page


@bp.get("/cohorts/<uuid:cohort_id>/certificates")
@requires("cohorts.see", of="cohort")
def of_cohort(cohort: Cohort) -> Response:
    """The certificates of a cohort, each with a way to revoke it."""
    return page("certificates/of_cohort.html", cohort=cohort, issued=queries.of_cohort(cohort))


@bp.route("/certificates/<uuid:credential_id>/revoke", methods=["GET", "POST"])
@requires("certificates.revoke", of="credential")
def revoke(credential: Credential) -> Response:
    """Take a certificate back, with a reason."""
    form = forms.RevokeForm()
    if form.validate_on_submit() and form.attempt(service.revoke, credential, form.because.data, by=current_user.id):
        flash(gettext("The certificate is revoked. Whoever checks it sees that."), "success")
        cohort_id = session.get_one(Enrolment, credential.enrolment_id).cohort_id
        return redirect(url_for(".of_cohort", cohort_id=cohort_id))
    return page("certificates/revoke.html", form=form, credential=credential)
