"""The public check: anyone types a number and learns what it is worth."""

import hmac

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.certificates import documents, forms, queries, service
from lms.certificates.routes.blueprint import bp
from lms.credentials import compact
from lms.web.guards import public
from lms.web.language import reading_languages
from lms.web.pages import page


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
        typed, printed = (compact.plain(each).encode() for each in (form.holder.data, face.holder))
        confirmed = hmac.compare_digest(typed, printed)
    return page(
        "certificates/verify.html",
        form=form,
        credential=credential,
        confirmed=confirmed,
        later=queries.renewed_by(credential) if credential is not None else None,
        code=code[:40],
        languages=reading_languages("en"),
        status=None if credential is not None else 404,
    )
