"""Checking a file: a PDF, a badge, or a signed text."""

from flask import request
from werkzeug.wrappers import Response

from lms.core.db import transaction
from lms.verification import forms, lookup
from lms.verification.routes.blueprint import bp
from lms.web.guards import own_transactions, public
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/verify/file", methods=["GET", "POST"])
@public
@own_transactions
def file() -> Response:
    """Check a certificate's PDF, a badge, a credential file, or pasted text; nothing of it is kept."""
    form, checked = forms.FileForm(), None
    with transaction(write=False):
        if request.method == "POST" and form.validate_on_submit():
            checked = lookup.by_file(form.shown())
        found = checked.credential.id if checked is not None and checked.credential is not None else None
        answer = page("verification/file.html", form=form, checked=checked, languages=reading_languages("en"))
    if found is not None:
        with transaction():
            lookup.count([found])
    return answer
