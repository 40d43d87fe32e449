"""Drafts as files for elsewhere."""

from lms.books import service as books
from lms.books.models import Book
from lms.exchange import package
from lms.library.media_store import MediaStore
from lms.studio import readiness
from lms.studio.models import Draft


def package_of(draft: Draft, *, store: MediaStore) -> bytes:
    """The draft as a course package; what is unfinished cannot travel."""
    document = readiness.document_of(draft)
    return package.write(document, store.reader(document))


def book_of(draft: Draft, language: str, kind: str, *, answers: bool) -> Book:
    """The draft as a book, to be made in the background; what is unfinished cannot be printed."""
    return books.ask_for_draft(readiness.document_of(draft), draft.mission_id, language, kind, answers=answers)
