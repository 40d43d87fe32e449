"""From a draft to a version: review by another person, comments, publication."""

from uuid import UUID

from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library import service as library
from lms.library.document import CourseDocument
from lms.library.edition import edition
from lms.library.media_store import MediaStore
from lms.library.models import CourseVersion
from lms.studio import readiness
from lms.studio.models import Comment, Draft


def submit(draft: Draft, note: str, *, by: UUID) -> None:
    """Send a course that is ready to review; until it comes back nobody changes it."""
    if draft.submitted_at is not None:
        return
    if readiness.of(draft).blocking:
        raise DomainError(N_("Some things must be mended first. The checklist links to each of them."))
    draft.submitted_by, draft.submitted_at, draft.note = by, clock.now(), note or None
    audit.record("studio.submitted", actor_id=by, object_id=draft.id, course=draft.slug)


def take_back(draft: Draft, *, by: UUID) -> None:
    """End the review without a decision, so that writing goes on."""
    if draft.submitted_at is None:
        return
    draft.submitted_by = draft.submitted_at = None
    audit.record("studio.taken_back", actor_id=by, object_id=draft.id, course=draft.slug)


def send_back(draft: Draft, words: str, *, by: UUID) -> None:
    """Return the course to its authors, with what is to be mended."""
    if draft.submitted_at is None:
        raise DomainError(N_("The course is no longer in review."))
    comment(draft, None, words, by=by)
    draft.submitted_by = draft.submitted_at = None
    audit.record("studio.sent_back", actor_id=by, object_id=draft.id, course=draft.slug)


def comment(draft: Draft, activity_id: str | None, words: str, *, by: UUID) -> Comment:
    """Say something of the course, or of one of its activities."""
    said = Comment(draft_id=draft.id, activity_id=activity_id, words=words, written_by=by)
    session.add(said)
    session.flush()
    return said


def resolve(draft: Draft, comment_id: UUID) -> None:
    """Mark a comment as dealt with, or as open again."""
    said = session.get(Comment, comment_id)
    if said is None or said.draft_id != draft.id:
        raise DomainError(N_("There is no such comment here."))
    said.resolved_at = None if said.resolved_at else clock.now()


def publish(draft: Draft, changes: str, *, store: MediaStore, by: UUID) -> CourseVersion:
    """Publish what was reviewed as the course's newest version; publishing it twice is one version."""
    if draft.submitted_at is None:
        raise DomainError(N_("The course is no longer in review."))
    if draft.submitted_by == by and not _manages(by):
        raise DomainError(N_("Somebody else than who sent the course to review publishes it."))
    document = readiness.document_of(draft)
    _refuse_changed_kinds(draft, document)
    version, _ = library.publish(
        document, store.reader(document), store, by=by, mission_id=draft.mission_id, changes=changes or None
    )
    draft.version_id = version.id
    draft.submitted_by = draft.submitted_at = None
    return version


def _manages(by: UUID) -> bool:
    return session.scalar(select(User.role).where(User.id == by)) == Role.MANAGER


def _refuse_changed_kinds(draft: Draft, document: CourseDocument) -> None:
    """An id is a promise: answers and completions on record were given to that kind of question or activity."""
    if draft.version_id is None:
        return
    before = edition(draft.version_id)
    now: dict[str, str] = {activity.id: activity.kind for activity in document.activities()}
    now |= {question.id: question.kind for pool in document.pools for question in pool.questions}
    then = {id: each.kind for id, each in [*before.activities.items(), *before.questions.items()]}
    for id in now.keys() & then.keys():
        if now[id] != then[id]:
            raise DomainError(
                N_("'%(id)s' was of another kind in the published version. Make a new one instead."), id=id
            )
