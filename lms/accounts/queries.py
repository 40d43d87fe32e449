"""Lists of people and of what they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from lms.accounts.models import User
from lms.core.audit import AuditEvent
from lms.core.db import session

PAGE = 50


@dataclass(frozen=True)
class Page:
    """A page of a list: its rows, its number from 1, how many pages there are."""

    rows: Sequence[Any]
    number: int
    total: int


def people(search: str, number: int) -> Page:
    """Accounts whose username or number contains ``search``; two statements."""
    wanted = select(User.id, User.username, User.number, User.role, User.active)
    if search:
        pattern = "%" + search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        wanted = wanted.where(or_(User.username.ilike(pattern, escape="\\"), User.number.ilike(pattern, escape="\\")))
    count = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-count // PAGE))
    number = min(number, pages)
    rows = session.execute(wanted.order_by(User.username).limit(PAGE).offset((number - 1) * PAGE)).all()
    return Page(rows, number, pages)


def audit_events(before: UUID | None) -> Sequence[Any]:
    """Up to fifty events older than ``before``, with who did them."""
    events = (
        select(AuditEvent.id, AuditEvent.at, AuditEvent.action, AuditEvent.object_id, AuditEvent.detail, User.username)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .order_by(AuditEvent.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        events = events.where(AuditEvent.id < before)
    return session.execute(events).all()
