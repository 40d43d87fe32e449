"""Checking by number: anyone types it, or follows a link, and learns what it is worth."""

from flask import current_app, redirect, request, url_for
from flask_babel import format_time, gettext
from werkzeug.wrappers import Response

from lms.accounts import throttle
from lms.certificates import queries, service
from lms.certificates.models import Credential
from lms.core.db import transaction
from lms.core.vault import vault_of
from lms.verification import forms, holders, lookup
from lms.verification.routes.blueprint import bp
from lms.web.guards import can, own_transactions, public
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/verify/")
@public
def number_form() -> Response:
    """Type a number; the answer has an address of its own."""
    if typed := request.args.get("code", "").strip():
        # What holds none is answered too, without the sign that parts an address.
        code = service.number_in(typed) or typed[:40].replace("/", " ").strip()
        return redirect(url_for(".number", code=code or "-"))
    return page("verification/number_form.html")


@bp.get("/verify/<code>")
@public
@own_transactions
def number(code: str) -> Response:
    """Valid, expired, revoked or unknown.

    Whoever may fetch the certificate sees a hidden one too, and is not counted (decision 25).
    """
    with transaction(write=False):
        credential = _found(code)
        counted = [credential.id] if credential is not None and not can("certificates.fetch", credential) else []
        answer = _page(code, credential, forms.HolderForm())
    lookup.count(counted)
    return answer


@bp.post("/verify/<code>")
@public
@own_transactions
def compare(code: str) -> Response:
    """The holder is confirmed only to who names them, and only to so many tries."""
    config, form, is_asked, confirmed, status = current_app.config, forms.HolderForm(), False, None, None
    with transaction(write=False):
        credential_id = found.id if (found := _found(code)) is not None else None
    if credential_id is not None and form.validate_on_submit():
        address = throttle.address_of(request.remote_addr)
        until = holders.take_try(credential_id, address=address, vault=vault_of(config["DATA_DIR"]))
        is_asked = until is None
        if until is not None:
            status = 429
            form.form_errors = [
                gettext("Too many tries. You can try again at %(time)s.", time=format_time(until, "short"))
            ]
    with transaction(write=False):
        credential = _found(code)
        if is_asked and credential is not None:
            confirmed = holders.is_holder(credential, form.holder.data, data=config["DATA_DIR"])
        return _page(code, credential, form, confirmed, status)


def _found(code: str) -> Credential | None:
    """What this number is of; a hidden certificate only to its holder and the mission's staff."""
    credential = lookup.by_number(code)
    if credential is None and (hidden := service.find(code)) is not None and can("certificates.fetch", hidden):
        return hidden
    return credential


def _page(
    code: str,
    credential: Credential | None,
    form: forms.HolderForm,
    confirmed: bool | None = None,
    status: int | None = None,
) -> Response:
    return page(
        "verification/number.html",
        form=form,
        credential=credential,
        confirmed=confirmed,
        later=queries.renewed_by(credential) if credential is not None else None,
        code=code[:40],
        languages=reading_languages("en"),
        status=status if credential is not None else 404,
    )
