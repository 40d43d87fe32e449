"""A course as a book: asked for, waited for, fetched; and what goes with it on paper, for everyone and for mentors."""

from pathlib import Path

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.books import service, sheets
from lms.books.models import Book
from lms.core.db import session
from lms.library import rendering
from lms.library.edition import Edition, edition
from lms.library.models import CourseVersion
from lms.library.queries import newest_version_of
from lms.web.forms import EmptyForm
from lms.web.guards import can, requires
from lms.web.language import reading_languages
from lms.web.pages import download, page

bp = Blueprint("books", __name__)


@bp.post("/courses/<slug>/book")
@requires("library.browse")
def ask(slug: str) -> BaseResponse:
    """Ask for the newest version of a course as a file."""
    version_id = newest_version_of(slug, current_user) or abort(404)
    answers = "answers" in request.form
    if answers and not can("books.answers"):
        abort(403)
    course_id = session.get_one(CourseVersion, version_id).course_id
    wanted, kind = request.form.get("language", ""), request.form.get("kind", "")
    form = EmptyForm()
    if not form.attempt(service.ask_for_version, version_id, course_id, wanted, kind, answers=answers):
        abort(400)
    return redirect(url_for(".wait", book_id=form.result.id))


@bp.get("/books/<uuid:book_id>")
@requires("books.read", of="book")
def wait(book: Book) -> BaseResponse:
    """A page that goes on to the book as soon as it is there."""
    if book.sha256 is not None:
        return page("books/ready.html", book=book, size=_path(book).stat().st_size)
    return page("books/wait.html", book=book)


@bp.get("/books/<uuid:book_id>/file")
@requires("books.read", of="book")
def file(book: Book) -> BaseResponse:
    """The book itself."""
    if book.sha256 is None:
        return redirect(url_for(".wait", book_id=book.id))
    return download(_path(book), book.file_name, service.TYPES[book.kind])


def _path(book: Book) -> Path:
    path: Path = current_app.config["MEDIA"].path_of(book.sha256)
    return path if path.is_file() else abort(503)


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
def job_aid(slug: str) -> BaseResponse:
    """One page to carry on duty."""
    shown = _newest(slug)
    if shown.document.job_aid is None:
        abort(404)
    languages = _languages(shown)
    language, body = rendering.whole(shown, shown.document.job_aid, languages)
    return page("books/job_aid.html", edition=shown, languages=languages, language=language, body=body)


@bp.get("/courses/<slug>/job-aid.pdf")
@requires("library.browse")
def job_aid_pdf(slug: str) -> BaseResponse:
    """The job aid on paper."""
    shown = _newest(slug)
    if shown.document.job_aid is None:
        abort(404)
    media = current_app.config["MEDIA"].reader(shown.document)
    return _pdf(sheets.job_aid(shown.document, _languages(shown)[0], media), f"{shown.document.code}-job-aid.pdf")


@bp.get("/courses/<slug>/guide")
@requires("books.answers")
def guide(slug: str) -> BaseResponse:
    """The mentor's guide and what to observe."""
    shown = _newest(slug)
    document, languages = shown.document, _languages(shown)
    if document.guide is None and not document.observations:
        abort(404)
    language, body = rendering.whole(shown, document.guide, languages) if document.guide else (languages[0], None)
    return page("books/guide.html", edition=shown, languages=languages, language=language, body=body)


@bp.get("/courses/<slug>/checklist.pdf")
@requires("books.answers")
def checklist_pdf(slug: str) -> BaseResponse:
    """The observation checklist on paper."""
    shown = _newest(slug)
    if not shown.document.observations:
        abort(404)
    return _pdf(sheets.checklist(shown.document, _languages(shown)[0]), f"{shown.document.code}-checklist.pdf")


def _pdf(content: bytes, name: str) -> BaseResponse:
    disposition = f'inline; filename="{name}"'
    return current_app.response_class(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})
