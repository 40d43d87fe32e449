"""Closing a cohort: from then on nothing in it changes, but by a correction that says why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select

from lms.cohorts.models import Cohort, Correction, JoinCode
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_

CORRECTING = timedelta(minutes=30)

_keepers: list[Callable[[Cohort], None]] = []


def on_closing(keep: Callable[[Cohort], None]) -> Callable[[Cohort], None]:
    """Register what a floor above keeps of a cohort when it closes, in the same transaction."""
    _keepers.append(keep)
    return keep


def check_open(cohort_id: UUID, *, by: UUID | None) -> None:
    """Refuse a change in a closed cohort, unless ``by`` has begun a correction; every service asks here first."""
    # Shared: trainees do not wait for each other, but whoever closes the cohort waits for them.
    closed_at = session.scalar(select(Cohort.closed_at).where(Cohort.id == cohort_id).with_for_update(read=True))
    _check(cohort_id, closed_at, by)


def take_turn(cohort: Cohort, *, by: UUID | None) -> None:
    """The same for whoever gives places: until the commit nobody else does, so those that are free stay counted.

    It comes first in a transaction: two who had both asked ``check_open`` would wait for each other.
    """
    session.refresh(cohort, with_for_update=True)
    _check(cohort.id, cohort.closed_at, by)


def _check(cohort_id: UUID, closed_at: datetime | None, by: UUID | None) -> None:
    if closed_at is not None and correcting(cohort_id, by) is None:
        raise DomainError(
            N_("This cohort is closed, and nothing in it changes. A mentor can correct a mistake, with a reason.")
        )


def is_open_to(by: UUID) -> ColumnElement[bool]:
    """What ``check_open`` asks, of cohorts in a list: what waits in the others can wait for ever."""
    corrected = select(Correction.cohort_id).where(Correction.by == by, Correction.ends_at > clock.now())
    return or_(Cohort.closed_at.is_(None), Cohort.id.in_(corrected))


def correcting(cohort_id: UUID, by: UUID | None) -> Correction | None:
    """The correction of a closed cohort that this person is at."""
    return session.scalar(
        select(Correction)
        .where(Correction.cohort_id == cohort_id, Correction.by == by, Correction.ends_at > clock.now())
        .limit(1)
    )


def close(cohort: Cohort, *, by: UUID) -> None:
    """Close the cohort for good, and end its join code; closing twice is closing once."""
    if cohort.closed_at is None:
        cohort.closed_at = clock.now()
        session.execute(delete(JoinCode).where(JoinCode.cohort_id == cohort.id))
        audit.record("cohorts.closed", actor_id=by, object_id=cohort.id)
        for keep in _keepers:
            keep(cohort)


def correct(cohort: Cohort, reason: str, *, by: UUID, id: UUID | None = None) -> Correction:
    """Let this person change the closed cohort for half an hour; why is kept, and the trail says who."""
    if cohort.closed_at is None:
        raise DomainError(N_("The cohort is not closed: change it as always."))
    if not reason.strip():
        raise DomainError(N_("Say what is to be corrected, and why."), field="reason")
    correction = Correction(
        id=id or new_id(), cohort_id=cohort.id, by=by, reason=reason.strip(), ends_at=clock.now() + CORRECTING
    )
    session.add(correction)
    session.flush()
    audit.record("cohorts.correction_begun", actor_id=by, object_id=cohort.id, correction=str(correction.id))
    return correction
