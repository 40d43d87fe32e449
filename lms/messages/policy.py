"""Who reads and writes what: who teaches a cohort all of its threads, a trainee one's own and what is shared."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, Enrolment
from lms.core import policy
from lms.core.policy import permission
from lms.messages.models import Post, Thread
from lms.missions.policy import is_staff


@permission("messages.inbox")
def has_inbox(user: User) -> bool:
    """Whoever learns or teaches."""
    return is_staff(user) or user.role == Role.TRAINEE


def _taught(user: User) -> ColumnElement[bool]:
    if not is_staff(user):
        return false()
    return Thread.cohort_id.in_(select(Cohort.id).where(policy.where(user, "cohorts.see")))


def _enrolled(user: User) -> ColumnElement[bool]:
    return Thread.cohort_id.in_(
        select(Enrolment.cohort_id).where(Enrolment.user_id == user.id, Enrolment.left_at.is_(None))
    )


@permission("messages.read", Thread)
def reads(user: User) -> ColumnElement[bool]:
    """Mentors and managers of the mission; trainees of the cohort what is shared, and their own."""
    return or_(_taught(user), and_(_enrolled(user), or_(Thread.shared, Thread.begun_by == user.id)))


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
    return policy.where(user, "cohorts.see") if is_staff(user) else False
