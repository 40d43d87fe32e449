"""Checking a file: a PDF, a badge, or a signed text."""

from werkzeug.wrappers import Response

from lms.core.db import transaction
from lms.verification import forms
from lms.verification.routes.asking import ask
from lms.verification.routes.blueprint import bp
from lms.web.guards import own_transactions, public
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/verify/file", methods=["GET", "POST"])
@public
@own_transactions
def file() -> Response:
    """Check a certificate's PDF, a badge, a credential file, or pasted text; nothing of it is kept."""
    form, lines, status = forms.FileForm(), None, None
    if form.validate_on_submit():
        lines, _, status = ask(form, (), [("", form.shown())])
    with transaction(write=False):
        line = lines[0] if lines else None
        return page("verification/file.html", form=form, line=line, languages=reading_languages("en"), status=status)
