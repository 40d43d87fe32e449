"""Background work: rows written with what caused them, done at least once by a worker.

The outbox is the queue (ADR 0003): a job exists exactly when the transaction that asked for it committed.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base, session, transaction
from lms.core.ids import new_id

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# In seconds: what failed is tried for ever, as a mission may be without a network for days.
LONGEST_WAIT = 3600

_handlers: dict[str, Callable[..., None]] = {}
_periodic: list[Callable[[], None]] = []


class Job(Base):
    """A piece of work; ``key`` makes asking twice one job while it waits. ``error`` is why its last try failed."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "done_at", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    done_at: Mapped[datetime | None]


def job(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the function that does jobs of ``kind``: it opens its own transactions and may run twice."""

    def register(handler: Callable[..., None]) -> Callable[..., None]:
        _handlers[kind] = handler
        return handler

    return register


def periodic(task: Callable[[], None]) -> Callable[[], None]:
    """Register a task that each worker runs about once a minute; it opens its own transaction."""
    _periodic.append(task)
    return task


def enqueue(kind: str, key: str, **arguments: object) -> None:
    """Ask for work in the present transaction; one that waits with the same key is enough; one that failed is due."""
    if kind not in _handlers:
        raise ValueError(f"no handler does '{kind}'")
    waiting = session.scalar(select(Job).where(Job.key == key))
    if waiting is None:
        session.add(Job(kind=kind, key=key, arguments=arguments, due_at=clock.now()))
    elif waiting.done_at is not None or waiting.error is not None:
        waiting.done_at, waiting.due_at, waiting.tries, waiting.error = None, clock.now(), 0, None


def claim() -> tuple[UUID, str, dict[str, Any]] | None:
    """Lease the job that has been due longest, so that other workers leave it alone for a while.

    Returns ``(id, kind, arguments)``.
    """
    with transaction():
        due = session.scalar(
            select(Job)
            .where(Job.done_at.is_(None), Job.due_at <= clock.now())
            .order_by(Job.due_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if due is None:
            return None
        due.tries, due.error = due.tries + 1, None
        # One that ends its worker comes back as rarely as one that fails.
        due.due_at = clock.now() + max(LEASE, _wait(due.tries))
        return due.id, due.kind, due.arguments


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=min(2 ** min(tries, 20), LONGEST_WAIT))


def work_one() -> bool:
    """Do one due job, if there is one; a failure keeps the job and puts it off, ever longer."""
    claimed = claim()
    if claimed is None:
        return False
    id, kind, arguments = claimed
    try:
        _handlers[kind](**arguments)
        with transaction():
            done = session.get_one(Job, id)
            done.done_at, done.error = clock.now(), None
    except Exception as error:
        log.exception("job %s (%s) failed", id, kind)
        with transaction():
            failed = session.get_one(Job, id)
            failed.error = type(error).__name__
            failed.due_at = clock.now() + _wait(failed.tries)
    return True


def sweep() -> None:
    """Run the periodic tasks; one that fails is logged, and run again with the others next time."""
    for task in _periodic:
        try:
            task()
        except Exception:
            log.exception("the periodic task %s.%s failed", task.__module__, task.__name__)


def work_forever(app_context: Callable[[], AbstractContextManager[Any]], stop: threading.Event) -> None:
    """Do jobs until told to stop; an empty queue is looked at every second."""
    swept: datetime | None = None
    while not stop.is_set():
        with app_context():
            try:
                if swept is None or clock.now() - swept > timedelta(minutes=1):
                    swept = clock.now()
                    sweep()
                busy = work_one()
            except Exception:
                # The database may be restarting; the worker outlives it.
                log.exception("the job worker could not reach its queue")
                busy = False
        if not busy:
            stop.wait(1)
