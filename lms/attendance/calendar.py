"""A person's sessions as iCalendar (RFC 5545), for calendars outside: where and when, and nothing of who and what."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event
from sqlalchemy import ColumnElement, select

from lms.accounts.models import Role, User
from lms.attendance.models import CalendarFeed, TrainingSession
from lms.cohorts.models import Enrolment
from lms.core import audit, clock, policy
from lms.core.db import session, upsert
from lms.core.words import N_, catalogue

# How far back a calendar shows what was; what is to come it shows all.
PAST = timedelta(days=60)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(user: User) -> str:
    """A new address's token, shown once; the address before it ends."""
    token = secrets.token_urlsafe(24)
    upsert(CalendarFeed, {"user_id": user.id, "token_hash": _hash(token), "made_at": clock.now()})
    audit.record("calendar.made", actor_id=user.id, object_id=user.id)
    return token


def end_feed(user: User) -> None:
    """The address answers no more."""
    feed = session.get(CalendarFeed, user.id)
    if feed is not None:
        session.delete(feed)
        audit.record("calendar.ended", actor_id=user.id, object_id=user.id)


def has_feed(user: User) -> bool:
    """Whether there is an address for the person's calendar."""
    return session.get(CalendarFeed, user.id) is not None


def owner_of(token: str) -> User | None:
    """Whose address this is, while the account is open."""
    return session.scalar(
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == _hash(token), User.active)
    )


def sessions_of(user: User) -> Iterable[TrainingSession]:
    """The sessions that the person attends or teaches, cancelled ones too; one statement."""
    if user.role == Role.TRAINEE:
        places = select(Enrolment.cohort_id).where(Enrolment.user_id == user.id, Enrolment.left_at.is_(None))
        theirs: ColumnElement[bool] = TrainingSession.cohort_id.in_(places)
    elif policy.may(user, "sessions.list"):
        theirs = policy.where(user, "sessions.hold")
    else:
        return []
    return session.scalars(
        select(TrainingSession)
        .where(theirs, TrainingSession.ends_at > clock.now() - PAST)
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )


def written(sessions: Iterable[TrainingSession], *, language: str, host: str) -> bytes:
    """The feed's bytes; times are in UTC, so that no calendar needs to know a zone."""
    what = catalogue(language).gettext(N_("Training session"))
    feed = Calendar()
    feed.add("prodid", "-//Concord//Sessions//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    for each in sessions:
        event = Event()
        event.add("uid", f"{each.id}@{host}")
        event.add("dtstamp", each.changed_at)
        event.add("last-modified", each.changed_at)
        event.add("dtstart", each.starts_at)
        event.add("dtend", each.ends_at)
        event.add("sequence", each.revision)
        event.add("summary", f"{what} {each.venue_code}".strip())
        event.add("status", "CANCELLED" if each.cancelled_at else "CONFIRMED")
        feed.add_component(event)
    return bytes(feed.to_ical())
