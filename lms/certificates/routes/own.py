"""One's own certificates: what one has, what is missing, and the file."""

from flask import abort, current_app, flash, redirect, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.certificates import documents, queries, service
from lms.certificates.models import Credential
from lms.certificates.routes.blueprint import bp
from lms.cohorts.models import Enrolment
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


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
