"""Planning sessions, and saying who was there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from lms.accounts import throttle
from lms.accounts.models import User
from lms.attendance import queries, room_code
from lms.attendance.models import SpotCount, TrainingSession
from lms.attendance.times import instant
from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.record import service as record
from lms.record.models import MARKS, Status, Verb

# Checking in is open for so long, unless it is closed or opened again.
OPEN_FOR = timedelta(minutes=20)
# Who comes later than this after the beginning is late.
PUNCTUAL = timedelta(minutes=15)


@dataclass(frozen=True)
class Plan:
    """What is agreed of a session."""

    topic: str
    venue: str
    venue_code: str
    day: date
    begins: time
    ends: time
    zone: str
    trainer_id: UUID | None


def plan(cohort: Cohort, agreed: Plan, *, by: UUID | None, id: UUID | None = None) -> TrainingSession:
    """A new session of the cohort, on one of its days."""
    made = TrainingSession(id=id or new_id(), cohort_id=cohort.id)
    _agree(made, cohort, agreed, by=by)
    session.add(made)
    session.flush()
    audit.record("sessions.planned", actor_id=by, object_id=made.id, cohort=str(cohort.id))
    return made


def change(training: TrainingSession, agreed: Plan, *, by: UUID) -> None:
    """Another place, time, topic or trainer; calendars learn of it, and attendance stays."""
    _agree(training, session.get_one(Cohort, training.cohort_id), agreed, by=by)
    training.revision += 1
    audit.record("sessions.changed", actor_id=by, object_id=training.id)


def hand_to(training: TrainingSession, trainer_id: UUID, *, by: UUID) -> None:
    """Another trainer holds the session; calendars learn of it."""
    check_open(training.cohort_id, by=by)
    training.trainer_id, training.changed_at = trainer_id, clock.now()
    training.revision += 1
    audit.record("sessions.changed", actor_id=by, object_id=training.id)


def _agree(training: TrainingSession, cohort: Cohort, agreed: Plan, *, by: UUID | None) -> None:
    check_open(cohort.id, by=by)
    if not cohort.begins <= agreed.day <= cohort.ends:
        raise DomainError(
            N_("The cohort runs from %(begins)s to %(ends)s. Choose a day within it, or change the cohort's dates."),
            field="day",
            begins=cohort.begins.isoformat(),
            ends=cohort.ends.isoformat(),
        )
    if agreed.ends <= agreed.begins:
        raise DomainError(
            N_("The session ends before it begins. Past midnight, plan two sessions, one for each day."), field="ends"
        )
    possible = {id for id, _ in queries.trainers(cohort, training.trainer_id)}
    if agreed.trainer_id is not None and agreed.trainer_id not in possible:
        raise DomainError(N_("Choose a trainer from the list."), field="trainer")
    for name, value in vars(agreed).items():
        setattr(training, name, value)
    training.starts_at = instant(agreed.day, agreed.begins, agreed.zone, field="begins")
    training.ends_at = instant(agreed.day, agreed.ends, agreed.zone, field="ends")
    training.changed_at = clock.now()


def cancel(training: TrainingSession, *, by: UUID) -> None:
    """The session does not take place; calendars learn of it. One with attendance took place, and stays."""
    check_open(training.cohort_id, by=by)
    if training.cancelled_at is not None:
        return
    if queries.marks_of(training):
        raise DomainError(N_("Somebody is marked in this session already, so it took place. It cannot be cancelled."))
    training.cancelled_at = training.changed_at = clock.now()
    training.check_in_until = None
    training.revision += 1
    audit.record("sessions.cancelled", actor_id=by, object_id=training.id)


def open_check_in(training: TrainingSession, *, by: UUID) -> None:
    """Let trainees check in with the room's code for the next while."""
    check_open(training.cohort_id, by=by)
    if training.cancelled_at is not None:
        raise DomainError(N_("This session is cancelled."))
    now = clock.now()
    if not may_open(training, now):
        raise DomainError(N_("Checking in opens an hour before the session begins, and ends with it."))
    training.check_in_until = min(now + OPEN_FOR, training.ends_at)
    audit.record("sessions.check_in_opened", actor_id=by, object_id=training.id)


def may_open(training: TrainingSession, at: datetime) -> bool:
    """Whether checking in may be opened: from an hour before the session until its end."""
    return training.cancelled_at is None and training.starts_at - timedelta(hours=1) <= at <= training.ends_at


