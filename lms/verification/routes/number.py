"""Checking by number: anyone types it, or follows a link, and learns what it is worth."""

import hmac

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.certificates import documents, queries, service
from lms.certificates.models import Credential
from lms.core.db import transaction
from lms.credentials import compact
from lms.verification import forms, lookup
from lms.verification.routes.blueprint import bp
from lms.web.guards import can, own_transactions, public
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/verify/")
@public
def number_form() -> Response:
    """Type a number; the answer has an address of its own."""
    if request.args.get("code", "").strip():
        return redirect(url_for(".number", code=request.args["code"].strip()[:40]))
    return page("verification/number_form.html")


@bp.route("/verify/<code>", methods=["GET", "POST"])
@public
@own_transactions
def number(code: str) -> Response:
    """Valid, expired, revoked or unknown; the holder is confirmed only to who names them.

    Whoever may fetch the certificate sees a hidden one too, and is not counted (decision 25).
    """
    form, confirmed = forms.HolderForm(), None
    with transaction(write=False):
        credential = lookup.by_number(code) or _of_ones_own(code)
        if credential is not None and form.validate_on_submit():
            confirmed = _is_holder(credential, form.holder.data)
        counted = None
        if request.method == "GET" and credential is not None and not can("certificates.fetch", credential):
            counted = credential.id
        answer = page(
            "verification/number.html",
            form=form,
            credential=credential,
            confirmed=confirmed,
            later=queries.renewed_by(credential) if credential is not None else None,
            code=code[:40],
            languages=reading_languages("en"),
            status=None if credential is not None else 404,
        )
    if counted is not None:
        with transaction():
            lookup.count([counted])
    return answer


def _of_ones_own(code: str) -> Credential | None:
    """A hidden certificate, to its holder and the mission's staff."""
    credential = service.find(code)
    return credential if credential is not None and can("certificates.fetch", credential) else None


def _is_holder(credential: Credential, typed: str) -> bool:
    config = current_app.config
    face = documents.face_of(
        credential, data=config["DATA_DIR"], base_url=config["BASE_URL"], issuer=config["SITE_NAME"]
    )
    return hmac.compare_digest(*(compact.plain(each).encode() for each in (typed, face.holder)))
