"""What waits to be decided, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.assessment.models import AnswerDecision, UnmatchedAnswer
from lms.cohorts.closing import is_open_to
from lms.cohorts.models import Cohort
from lms.core import policy
from lms.core.db import session
from lms.library.edition import Edition, edition
from lms.library.questions import ShortText
from lms.missions.models import Mission

MOST = 100


@dataclass(frozen=True)
class Equal:
    """Answers that the key would not tell apart: how it compares them, one of them as typed, how many gave it."""

    answer: str
    typed: str
    count: int


@dataclass(frozen=True)
class Waiting:
    """A question with the answers that its key does not know."""

    mission_id: UUID
    mission: str
    fingerprint: str
    edition: Edition
    question: ShortText
    answers: list[Equal] = field(default_factory=list)


def _groups(user: User) -> Any:
    """Equal answers that wait, in cohorts where something may change."""
    return (
        select(
            UnmatchedAnswer.mission_id,
            Mission.title,
            UnmatchedAnswer.question,
            UnmatchedAnswer.answer,
            func.min(UnmatchedAnswer.typed).label("typed"),
            func.count().label("times"),
        )
        .join(Mission, Mission.id == UnmatchedAnswer.mission_id)
        .join(Cohort, Cohort.id == UnmatchedAnswer.cohort_id)
        .where(
            policy.where(user, "answers.decide"),
            UnmatchedAnswer.decision_id.is_(None),
            is_open_to(user.id),
        )
        .group_by(UnmatchedAnswer.mission_id, Mission.title, UnmatchedAnswer.question, UnmatchedAnswer.answer)
        .order_by(func.min(UnmatchedAnswer.given_at), UnmatchedAnswer.answer)
    )


def count(user: User) -> int:
    """How many different answers wait for this person; one statement."""
    return session.scalar(select(func.count()).select_from(_groups(user).order_by(None).subquery())) or 0


def waiting(user: User) -> list[Waiting]:
    """Questions with answers that wait, the longest waiting first; two statements."""
    rows = session.execute(_groups(user).limit(MOST)).all()
    asked = {
        row.question: row
        for row in session.execute(
            select(UnmatchedAnswer.question, UnmatchedAnswer.question_id, UnmatchedAnswer.course_version_id)
            .where(UnmatchedAnswer.question.in_({row.question for row in rows}))
            .distinct()
        )
    }
    found: dict[tuple[UUID, str], Waiting] = {}
    for row in rows:
        key = (row.mission_id, row.question)
        if key not in found:
            known = asked[row.question]
            shown, question = _asked(known.course_version_id, known.question_id)
            found[key] = Waiting(row.mission_id, row.title, row.question, shown, question)
        found[key].answers.append(Equal(row.answer, row.typed, row.times))
    return list(found.values())


def _asked(version_id: UUID, question_id: str) -> tuple[Edition, ShortText]:
    shown = edition(version_id)
    question = shown.questions[question_id]
    assert isinstance(question, ShortText)
    return shown, question


@dataclass(frozen=True)
class Decided:
    """A decision with its question, who made it, and who took it back."""

    decision: AnswerDecision
    by: str
    taken_back_by: str | None
    edition: Edition
    question: ShortText


def decided(user: User) -> Sequence[Decided]:
    """The latest decisions in the person's missions, those taken back among them; one statement."""
    maker, taker = aliased(User), aliased(User)
    rows = session.execute(
        select(AnswerDecision, maker.username, taker.username)
        .join(maker, maker.id == AnswerDecision.decided_by)
        .outerjoin(taker, taker.id == AnswerDecision.taken_back_by)
        .where(policy.where(user, "answers.take_back"))
        .order_by(AnswerDecision.decided_at.desc(), AnswerDecision.id.desc())
        .limit(MOST)
    ).all()
    return [
        Decided(decision, by, taken_back_by, *_asked(decision.course_version_id, decision.question_id))
        for decision, by, taken_back_by in rows
    ]
