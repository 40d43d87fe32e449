"""Issuing for a cohort: dry run, a second person, progress, the archive and the list."""

from flask import abort, current_app, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.certificates import archive, bulk, forms, issue_list, unprinted
from lms.certificates.models import Issuing
from lms.certificates.routes.blueprint import bp
from lms.cohorts.models import Cohort
from lms.core import audit
from lms.core.db import session, start_writing, transaction
from lms.library.edition import edition
from lms.web.forms import EmptyForm
from lms.web.guards import own_transactions, requires
from lms.web.language import current_language, reading_languages
from lms.web.pages import download, page

# Lines on a page; the printed list has them all.
MOST = 200


@bp.route("/cohorts/<uuid:cohort_id>/certificates/issue", methods=["GET", "POST"])
@own_transactions
@requires("certificates.issue_many", of="cohort")
def prepare(cohort: Cohort) -> Response:
    """Choose the kind; nothing is issued before its dry run, which is made outside the turn to write."""
    form = forms.IssueForm()
    with transaction(write=False):
        given = {rule.kind for rule in edition(cohort.course_version_id).document.rules()}
        form.kind.choices = [choice for choice in form.kind.choices if choice.value in given]
        if not form.validate_on_submit() or not form.attempt(
            bulk.judged, cohort, form.kind.data, form.numbers.data or ""
        ):
            return page("certificates/prepare.html", form=form, cohort=cohort)
        by = current_user.id
        start_writing()
        return _back(bulk.prepare(cohort, form.kind.data, form.result, by=by))


@bp.route("/issuings/<uuid:issuing_id>", methods=["GET", "POST"])
@requires("certificates.issuing", of="issuing")
def issuing(issuing: Issuing) -> Response:
    """The dry run, then how far it is, then what came of it."""
    form, cohort = EmptyForm(), session.get_one(Cohort, issuing.cohort_id)
    if form.validate_on_submit() and form.attempt(bulk.go, issuing, by=current_user.id):
        return _back(issuing)
    return page(
        "certificates/issuing.html",
        form=form,
        issuing=issuing,
        cohort=cohort,
        counts=bulk.counts(issuing),
        lacking=bulk.lines(issuing, lacking=True, most=MOST),
        others=bulk.lines(issuing, lacking=False, most=MOST),
        people={id: session.get_one(User, id).username for id in bulk.people(issuing)},
        unprinted=unprinted.of_issuing(issuing.id) if issuing.started_at else {},
        ready=archive.is_ready(issuing, current_app.config["DATA_DIR"]),
        languages=reading_languages(edition(cohort.course_version_id).document.source_language),
    )


def _back(issuing: Issuing) -> Response:
    return redirect(url_for(".issuing", issuing_id=issuing.id))


@bp.post("/issuings/<uuid:issuing_id>/approve")
@requires("certificates.approve", of="issuing")
def approve(issuing: Issuing) -> Response:
    """Approve what somebody else proposed: it begins at once."""
    form = EmptyForm()
    if not form.attempt(bulk.approve, issuing, by=current_user.id):
        flash(form.form_errors[0], "error")
    return _back(issuing)


@bp.route("/issuings/<uuid:issuing_id>/refuse", methods=["GET", "POST"])
@requires("certificates.approve", of="issuing")
def refuse(issuing: Issuing) -> Response:
    """Refuse it, with a reason."""
    form = forms.RefuseForm()
    if form.validate_on_submit() and form.attempt(bulk.refuse, issuing, form.because.data, by=current_user.id):
        flash(gettext("Refused. Who proposed it reads why."), "success")
        return _back(issuing)
    return page("certificates/refuse.html", form=form, issuing=issuing)


@bp.post("/issuings/<uuid:issuing_id>/archive")
@requires("certificates.issuing", of="issuing")
def pack(issuing: Issuing) -> Response:
    """Have all its PDFs put into one file."""
    form = EmptyForm()
    if not form.attempt(archive.ask, issuing, data=current_app.config["DATA_DIR"], by=current_user.id):
        flash(form.form_errors[0], "error")
    return _back(issuing)


@bp.post("/issuings/<uuid:issuing_id>/certificates.zip")
@requires("certificates.issuing", of="issuing")
def take_archive(issuing: Issuing) -> Response:
    """The archive; on record, because it leaves the house."""
    data = current_app.config["DATA_DIR"]
    if not archive.is_ready(issuing, data):
        abort(404)
    audit.record("certificates.archive_taken", actor_id=current_user.id, object_id=issuing.id, files=issuing.packed)
    return download(archive.path_of(data, issuing.id), "certificates.zip", "application/zip")


@bp.post("/issuings/<uuid:issuing_id>/list.pdf")
@own_transactions
@requires("certificates.issuing", of="issuing")
def print_list(issuing: Issuing) -> Response:
    """A list to sign for what one received; on record, and made outside the turn to write."""
    cohort = session.get_one(Cohort, issuing.cohort_id)
    made = issue_list.List(
        cohort=cohort.title,
        course=edition(cohort.course_version_id).document.title,
        kind=issuing.kind,
        lines=tuple((row.shown_as, row.code, row.issued_at.date()) for row in bulk.to_hand_over(issuing.id)),
        language=current_language(),
    )
    id, by = issuing.id, current_user.id
    with transaction():
        audit.record("certificates.list_printed", actor_id=by, object_id=id, lines=len(made.lines))
    return download(issue_list.pdf(made), "certificates.pdf")
