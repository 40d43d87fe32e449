"""The meaning of statements: a pure function, indifferent to their order and to duplicates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lms.record.models import Status, Verb

# How a try may end.
JUDGED = (Verb.PASSED, Verb.FAILED, Verb.RETURNED)


@dataclass(frozen=True)
class Folded:
    """The state of one activity: score from 0 to 1, finished attempts, first start, first completion.

    ``score`` is the best that was earned, or what somebody set it to at ``overridden_at``. ``aloud`` says that
    a finished attempt was read aloud to the trainee, and the answers recorded by somebody else.
    """

    status: Status
    score: float | None
    attempts: int
    started_at: datetime
    completed_at: datetime | None
    aloud: bool = False
    earned: float | None = None
    overridden_at: datetime | None = None


def fold(statements: Iterable[Any]) -> Folded | None:
    """What the statements of one (registration, activity) amount to; ``None`` for nothing done.

    Each has what a ``Statement`` has of ``id``, ``verb``, ``score``, ``context`` and ``occurred_at``.
    A completion stays, whatever comes after it, unless its own statement is voided; of attendance the latest mark
    counts, and ``attempts`` is how often it was marked. A score that somebody set stands until its statement is voided,
    whatever is earned before or after; of several the latest counts.
    """
    by_id = {statement.id: statement for statement in statements}
    voided = {str(each.context.get("statement")) for each in by_id.values() if each.verb == Verb.VOIDED}
    valid = [each for each in by_id.values() if each.verb != Verb.VOIDED and str(each.id) not in voided]
    if not valid:
        return None
    marked = [each for each in valid if each.verb == Verb.ATTENDED]
    if marked:
        latest = max(marked, key=lambda each: (each.occurred_at, each.id))
        return Folded(
            status=Status(latest.context["mark"]),
            score=None,
            attempts=len(marked),
            started_at=min(each.occurred_at for each in marked),
            completed_at=latest.occurred_at,
        )
    finished = [each for each in valid if each.verb in (Verb.COMPLETED, Verb.PASSED, Verb.FAILED)]
    done = [each.occurred_at for each in finished if each.verb != Verb.FAILED]
    scores = [each.score for each in finished if each.score is not None]
    earned = Folded(
        status=_status(valid),
        score=max(scores, default=None),
        attempts=sum(each.verb in JUDGED for each in valid),
        started_at=min(each.occurred_at for each in valid),
        completed_at=min(done, default=None),
        aloud=any(each.context.get("via") == "oral" for each in finished),
        earned=max(scores, default=None),
    )
    overrides = [each for each in valid if each.verb == Verb.SCORED]
    return _overridden(earned, max(overrides, key=lambda each: (each.occurred_at, each.id))) if overrides else earned


def _status(valid: Sequence[Any]) -> Status:
    """Done stays done; else what is handed in and not answered waits, or the latest answer says how it stands."""
    if any(each.verb in (Verb.COMPLETED, Verb.PASSED) for each in valid):
        return Status.COMPLETED
    answers = [each for each in valid if each.verb in (Verb.FAILED, Verb.RETURNED)]
    handed_in = {each.context.get("hand_in") for each in valid if each.verb == Verb.INITIALIZED} - {None}
    if handed_in - {each.context.get("hand_in") for each in answers}:
        return Status.HANDED_IN
    if not answers:
        return Status.STARTED
    latest = max(answers, key=lambda each: (each.occurred_at, each.id))
    return Status.FAILED if latest.verb == Verb.FAILED else Status.GIVEN_BACK


def _overridden(earned: Folded, by: Any) -> Folded:
    status = Status(by.context["status"])
    completed_at = (earned.completed_at or by.occurred_at) if status is Status.COMPLETED else None
    return replace(earned, status=status, score=by.score, completed_at=completed_at, overridden_at=by.occurred_at)
