"""How every mark came about: the ledger told again from its beginning, with who and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.assignments.models import HandIn, Judged, Judgement
from lms.attendance.queries import names_of
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.grades.marks import ATTENDANCE, FINAL, SESSION, Scheme, graded, mark
from lms.grades.models import GradeOverride, GradeScheme
from lms.library.edition import Edition, edition
from lms.record.fold import Folded, fold
from lms.record.models import Statement, Verb


@dataclass(frozen=True)
class Event:
    """One thing that made or changed a mark.

    ``kind`` is ``tested``, ``played``, ``recorded``, ``marked``, ``given back``, ``appealed``, ``regraded``,
    ``upheld``, ``overridden``, ``taken back``, ``voided``, ``attended``, ``weighed`` or ``closed``; the last two are of
    the whole cohort and have no activity. ``score`` is its own, ``before`` and ``after`` what counted for the
    activity, the two of ``final`` the final mark, all from 0 to 1. Without ``by``, the trainee did it.
    """

    at: datetime
    kind: str
    activity_id: str | None
    score: float | None
    before: float | None
    after: float | None
    final: tuple[float | None, float | None]
    by: str | None
    reason: str


@dataclass
class _Told:
    """A happening before its effect is known; ``statement`` or ``scheme`` is what it changes."""

    at: datetime
    kind: str
    activity_id: str | None = None
    by: UUID | None = None
    reason: str = ""
    statement: Any = None
    scheme: Scheme | None = None


@dataclass
class _Standing:
    """What is known while the ledger is told: statements and states by activity, the scheme, whether it is closed."""

    shown: Edition
    scheme: Scheme = field(default_factory=Scheme)
    closed: bool = False
    ledger: dict[str, list[Any]] = field(default_factory=dict)
    states: dict[str, Folded] = field(default_factory=dict)

    def learn(self, told: _Told) -> None:
        self.scheme = told.scheme or self.scheme
        self.closed = self.closed or told.kind == "closed"
        if told.statement is not None:
            id = told.statement.activity_id
            self.ledger.setdefault(id, []).append(told.statement)
            self.states.pop(id, None)
            if (folded := fold(self.ledger[id])) is not None:
                self.states[id] = folded

    def score(self, id: str | None) -> float | None:
        state = self.states.get(id or "")
        return state.score if state else None

    def final(self) -> float | None:
        return mark(self.scheme, self.shown, self.states, closed=self.closed).final


def of_trainee(enrolment: Enrolment) -> list[Event]:
    """Everything that made or changed a mark of the trainee, newest first; seven statements."""
    cohort, shown = session.get_one(Cohort, enrolment.cohort_id), edition(enrolment.course_version_id)
    told = [*_ledger(enrolment, shown), *_schemes(cohort)]
    if cohort.closed_at is not None:
        told.append(_Told(cohort.closed_at, "closed"))
    names = names_of({each.by for each in told if each.by is not None})
    return [*_events(sorted(told, key=lambda each: each.at), _Standing(shown), names)][::-1]


def of_activity(enrolment: Enrolment, activity_id: str) -> list[Event]:
    """The same of one activity, or of the ``FINAL`` mark: of that, everything that changed it."""
    events = of_trainee(enrolment)
    if activity_id == FINAL:
        return [each for each in events if each.activity_id == FINAL or each.final[0] != each.final[1]]
    return [each for each in events if each.activity_id == activity_id]


def _events(told: Sequence[_Told], standing: _Standing, names: dict[UUID, str]) -> Iterator[Event]:
    """Tell one happening after the other; a score that is voided for another to take its place is one with that."""
    held = None
    for each in told:
        before, was = held or (standing.score(each.activity_id), standing.final())
        standing.learn(each)
        held = (before, was) if each.kind == "replaced" else None
        final = (was, standing.final())
        # Of attendance only what changed the mark: the rest stands with the sessions.
        if each.kind == "replaced" or (each.kind == "attended" and was == final[1]):
            continue
        yield Event(
            at=each.at,
            kind=each.kind,
            activity_id=each.activity_id,
            score=each.statement.score if each.statement is not None else None,
            before=before,
            after=standing.score(each.activity_id),
            final=final,
            by=names.get(each.by) if each.by is not None else None,
            reason=each.reason,
        )


def _ledger(enrolment: Enrolment, shown: Edition) -> Iterator[_Told]:
    """What was put on record of what has a score, with who and why from the pages on which that was done."""
    known = {FINAL, *(each.id for each in graded(shown))}
    judged = session.execute(
        select(Judgement, HandIn.activity_id)
        .join(HandIn, HandIn.id == Judgement.hand_in_id)
        .where(HandIn.enrolment_id == enrolment.id, Judgement.kind != Judged.SECOND)
    ).all()
    overrides = session.scalars(select(GradeOverride).where(GradeOverride.enrolment_id == enrolment.id))
    reasons: dict[UUID | None, tuple[str, UUID, str]] = {
        each.statement_id: (each.kind, each.by, _why(each)) for each, _ in judged
    }
    for each in overrides:
        reasons[each.statement_id] = ("taken back" if each.score is None else "overridden", each.by, each.reason)
    rows = session.execute(
        select(*_STATEMENT)
        .where(Statement.registration == enrolment.id, Statement.verb != Verb.INITIALIZED)
        .order_by(Statement.stored_at, Statement.id)
    ).all()
    by_id = {str(row.id): row for row in rows}
    for row in rows:
        if row.activity_id in known or row.activity_id.startswith(SESSION):
            kind, by, why = reasons.get(row.id) or (_kind(row, by_id), _author(row), "")
            about = ATTENDANCE if kind == "attended" else row.activity_id
            yield _Told(row.stored_at, kind, about, by, why, statement=row)
    for judgement, activity_id in judged:
        if judgement.statement_id is None and activity_id in known:
            yield _Told(judgement.at, judgement.kind, activity_id, judgement.by, _why(judgement))
    yield from _appeals(enrolment, known)


def _why(judgement: Judgement) -> str:
    """The reason of a judgement; what was given back has only what was said to the trainee."""
    return judgement.remark if judgement.kind == Judged.GIVEN_BACK else judgement.reason


_STATEMENT = (
    Statement.id,
    Statement.verb,
    Statement.activity_id,
    Statement.score,
    Statement.context,
    Statement.actor_id,
    Statement.occurred_at,
    Statement.stored_at,
)
_DONE_IN = {"attempt": "tested", "run": "played", "hand_in": "marked"}


def _kind(row: Any, by_id: dict[str, Any]) -> str:
    if row.verb == Verb.ATTENDED:
        return "attended"
    if row.verb == Verb.VOIDED:
        target = by_id.get(row.context["statement"])
        replaced = target is not None and (target.verb == Verb.SCORED or "hand_in" in target.context)
        return "replaced" if replaced else "voided"
    return next((kind for key, kind in _DONE_IN.items() if key in row.context), "recorded")


def _author(row: Any) -> UUID | None:
    """Who did it, where that was not the trainee."""
    if row.verb == Verb.VOIDED:
        author: UUID = row.actor_id
        return author
    named = row.context.get("by") or row.context.get("marked_by")
    return UUID(named) if named else None


def _appeals(enrolment: Enrolment, known: set[str]) -> Iterator[_Told]:
    rows = session.execute(
        select(HandIn.appealed_at, HandIn.activity_id, HandIn.appeal).where(
            HandIn.enrolment_id == enrolment.id, HandIn.appealed_at.is_not(None)
        )
    )
    for at, id, words in rows:
        if at is not None and id in known:
            yield _Told(at, "appealed", id, reason=words or "")


def _schemes(cohort: Cohort) -> Iterator[_Told]:
    for each in session.scalars(select(GradeScheme).where(GradeScheme.cohort_id == cohort.id)):
        yield _Told(each.at, "weighed", by=each.by, scheme=Scheme(each.weights, each.pass_mark))
