"""Adding to the ledger, and folding what it touches."""

from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Executable, bindparam, delete, insert, select

from lms.core import clock
from lms.core.db import session, upsert
from lms.core.ids import new_id
from lms.record.fold import Folded, fold
from lms.record.models import ActivityState, Statement, Verb

# Built once: putting a statement together costs as much as running it.
_INSERT: Executable = insert(Statement.__table__)  # type: ignore[arg-type]
_OF_ACTIVITY = select(Statement.id, Statement.verb, Statement.score, Statement.context, Statement.occurred_at).where(
    Statement.registration == bindparam("registration"), Statement.activity_id == bindparam("activity_id")
)


def append(
    verb: Verb,
    *,
    actor_id: UUID,
    registration: UUID,
    activity_id: str,
    score: float | None = None,
    context: dict[str, str] | None = None,
    id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> Folded | None:
    """Add a statement and refold its activity in the same transaction; an id already known adds nothing.

    Returns what the activity's statements amount to now.
    """
    now = clock.now()
    if id is None or session.scalar(select(Statement.id).where(Statement.id == id)) is None:
        values = {
            "id": id or new_id(),
            "actor_id": actor_id,
            "verb": verb.value,
            "registration": registration,
            "activity_id": activity_id,
            "score": score,
            "context": context or {},
            "occurred_at": occurred_at or now,
            "stored_at": now,
        }
        session.execute(_INSERT, values)
    return refold(registration, activity_id)


def void(statement: Statement, *, actor_id: UUID, id: UUID | None = None) -> None:
    """Take a statement back with another one."""
    append(
        Verb.VOIDED,
        id=id,
        actor_id=actor_id,
        registration=statement.registration,
        activity_id=statement.activity_id,
        context={"statement": str(statement.id)},
    )


def refold(registration: UUID, activity_id: str) -> Folded | None:
    """Fold the statements of one activity of one enrolment anew."""
    activity = {"registration": registration, "activity_id": activity_id}
    folded = fold(session.execute(_OF_ACTIVITY, activity))
    if folded is None:
        session.execute(
            delete(ActivityState).where(
                ActivityState.registration == registration, ActivityState.activity_id == activity_id
            )
        )
    else:
        upsert(ActivityState, {**activity, **vars(folded)})
    return folded


def rebuild() -> int:
    """Throw every state away and fold the whole ledger; returns how many states came of it."""
    session.execute(delete(ActivityState))
    session.expunge_all()
    ledger = session.scalars(
        select(Statement).order_by(Statement.registration, Statement.activity_id).execution_options(yield_per=1000)
    )
    count = 0
    for (registration, activity_id), statements in groupby(ledger, lambda each: (each.registration, each.activity_id)):
        folded = fold(statements)
        if folded is not None:
            session.add(_state(registration, activity_id, folded))
            count += 1
    session.flush()
    return count


def _state(registration: UUID, activity_id: str, folded: Folded) -> ActivityState:
    return ActivityState(registration=registration, activity_id=activity_id, **vars(folded))
