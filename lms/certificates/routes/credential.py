"""The certificate as a credential: its text and its badge; setting it aside and back."""

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.certificates import forms, picture, service
from lms.certificates.jobs import text_kept
from lms.certificates.models import Credential
from lms.certificates.routes.blueprint import bp
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.credentials.baking import baked
from lms.web.forms import EmptyForm
from lms.web.guards import own_transactions, requires
from lms.web.pages import download, page


@bp.get("/certificates/<uuid:credential_id>.json")
@own_transactions
@requires("certificates.fetch", of="credential")
def text(credential: Credential) -> Response:
    """The signed text, for its holder and the mission's staff; it is nowhere public (decision 21)."""
    id, code = credential.id, credential.code
    return download(text_kept(id), f"certificate-{code}.json", "application/json")


@bp.get("/certificates/<uuid:credential_id>.png")
@own_transactions
@requires("certificates.fetch", of="credential")
def badge(credential: Credential) -> Response:
    """The badge with the signed text in it."""
    id, code, picture_of_it = credential.id, credential.code, picture.badge(credential.course_code)
    return download(baked(picture_of_it, text_kept(id)), f"badge-{code}.png")


@bp.route("/certificates/<uuid:credential_id>/suspend", methods=["GET", "POST"])
@requires("certificates.revoke", of="credential")
def suspend(credential: Credential) -> Response:
    """Set a certificate aside while something is looked into, with a reason."""
    form = forms.SuspendForm()
    if form.validate_on_submit() and form.attempt(service.suspend, credential, form.because.data, by=current_user.id):
        flash(gettext("The certificate is suspended. Whoever checks it sees that."), "success")
        return _to_cohort(credential)
    return page("certificates/suspend.html", form=form, credential=credential)


@bp.post("/certificates/<uuid:credential_id>/lift")
@requires("certificates.revoke", of="credential")
def lift(credential: Credential) -> Response:
    """Put a suspended certificate in force again."""
    if EmptyForm().attempt(service.lift, credential, by=current_user.id):
        flash(gettext("The certificate is in force again."), "success")
    return _to_cohort(credential)


def _to_cohort(credential: Credential) -> Response:
    cohort_id = session.get_one(Enrolment, credential.enrolment_id).cohort_id
    return redirect(url_for(".of_cohort", cohort_id=cohort_id))
