"""Making books in the background."""

from uuid import UUID

from flask import current_app

from lms.books import service
from lms.books.models import Book
from lms.core.db import session, transaction
from lms.core.jobs import job


@job("books.make")
def make(book_id: str) -> None:
    """Print a book; who waits for one that cannot be printed is told so, and asking again tries again."""
    store, id = current_app.config["MEDIA"], UUID(book_id)
    try:
        with transaction(write=False):
            book = session.get_one(Book, id)
            if book.sha256 is not None:
                return
            content = service.made(book, store)
        with transaction():
            service.keep(session.get_one(Book, id), content, store)
    except Exception:
        with transaction():
            session.get_one(Book, id).failed = True
        raise
