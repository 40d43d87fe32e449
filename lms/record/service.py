"""Adding to the ledger, and folding what it touches."""

from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import delete, select

from lms.core import clock
from lms.core.db import session
from lms.core.ids import new_id
from lms.record.fold import Folded, fold
from lms.record.models import ActivityState, Statement, Verb


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
) -> Statement:
    """Add a statement and refold its activity in the same transaction; an id already known adds nothing."""
    if id is not None and (known := session.get(Statement, id)) is not None:
        return known
    now = clock.now()
    statement = Statement(
        id=id or new_id(),
        actor_id=actor_id,
        verb=verb.value,
        registration=registration,
        activity_id=activity_id,
        score=score,
        context=context or {},
        occurred_at=occurred_at or now,
        stored_at=now,
    )
    session.add(statement)
    session.flush()
    refold(registration, activity_id)
    return statement


def void(statement: Statement, *, actor_id: UUID) -> None:
    """Take a statement back with another one."""
    append(
        Verb.VOIDED,
        actor_id=actor_id,
        registration=statement.registration,
        activity_id=statement.activity_id,
        context={"statement": str(statement.id)},
    )


def refold(registration: UUID, activity_id: str) -> None:
    """Fold the statements of one activity of one enrolment anew."""
    statements = session.scalars(
        select(Statement).where(Statement.registration == registration, Statement.activity_id == activity_id)
    )
    folded = fold(statements)
    state = session.get(ActivityState, (registration, activity_id))
    if folded is None:
        if state is not None:
            session.delete(state)
    elif state is None:
        session.add(_state(registration, activity_id, folded))
    else:
        for name, value in vars(folded).items():
            setattr(state, name, value)
    session.flush()


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
