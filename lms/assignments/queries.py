"""What waits for a mentor."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Role, User
from lms.assignments.models import HandIn, Judged, Judgement, SavedRemark
from lms.cohorts.closing import is_open_to
from lms.cohorts.models import Cohort, Enrolment
from lms.core import policy
from lms.core.db import session

# On one page.
MOST = 100


def _wanted(user: User, *which: ColumnElement[bool]) -> Select[HandIn, User, str]:
    """What the user may judge, in cohorts where something may change; the oldest first."""
    return (
        select(HandIn, User, Cohort.title)
        .join(User, User.id == HandIn.user_id)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(policy.where(user, "assignments.mark"), is_open_to(user.id), *which)
        .order_by(HandIn.handed_in_at, HandIn.id)
        .limit(MOST)
    )


def _listed(user: User, *which: ColumnElement[bool]) -> Sequence[Row[HandIn, User, str, int]]:
    return session.execute(_wanted(user, *which).add_columns(func.count().over().label("total"))).all()


def waiting(user: User) -> Sequence[Row[HandIn, User, str, int]]:
    """``(hand-in, trainee, cohort's title, how many in all)`` of what this mentor may mark and nobody has.

    The oldest hundred, first to last; the same for the other lists.
    """
    return _listed(user, HandIn.marked_at.is_(None))


def appealed(user: User) -> Sequence[Row[HandIn, User, str, int]]:
    """The same of marks that their trainees do not agree with, and that this mentor did not give."""
    return _listed(user, HandIn.appealed_at.is_not(None), HandIn.decided_at.is_(None), HandIn.marked_by != user.id)


def for_second(user: User) -> Sequence[Row[HandIn, User, str, int]]:
    """The same of what others have marked and nobody yet a second time, nor this mentor judged in any way."""
    judged = select(Judgement.id).where(Judgement.hand_in_id == HandIn.id)
    second, own = judged.where(Judgement.kind == Judged.SECOND), judged.where(Judgement.by == user.id)
    return _listed(user, HandIn.score.is_not(None), HandIn.marked_by != user.id, ~second.exists(), ~own.exists())


def differing(user: User) -> Sequence[Row[HandIn, User, str, int]]:
    """The same of two marks that differ and are not settled: those that this mentor gave first, for a manager all."""
    later = aliased(Judgement)
    settled = select(later.id).where(
        later.hand_in_id == HandIn.id, later.kind.in_([Judged.REGRADED, Judged.UPHELD]), later.at > Judgement.at
    )
    # As text: levels stand in the order of the rubric always, and PostgreSQL does not compare JSON.
    differs = select(Judgement.id).where(
        Judgement.hand_in_id == HandIn.id,
        Judgement.kind == Judged.SECOND,
        cast(Judgement.levels, Text) != cast(HandIn.levels, Text),
        ~settled.exists(),
    )
    own = [] if user.role == Role.MANAGER else [HandIn.marked_by == user.id]
    return _listed(user, *own, differs.exists())


def trail(hand_in: HandIn) -> Sequence[Row[Judgement, str]]:
    """``(judgement, username)``, oldest first, for who marks: trainees are not told of second marks."""
    return session.execute(
        select(Judgement, User.username)
        .join(User, User.id == Judgement.by)
        .where(Judgement.hand_in_id == hand_in.id)
        .order_by(Judgement.at, Judgement.id)
    ).all()


def saved_remarks(user: User) -> Sequence[SavedRemark]:
    """What the mentor keeps to say again."""
    return session.scalars(select(SavedRemark).where(SavedRemark.user_id == user.id).order_by(SavedRemark.words)).all()


def next_waiting(user: User, after: HandIn) -> UUID | None:
    """What to mark after this one: the oldest other one that waits."""
    others = _wanted(user, HandIn.marked_at.is_(None), HandIn.id != after.id)
    return session.scalar(others.with_only_columns(HandIn.id).limit(1))


def upheld(hand_in: HandIn) -> str | None:
    """Why the mark stayed or changed after an appeal, for the trainee."""
    return session.scalar(
        select(Judgement.reason)
        .where(Judgement.hand_in_id == hand_in.id, Judgement.kind.in_([Judged.UPHELD, Judged.REGRADED]))
        .order_by(Judgement.at.desc(), Judgement.id.desc())
        .limit(1)
    )
