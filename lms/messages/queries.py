"""The inbox, a thread, and how much waits."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms.accounts.models import Role, User
from lms.accounts.queries import Page
from lms.cohorts.models import Cohort, Enrolment
from lms.core import policy
from lms.core.db import session
from lms.library.models import CourseVersion
from lms.messages.models import Kind, Opened, Post, Thread

A_PAGE = 30


def _unread(person: User) -> ColumnElement[bool]:
    others = or_(Thread.kind == Kind.NOTICE, Thread.last_by != person.id)
    return and_(others, or_(Opened.opened_at.is_(None), Opened.opened_at < Thread.last_at))


def _with_opened(wanted: Any, person: User) -> Any:
    return wanted.outerjoin(Opened, and_(Opened.thread_id == Thread.id, Opened.user_id == person.id))


def _readable(person: User) -> Select[Any]:
    wanted: Select[Any] = _with_opened(select(func.count()).select_from(Thread), person)
    return wanted.where(policy.where(person, "messages.read"))


def unread(person: User, leaving_out: Collection[str] = ()) -> int:
    """How many threads, but of some kinds, hold something that the person has not read; one statement."""
    return session.scalar(_readable(person).where(_unread(person), Thread.kind.not_in(leaving_out))) or 0


def inbox(person: User, number: int, *, waiting: bool) -> Page:
    """A page of threads, last written first; ``waiting``: only questions without an answer."""
    first = (
        select(Post.words)
        .where(Post.thread_id == Thread.id, *([Post.hidden_at.is_(None)] if person.role == Role.TRAINEE else []))
        .order_by(Post.written_at.desc(), Post.id.desc())
        .limit(1)
        .correlate(Thread)
        .scalar_subquery()
    )
    wanted = (
        _with_opened(
            select(Thread, Cohort.title.label("cohort"), first.label("words"), _unread(person).label("unread")), person
        )
        .join(Cohort, Cohort.id == Thread.cohort_id)
        .where(policy.where(person, "messages.read"))
    )
    counted = select(func.count()).select_from(Thread).where(policy.where(person, "messages.read"))
    if waiting:
        wanted, counted = wanted.where(Thread.answered.is_(False)), counted.where(Thread.answered.is_(False))
    pages = max(1, -(-(session.scalar(counted) or 0) // A_PAGE))
    number = min(number, pages)
    rows = session.execute(
        wanted.order_by(Thread.last_at.desc(), Thread.id).limit(A_PAGE).offset((number - 1) * A_PAGE)
    ).all()
    return Page(rows, number, pages)


def posts(thread: Thread, *, all: bool) -> Sequence[Any]:
    """``(post, writer)``, oldest first; hidden ones only with ``all``."""
    wanted = select(Post, User).join(User, User.id == Post.written_by).where(Post.thread_id == thread.id)
    if not all:
        wanted = wanted.where(Post.hidden_at.is_(None))
    return session.execute(wanted.order_by(Post.written_at, Post.id)).all()


def place_of(thread: Thread) -> UUID | None:
    """The place in the cohort of the trainee whose thread it is."""
    return session.scalar(
        select(Enrolment.id).where(Enrolment.cohort_id == thread.cohort_id, Enrolment.user_id == thread.begun_by)
    )


def course_of(thread: Thread) -> tuple[str, Any]:
    """``(title of the cohort, id of its course version)``; one statement."""
    row = session.execute(
        select(Cohort.title, CourseVersion.id)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .where(Cohort.id == thread.cohort_id)
    ).one()
    return row[0], row[1]
