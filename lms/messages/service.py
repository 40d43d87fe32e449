"""Writing, answering, sharing and hiding."""

from uuid import UUID

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit, clock
from lms.core.db import session, upsert
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_, catalogue
from lms.library.edition import edition
from lms.messages.models import Kind, Opened, Post, Thread


def announce(cohort: Cohort, words: str, *, by: UUID, id: UUID | None = None) -> Thread:
    """Tell a whole cohort something."""
    return _begin(cohort.id, Kind.ANNOUNCEMENT, words, by=by, shared=True, id=id)


def ask(enrolment: Enrolment, activity_id: str, words: str, *, by: UUID, id: UUID | None = None) -> Thread:
    """Ask the cohort's mentors about an activity; nobody else reads it unless a mentor shares it."""
    if activity_id not in edition(enrolment.course_version_id).activities:
        raise DomainError(N_("This is not part of the course any more. Ask from another lesson."))
    return _begin(enrolment.cohort_id, Kind.QUESTION, words, by=by, shared=False, activity_id=activity_id, id=id)


def notify(enrolment: Enrolment, words: str, *, id: UUID | None = None, activity_id: str | None = None) -> Thread:
    """Tell one trainee something that no person wrote; nobody else reads it. What has an ``id`` is told once."""
    trainee = enrolment.user_id
    thread = Thread(
        id=id or new_id(),
        activity_id=activity_id,
        cohort_id=enrolment.cohort_id,
        kind=Kind.NOTICE,
        begun_by=trainee,
        last_by=trainee,
        shared=False,
        answered=True,
    )
    session.add(thread)
    session.flush()
    session.add(Post(thread_id=thread.id, written_by=trainee, words=words))
    return thread


def tell(enrolment: Enrolment, activity_id: str, words: str, *, by: UUID) -> Thread:
    """Tell one trainee what became of their answers at an activity; it comes into no other inbox."""
    return _begin(
        enrolment.cohort_id, Kind.RESULT, words, by=enrolment.user_id, shared=False, activity_id=activity_id, writer=by
    )


def inform(enrolment: Enrolment, activity_id: str, message: str, *, by: UUID) -> Thread:
    """Tell one trainee in a line, in their language, that something came of an activity; the page says the rest."""
    language = session.get_one(User, enrolment.user_id).language or "en"
    return tell(enrolment, activity_id, catalogue(language).gettext(message), by=by)


def _begin(
    cohort_id: UUID,
    kind: Kind,
    words: str,
    *,
    by: UUID,
    shared: bool,
    activity_id: str | None = None,
    writer: UUID | None = None,
    id: UUID | None = None,
) -> Thread:
    thread = Thread(
        id=id or new_id(),
        cohort_id=cohort_id,
        kind=kind,
        activity_id=activity_id,
        begun_by=by,
        last_by=by,
        shared=shared,
        answered=kind != Kind.QUESTION,
    )
    session.add(thread)
    session.flush()
    _write(thread, words, writer or by)
    return thread


def reply(thread: Thread, words: str, *, by: UUID, id: UUID | None = None) -> Post:
    """Write into a thread; a mentor's words answer the question, the trainee's open it again."""
    post = _write(thread, words, by, id)
    thread.answered = thread.kind != Kind.QUESTION or by != thread.begun_by
    return post


def _write(thread: Thread, words: str, by: UUID, id: UUID | None = None) -> Post:
    if not words.strip():
        raise DomainError(N_("Write your message."), field="words")
    post = Post(id=id or new_id(), thread_id=thread.id, written_by=by, words=words.strip())
    session.add(post)
    thread.last_at, thread.last_by = clock.now(), by
    session.flush()
    open_for(thread, by)
    return post


def open_for(thread: Thread, user_id: UUID) -> None:
    """Remember that a person has read the thread so far."""
    upsert(Opened, {"user_id": user_id, "thread_id": thread.id, "opened_at": clock.now()})


def share(thread: Thread, shared: bool, *, by: UUID) -> None:
    """Let the whole cohort read a question and its answers, without saying whose it is; or no longer."""
    if thread.kind != Kind.QUESTION or thread.shared == shared:
        return
    thread.shared = shared
    audit.record("messages.shared" if shared else "messages.kept_back", actor_id=by, object_id=thread.id)


def hide(post: Post, hidden: bool, *, by: UUID) -> None:
    """Hide a post from trainees, or show it again; its words stay on record."""
    if (post.hidden_at is not None) == hidden:
        return
    post.hidden_at = clock.now() if hidden else None
    audit.record("messages.hidden" if hidden else "messages.shown", actor_id=by, object_id=post.id)


def is_mentor(user: User) -> bool:
    """Whether the words of this person are a mentor's, as readers are told."""
    return user.number is None
