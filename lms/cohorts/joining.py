"""Joining a cohort with a code: with an account or without, one waits with a ticket, and a mentor lets them in."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, not_, select

from lms.accounts import service as accounts
from lms.accounts import throttle
from lms.accounts.models import User
from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort, Enrolment, JoinCode, JoinRequest
from lms.cohorts.prerequisites import REFUSE, Unready
from lms.cohorts.service import check_account, place
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import code
from lms.core.words import N_

# A class joins within an hour or two; who waits longer comes again.
CODE_LIFETIME, WAIT_LIFETIME = timedelta(hours=8), timedelta(hours=24)
MOST_WAITING = 100


def open_code(cohort: Cohort, *, by: UUID) -> JoinCode:
    """A code for the cohort, new each time; an earlier one ends."""
    check_open(cohort.id, by=by)
    close_code(cohort, by=by)
    made = JoinCode(cohort_id=cohort.id, code=code(6), ends_at=clock.now() + CODE_LIFETIME)
    session.add(made)
    session.flush()
    audit.record("cohorts.join_opened", actor_id=by, object_id=cohort.id)
    return made


def close_code(cohort: Cohort, *, by: UUID) -> None:
    """Turn the code off; who waits already stays in the queue."""
    known = session.get(JoinCode, cohort.id)
    if known is not None:
        session.delete(known)
        session.flush()
        audit.record("cohorts.join_closed", actor_id=by, object_id=cohort.id)


def present_code(cohort: Cohort) -> JoinCode | None:
    """The code with which the cohort can be joined now."""
    known = session.get(JoinCode, cohort.id)
    return known if known is not None and known.ends_at > clock.now() else None


def ask(typed: str, *, person: User | None = None) -> str | None:
    """Join the queue of the cohort with this code; the token of the waiting page, or ``None`` for a wrong code.

    A ``person`` waits with their own account; asking again, their earlier ticket ends.
    """
    wanted = "".join(typed.upper().split()).replace("-", "")
    cohort_id = session.scalar(
        select(JoinCode.cohort_id).where(JoinCode.code == wanted, JoinCode.ends_at > clock.now()).with_for_update()
    )
    if cohort_id is None:
        return None
    ended = (JoinRequest.asked_at < clock.now() - WAIT_LIFETIME) | _is_served()
    if person is not None:
        ended |= JoinRequest.asked_by == person.id
    # First of all, as whoever lets somebody in has the request before the cohort, too.
    session.execute(delete(JoinRequest).where(JoinRequest.cohort_id == cohort_id, ended))
    check_open(cohort_id, by=None)
    if person is not None and _has_place(cohort_id, person):
        raise DomainError(N_("You have a place in this cohort already. You find it under “My learning”."), field="code")
    known = select(JoinRequest.ticket, JoinRequest.user_id).where(JoinRequest.cohort_id == cohort_id)
    tickets = dict(session.execute(known).all())
    if sum(let_in is None for let_in in tickets.values()) >= MOST_WAITING:
        raise DomainError(N_("Too many people wait already. Ask your mentor."), field="code")
    ticket = code(4)
    while ticket in tickets:
        ticket = code(4)
    token = secrets.token_urlsafe(24)
    session.add(
        JoinRequest(
            cohort_id=cohort_id, ticket=ticket, token_hash=_digest(token), asked_by=person.id if person else None
        )
    )
    return token


def _is_served() -> ColumnElement[bool]:
    """Whether a ticket has led to a password, and so to an account that needs it no more."""
    chosen = select(User.id).where(User.password_hash.is_not(None))
    return and_(JoinRequest.asked_by.is_(None), JoinRequest.user_id.is_not(None), JoinRequest.user_id.in_(chosen))


def _has_place(cohort_id: UUID, person: User) -> bool:
    placed = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.user_id == person.id)
    return session.scalar(placed.where(Enrolment.left_at.is_(None))) is not None


def is_locked(key: str) -> bool:
    """Whether too many wrong codes came from this (fingerprinted) address."""
    return throttle.locked_until({key: throttle.PER_ADDRESS}) is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def waiting_with(token: str) -> JoinRequest | None:
    """The place in the queue that this token is for; it ends after a day, or once a password is chosen with it."""
    asked = session.scalar(select(JoinRequest).where(JoinRequest.token_hash == _digest(token), not_(_is_served())))
    return asked if asked is not None and asked.asked_at > clock.now() - WAIT_LIFETIME else None


def queue(cohort: Cohort) -> Sequence[JoinRequest]:
    """Who waits to be let in, the longest first."""
    return session.scalars(
        select(JoinRequest)
        .where(
            JoinRequest.cohort_id == cohort.id,
            JoinRequest.user_id.is_(None),
            JoinRequest.asked_at > clock.now() - WAIT_LIFETIME,
        )
        .order_by(JoinRequest.asked_at, JoinRequest.id)
    ).all()


def count_wrong(key: str) -> None:
    """Note a wrong code."""
    throttle.count(key)


def let_in(asked: JoinRequest, *, by: UUID, unready: Unready = REFUSE) -> User:
    """Give the place, to who asked with an account or else to a new one; letting in twice is letting in once.

    A new account has completed nothing, so ``unready`` decides wherever the cohort asks for a course first.
    """
    if asked.user_id is not None:
        return session.get_one(User, asked.user_id)
    cohort = session.get_one(Cohort, asked.cohort_id)
    trainee = session.get_one(User, asked.asked_by) if asked.asked_by else accounts.create_trainee(by=by)
    check_account(trainee)
    place(cohort, trainee, by=by, unready=unready)
    asked.user_id = trainee.id
    return trainee


def send_away(asked: JoinRequest, *, by: UUID) -> None:
    """Take somebody out of the queue whom nobody here knows."""
    if asked.user_id is None:
        session.delete(asked)
        audit.record("cohorts.join_refused", actor_id=by, object_id=asked.cohort_id)


def take_place(token: str) -> str | None:
    """Once let in: the token of the page on which the password is chosen.

    Asked again, as an answer may be lost on its way, it gives a new one and the earlier ones end.
    Who asked with an account has a password already, and this leads to no other.
    """
    asked = waiting_with(token)
    if asked is None or asked.user_id is None or asked.asked_by is not None:
        return None
    trainee = session.get_one(User, asked.user_id)
    return accounts.make_link(trainee, by=trainee.id)
