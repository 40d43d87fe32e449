"""What mentors learnt, kept with the cohort; and asking for the report on paper."""

from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Cohort
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.jobs import enqueue
from lms.core.words import N_
from lms.library.media_store import MediaStore
from lms.reports.models import Learnt, PrintedReport

MOST_WORDS = 10_000


def learnt(cohort: Cohort) -> tuple[str, int]:
    """What was learnt, and its revision; nothing yet is revision 0."""
    known = session.get(Learnt, cohort.id)
    return (known.words, known.revision) if known is not None else ("", 0)


def keep_learnt(cohort: Cohort, words: str, revision: int, *, by: UUID) -> None:
    """Keep the words, upon the ``revision`` that the writer saw; words that somebody else saved meanwhile stay.

    It may be written after the cohort is closed: it is a report on the cohort, and changes nothing in it.
    """
    words = words.strip()
    if len(words) > MOST_WORDS:
        raise DomainError(N_("This is too long. Keep it to ten thousand characters."), field="words")
    known = session.get(Learnt, cohort.id, with_for_update=True)
    if revision != (known.revision if known is not None else 0):
        raise DomainError(
            N_("Somebody else has saved another text meanwhile. It stands below: take into yours what is missing."),
            field="words",
        )
    if known is None:
        session.add(Learnt(cohort_id=cohort.id, words=words, changed_by=by))
    elif known.words != words:
        known.words, known.revision = words, revision + 1
        known.changed_by, known.changed_at = by, clock.now()
    audit.record("reports.learnt_kept", actor_id=by, object_id=cohort.id)


def ask_to_print(cohort: Cohort, language: str, *, listed: bool, by: UUID) -> PrintedReport:
    """The report on paper as things stand when it is made, in a language, perhaps with the list of trainees.

    On record, because it leaves the house; asking again makes it anew.
    """
    known = session.scalar(
        select(PrintedReport).where(
            PrintedReport.cohort_id == cohort.id, PrintedReport.language == language, PrintedReport.listed == listed
        )
    )
    if known is None:
        known = PrintedReport(cohort_id=cohort.id, language=language, listed=listed)
        session.add(known)
        session.flush()
    known.sha256, known.failed, known.asked_at = None, False, clock.now()
    enqueue("reports.print", f"report/{known.id}", report_id=str(known.id))
    audit.record("reports.printed", actor_id=by, object_id=cohort.id, listed=listed)
    return known


def keep_printed(printed: PrintedReport, content: bytes, store: MediaStore) -> None:
    """Put the paper where all machines find it."""
    digest = sha256(content).hexdigest()
    store.keep(digest, content)
    printed.sha256 = digest
