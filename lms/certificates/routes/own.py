"""One's own certificates: what one has, what is missing, and the file."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.certificates import queries, service, transcript, unprinted
from lms.certificates.jobs import keep_pdf
from lms.certificates.models import Credential
from lms.certificates.routes.blueprint import bp
from lms.cohorts.models import Enrolment
from lms.core.vault import vault_of
from lms.core.words import LANGUAGES
from lms.web.forms import EmptyForm
from lms.web.guards import own_transactions, requires
from lms.web.language import current_language, reading_languages
from lms.web.pages import download, page


@bp.get("/certificates/")
@requires("certificates.own")
def own() -> Response:
    """What one has, and what is missing for the rest."""
    return page(
        "certificates/own.html",
        issued=queries.own(current_user.id),
        due=queries.due(current_user.id),
        of_two=queries.missions_of_two(current_user.id),
        languages=reading_languages("en"),
        printed_in=LANGUAGES,
        base_url=current_app.config["BASE_URL"],
    )


@bp.post("/learn/<uuid:enrolment_id>/certificate")
@requires("learning.study", of="enrolment")
def issue(enrolment: Enrolment) -> Response:
    """Issue the certificate that was earned; asking twice gives the same one."""
    form = EmptyForm()
    kind = request.form.get("kind", "completion")
    if form.attempt(service.issue, enrolment, by=current_user.id, kind=kind):
        flash(gettext("Your certificate is there. Congratulations!"), "success")
    else:
        flash(form.form_errors[0], "warning")
    return redirect(url_for(".own"))


@bp.get("/certificates/<uuid:credential_id>.pdf")
@own_transactions
@requires("certificates.fetch", of="credential")
def pdf(credential: Credential) -> Response:
    """The PDF: kept since it was made, made and noted now if it is not there (decision 22)."""
    id, code, valid = credential.id, credential.code, credential.status == "valid"
    try:
        path = keep_pdf(id)
    except Exception as error:
        # The award stands; the page says to come back, and the next asking tries again.
        current_app.logger.exception("certificate %s could not be printed", id)
        waits = unprinted.waits(error)
        return page("certificates/not_printed.html", status=503, code=code, valid=valid, waits=waits)
    return download(path, f"certificate-{code}.pdf")


@bp.post("/certificates/<uuid:credential_id>/sharing")
@requires("certificates.share", of="credential")
def share(credential: Credential) -> Response:
    """Hide it from who looks up numbers, or show it again."""
    hidden = request.form.get("hidden") == "yes"
    if EmptyForm().attempt(service.hide, credential, hidden, by=current_user.id):
        flash(gettext("Its number finds nothing now.") if hidden else gettext("Its number finds it again."), "success")
    return redirect(url_for(".own"))


@bp.get("/certificates/transcript.pdf")
@requires("certificates.own")
def own_transcript() -> Response:
    """All of one's courses on paper, in a language that is chosen."""
    language = request.args.get("language", "")
    return transcript_of(current_user, language if language in LANGUAGES else current_language())


def transcript_of(person: User, language: str, mission_id: UUID | None = None) -> Response:
    """The transcript as a download."""
    config = current_app.config
    made = transcript.of(
        person,
        vault=vault_of(config["DATA_DIR"]),
        base_url=config["BASE_URL"],
        issuer=config["SITE_NAME"],
        mission_id=mission_id,
    )
    return download(transcript.pdf(made, language), "transcript.pdf")
