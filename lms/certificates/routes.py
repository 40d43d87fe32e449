"""One's own certificates, the public check, revocation."""

import hmac

from flask import Blueprint, abort, current_app, flash, redirect, request, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.certificates import documents, forms, queries, service
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.web.forms import EmptyForm
from lms.web.guards import public, requires
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("certificates", __name__)


@bp.get("/certificates/")
@requires("certificates.own")
def own() -> Response:
    """What one has, and what is missing for the rest."""
    issued = queries.own(current_user.id)
    return page(
        "certificates/own.html",
        issued=issued,
        due=queries.due(current_user.id, issued),
        languages=reading_languages("en"),
        base_url=current_app.config["BASE_URL"],
    )


@bp.post("/learn/<uuid:enrolment_id>/certificate")
@requires("learning.study", of="enrolment")
def issue(enrolment: Enrolment) -> Response:
    """Issue the certificate that was earned; asking twice gives the same one."""
    form = EmptyForm()
    if form.attempt(service.issue, enrolment, by=current_user.id):
        flash(gettext("Your certificate is there. Congratulations!"), "success")
    else:
        flash(form.form_errors[0], "warning")
    return redirect(url_for(".own"))


@bp.get("/certificates/<uuid:credential_id>.pdf")
@requires("certificates.fetch", of="credential")
def pdf(credential: Credential) -> Response:
    """The PDF: kept since it was made, made now if it is not there."""
    config = current_app.config
    try:
        path = documents.keep_pdf(
            credential, data=config["DATA_DIR"], base_url=config["BASE_URL"], issuer=config["SITE_NAME"]
        )
    except Exception:
        # The award stands; the page says to come back, and the next asking tries again.
        current_app.logger.exception("certificate %s could not be printed", credential.id)
        abort(503)
    response = send_file(
        path, mimetype="application/pdf", as_attachment=True, download_name=f"certificate-{credential.code}.pdf"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


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


@bp.get("/verify/")
@public
def verify_form() -> Response:
    """Type a number; the answer has an address of its own."""
    if request.args.get("code", "").strip():
        return redirect(url_for(".verify", code=request.args["code"].strip()[:40]))
    return page("certificates/verify_form.html")


@bp.route("/verify/<code>", methods=["GET", "POST"])
@public
def verify(code: str) -> Response:
    """Valid, expired, revoked or unknown; the holder is confirmed only to who names them."""
    credential = service.find(code)
    form = forms.HolderForm()
    confirmed = None
    if credential is not None and form.validate_on_submit():
        config = current_app.config
        face = documents.face_of(
            credential, data=config["DATA_DIR"], base_url=config["BASE_URL"], issuer=config["SITE_NAME"]
        )
        typed = " ".join(form.holder.data.casefold().split())
        confirmed = hmac.compare_digest(typed.encode(), " ".join(face.holder.casefold().split()).encode())
    return page(
        "certificates/verify.html",
        form=form,
        credential=credential,
        confirmed=confirmed,
        code=code[:40],
        languages=reading_languages("en"),
        status=None if credential is not None else 404,
    )
