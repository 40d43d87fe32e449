"""Asking for a course as a book, waiting for it, and fetching it."""

from pathlib import Path

from flask import Blueprint, abort, current_app, redirect, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.books import service
from lms.books.models import Book
from lms.core.db import session
from lms.library.models import CourseVersion
from lms.library.queries import newest_version_of
from lms.web.forms import EmptyForm
from lms.web.guards import can, requires
from lms.web.pages import page

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
    kind = service.TYPES[book.kind]
    response = send_file(_path(book), mimetype=kind, as_attachment=True, download_name=book.file_name, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _path(book: Book) -> Path:
    path: Path = current_app.config["MEDIA"].path_of(book.sha256)
    return path if path.is_file() else abort(503)
