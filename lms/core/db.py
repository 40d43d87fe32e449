"""The database: one declarative base, one session, one place that commits."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, Uuid, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, returned aware; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone: use clock.now()")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every model inherits; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        UUID: Uuid,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
    }


db = SQLAlchemy(metadata=Base.metadata)
session = db.session

_mode: ContextVar[str | None] = ContextVar("mode", default=None)


@contextmanager
def transaction(*, write: bool = True) -> Iterator[None]:
    """All or nothing: returning commits, raising rolls back, and a reading one never writes.

    SQLite takes its write lock at the start of a writing transaction, so that two writers wait for each
    other instead of failing half-way. Transactions do not nest; a part that may fail is a savepoint.
    """
    if _mode.get() is not None:
        raise RuntimeError("a transaction is open already: use session.begin_nested() for a part of it")
    # What was read before belongs to an older view of the database, from which SQLite could not go on to write.
    session.rollback()
    with _turn() if write else nullcontext():
        token = _mode.set("write" if write else "read")
        try:
            yield
            if write:
                session.commit()
            else:
                session.rollback()
        except BaseException:
            session.rollback()
            raise
        finally:
            _mode.reset(token)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn to write to SQLite, over all threads and processes; other engines need no turns.

    SQLite alone lets writers sleep and try again, for ever longer; the kernel wakes the next one at once,
    and gives the turn on when its holder dies.
    """
    url = session.get_bind().engine.url
    if url.get_backend_name() != "sqlite" or url.database is None:
        yield
        return
    with open(f"{url.database}-turn", "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def listen_to(engine: Engine) -> None:
    """Set SQLite up for durable writes and honest savepoints; other engines need nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, record: object) -> None:
        # Left to itself, sqlite3 commits when a savepoint is released; BEGIN is ours.
        connection.isolation_level = None
        for pragma in (
            "foreign_keys = ON",
            "journal_mode = WAL",
            "synchronous = FULL",  # acknowledged means durable, also when the power fails
            "busy_timeout = 10000",
            "cache_size = -16000",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _mode.get() == "write" else "BEGIN")
