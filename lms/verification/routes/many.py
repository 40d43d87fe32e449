"""Checking many certificates at once."""

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.core.db import transaction
from lms.verification import forms, many
from lms.verification.routes.asking import ask
from lms.verification.routes.blueprint import bp
from lms.web.guards import own_transactions, public, takes_some_files
from lms.web.language import reading_languages
from lms.web.pages import download, page


@bp.route("/verify/many", methods=["GET", "POST"])
@public
@takes_some_files
@own_transactions
def check_many() -> Response:
    """A line for each number and file, on the page or as CSV; nothing of it is kept."""
    form, lines, passed, status = forms.ManyForm(), None, 0, None
    if form.validate_on_submit():
        lines, passed, status = ask(form, form.cells(), form.shown())
    with transaction(write=False):
        languages = reading_languages("en")
        if lines is not None and request.form.get("as") == "csv":
            return download(many.as_csv(lines, languages=languages, say=gettext), "certificates.csv", "text/csv")
        return page("verification/many.html", form=form, lines=lines, passed=passed, languages=languages, status=status)
