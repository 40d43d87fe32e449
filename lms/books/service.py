"""Asking for a book, and making it once for all who ask."""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from lms.books import epub
from lms.books import print as paper
from lms.books.models import Book
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.jobs import enqueue
from lms.core.words import N_
from lms.library.document import CourseDocument
from lms.library.edition import edition
from lms.library.media_store import MediaStore

Write = Callable[..., bytes]
FORMATS: dict[str, Write] = {"epub": epub.write, "pdf": paper.write}
TYPES = {"epub": "application/epub+zip", "pdf": "application/pdf"}


def ask_for_version(version_id: UUID, course_id: UUID, language: str, kind: str, *, answers: bool) -> Book:
    """The book of a published version, to be made if nobody asked for it before."""
    document = edition(version_id).document
    return _ask(document, language, kind, answers, course_id=course_id, version_id=version_id)


def ask_for_draft(document: CourseDocument, mission_id: UUID, language: str, kind: str, *, answers: bool) -> Book:
    """The book of a draft as it stands now; who may write for the mission may have it."""
    text = document.canonical_json()
    return _ask(document, language, kind, answers, mission_id=mission_id, document_text=text)


def _ask(
    document: CourseDocument,
    language: str,
    kind: str,
    answers: bool,
    *,
    course_id: UUID | None = None,
    version_id: UUID | None = None,
    mission_id: UUID | None = None,
    document_text: str | None = None,
) -> Book:
    if kind not in FORMATS or language not in document.languages:
        raise DomainError(N_("There is no such book. Choose one of those that the page offers."))
    key = "/".join(
        [str(course_id or mission_id), document.content_hash(), language, kind, "answers" if answers else "questions"]
    )
    known = session.scalar(select(Book).where(Book.key == key))
    if known is None:
        known = Book(
            key=key,
            course_id=course_id,
            version_id=version_id,
            mission_id=mission_id,
            document=document_text,
            file_name=f"{document.code}-{document.slug}-{language}{'-mentor' if answers else ''}.{kind}",
            language=language,
            kind=kind,
            answers=answers,
        )
        session.add(known)
        session.flush()
    if known.sha256 is None:
        known.failed = False
        enqueue("books.make", f"book/{known.id}", book_id=str(known.id))
    return known


def made(book: Book, store: MediaStore) -> bytes:
    """The book's bytes; takes seconds, so it is called where nobody waits."""
    if book.document is not None:
        document = CourseDocument.from_kept(book.document)
    else:
        assert book.version_id is not None
        document = edition(book.version_id).document
    return FORMATS[book.kind](document, book.language, store.reader(document), answers=book.answers)


def keep(book: Book, content: bytes, store: MediaStore) -> None:
    """Put a made book where all machines find it; a draft's words are no longer needed beside it."""
    digest = sha256(content).hexdigest()
    store.keep(digest, content)
    book.sha256, book.document = digest, None
