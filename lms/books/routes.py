"""What goes with a course on paper: the job aid for everyone, the guide and the checklist for mentors."""

from flask import Blueprint, Response, abort, current_app, request
from flask_login import current_user

from lms.books import sheets
from lms.library import rendering
from lms.library.edition import Edition, edition
from lms.library.queries import newest_version_of
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("books", __name__)


def _newest(slug: str) -> Edition:
    """The newest version of a course that the person may see."""
    return edition(newest_version_of(slug, current_user) or abort(404))


def _languages(shown: Edition) -> list[str]:
    """The languages to read in: what was asked for comes first."""
    asked = request.args.get("language")
    known = asked if asked in shown.document.languages else None
    return reading_languages(shown.document.source_language, known)


@bp.get("/courses/<slug>/job-aid")
@requires("library.browse")
def job_aid(slug: str) -> Response:
    """One page to carry on duty."""
    shown = _newest(slug)
    if shown.document.job_aid is None:
        abort(404)
    languages = _languages(shown)
    language, body = rendering.whole(shown, shown.document.job_aid, languages)
    return page("books/job_aid.html", edition=shown, languages=languages, language=language, body=body)


@bp.get("/courses/<slug>/job-aid.pdf")
@requires("library.browse")
def job_aid_pdf(slug: str) -> Response:
    """The job aid on paper."""
    shown = _newest(slug)
    if shown.document.job_aid is None:
        abort(404)
    media = current_app.config["MEDIA"].reader(shown.document)
    return _pdf(sheets.job_aid(shown.document, _languages(shown)[0], media), f"{shown.document.code}-job-aid.pdf")


@bp.get("/courses/<slug>/guide")
@requires("library.teach")
def guide(slug: str) -> Response:
    """The mentor's guide and what to observe."""
    shown = _newest(slug)
    document, languages = shown.document, _languages(shown)
    if document.guide is None and not document.observations:
        abort(404)
    language, body = rendering.whole(shown, document.guide, languages) if document.guide else (languages[0], None)
    return page("books/guide.html", edition=shown, languages=languages, language=language, body=body)


@bp.get("/courses/<slug>/checklist.pdf")
@requires("library.teach")
def checklist_pdf(slug: str) -> Response:
    """The observation checklist on paper."""
    shown = _newest(slug)
    if not shown.document.observations:
        abort(404)
    return _pdf(sheets.checklist(shown.document, _languages(shown)[0]), f"{shown.document.code}-checklist.pdf")


def _pdf(content: bytes, name: str) -> Response:
    disposition = f'inline; filename="{name}"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})
