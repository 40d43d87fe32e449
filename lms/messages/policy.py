"""Who reads and writes what: who teaches a cohort all of its threads, a trainee one's own and what is shared."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.policy import taught
from lms.core.policy import permission
from lms.messages.models import Post, Thread


@permission("messages.inbox")
def has_inbox(user: User) -> bool:
    """Whoever learns or teaches."""
    return user.role != Role.ADMIN


def _taught(user: User) -> ColumnElement[bool]:
    cohorts = taught(user)
    return false() if isinstance(cohorts, bool) else Thread.cohort_id.in_(select(Cohort.id).where(cohorts))


def _enrolled(user: User) -> ColumnElement[bool]:
    return Thread.cohort_id.in_(
        select(Enrolment.cohort_id).where(Enrolment.user_id == user.id, Enrolment.left_at.is_(None))
    )


@permission("messages.read", Thread)
def reads(user: User) -> ColumnElement[bool]:
    """Mentors and managers of the mission all but results; trainees of the cohort what is shared, and their own."""
    return or_(
        and_(_taught(user), Thread.kind != "result"),
        and_(_enrolled(user), or_(Thread.shared, Thread.begun_by == user.id)),
    )


@permission("messages.reply", Thread)
def replies(user: User) -> ColumnElement[bool]:
    """Who teaches the cohort, and the trainee whose question it is."""
    return or_(_taught(user), and_(_enrolled(user), Thread.kind == "question", Thread.begun_by == user.id))


@permission("messages.moderate", Thread)
def moderates(user: User) -> ColumnElement[bool]:
    """Who teaches the cohort shares a question with it, or keeps it to whom it concerns."""
    return _taught(user)


@permission("messages.hide", Post)
def hides(user: User) -> ColumnElement[bool]:
    """Who teaches the cohort hides a post, and shows it again."""
    return Post.thread_id.in_(select(Thread.id).where(_taught(user)))


@permission("messages.announce", Cohort)
def announces(user: User) -> ColumnElement[bool] | bool:
    """Who teaches the cohort."""
    return taught(user)