def close_check_in(training: TrainingSession, *, by: UUID) -> None:
    """From now on the room's code lets nobody in."""
    if training.check_in_until is not None:
        training.check_in_until = None
        audit.record("sessions.check_in_closed", actor_id=by, object_id=training.id)


def _throttle_key(person: User) -> str:
    return hashlib.sha256(f"check-in {person.id}".encode()).hexdigest()


def check_in(person: User, typed: str) -> str | None:
    """Say "I am here" with the code that the room shows; doing it again changes nothing. Returns the mark that stands.

    ``None`` for a code that fits no open session of the person's: that is counted, not raised, so that the count stays.
    Who was marked by somebody already keeps that mark.
    """
    key, now = _throttle_key(person), clock.now()
    if throttle.locked_until({key: throttle.PER_NAME}) is not None:
        raise DomainError(N_("Too many codes that did not fit. Ask your trainer to mark you."), field="code")
    for training, enrolment in queries.open_for(person.id):
        if room_code.fits(typed, training.code_key, str(training.id), now):
            check_open(training.cohort_id, by=person.id)
            throttle.forget(key)
            if (known := queries.marks_of(training).get(enrolment.id)) is not None:
                return known.mark
            mark = Status.LATE if now > training.starts_at + PUNCTUAL else Status.PRESENT
            _append(training, enrolment, mark, via="code", by=person.id)
            return mark
    throttle.count(key)
    return None


def _append(training: TrainingSession, enrolment: Enrolment, mark: str, *, via: str, by: UUID) -> None:
    record.append(
        Verb.ATTENDED,
        actor_id=enrolment.user_id,
        registration=enrolment.id,
        activity_id=training.activity_id,
        context={"mark": mark, "via": via, "by": str(by)},
    )


class MarkedMeanwhile(DomainError):
    """Somebody else marked the same people otherwise; ``people`` are the enrolments."""

    def __init__(self, people: list[UUID]) -> None:
        super().__init__(
            N_("Others marked some of these people meanwhile. Nothing is saved yet: look at them, then save again.")
        )
        self.people = people


def mark(
    training: TrainingSession,
    wanted: Mapping[UUID, str],
    seen: Mapping[UUID, str],
    *,
    via: str,
    by: UUID,
) -> int:
    """Mark people as present, late, excused or absent; returns how many marks are new.

    ``wanted`` and ``seen`` are marks by enrolment: those to be, and those that stood on the page when it was fetched.
    What was changed on the page is saved; what others changed otherwise meanwhile is shown first. A mark never goes
    away: a correction is another one.
    """
    check_open(training.cohort_id, by=by)
    if training.cancelled_at is not None:
        raise DomainError(N_("This session is cancelled."))
    if via not in ("screen", "paper") or not set(wanted.values()) <= set(MARKS):
        raise DomainError(N_("Choose one of the marks shown."))
    if clock.now() < training.starts_at - timedelta(hours=1):
        raise DomainError(N_("This session is still to come. Mark people when it takes place."))
    now = {id: each.mark for id, each in queries.marks_of(training).items()}
    changed = {id: mark for id, mark in wanted.items() if mark != seen.get(id, "") and mark != now.get(id, "")}
    clashing = [id for id in changed if now.get(id, "") != seen.get(id, "")]
    if clashing:
        raise MarkedMeanwhile(clashing)
    people = {each.enrolment.id: each.enrolment for each in queries.people(training)}
    for id in changed.keys() & people.keys():
        _append(training, people[id], changed[id], via=via, by=by)
    return len(changed.keys() & people.keys())


def count_people(training: TrainingSession, people: int, *, by: UUID, id: UUID | None = None) -> None:
    """Note how many people somebody counted in the room."""
    check_open(training.cohort_id, by=by)
    if not 0 <= people <= 2000:
        raise DomainError(N_("Give the number of people whom you counted."), field="people")
    session.add(SpotCount(id=id or new_id(), session_id=training.id, people=people, counted_by=by))
    audit.record("sessions.counted", actor_id=by, object_id=training.id, people=people)


def is_open(training: TrainingSession, at: datetime) -> bool:
    """Whether the room's code lets people in."""
    return training.check_in_until is not None and at < training.check_in_until


def venue_last_used(cohort: Cohort) -> TrainingSession | None:
    """The session planned last, whose place and zone are likely those of the next."""
    return session.scalar(
        select(TrainingSession)
        .where(TrainingSession.cohort_id == cohort.id)
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id)
        .limit(1)
    )
