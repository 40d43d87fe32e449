"""The database: one declarative base, one session, one place that commits."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, ClassVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Executable, MetaData, Uuid, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
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


_uuid = lru_cache(1 << 14)(UUID)


class Id(Uuid[UUID]):
    """A UUID. Where the driver gives text, one that was read lately is not parsed again, which takes longest."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        if super().result_processor(dialect, coltype) is None:  # type: ignore[no-untyped-call]
            return None
        return lambda text: None if text is None else _uuid(text)


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
        UUID: Id,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
    }


db = SQLAlchemy(metadata=Base.metadata)
session = db.session


@dataclass
class _Open:
    """The transaction that is open; ``turn`` ends with it."""

    turn: ExitStack
    writes: bool = False


_open: ContextVar[_Open | None] = ContextVar("transaction", default=None)

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@contextmanager
def transaction(*, write: bool = True) -> Iterator[None]:
    """All or nothing: returning commits, raising rolls back, and a reading one never writes.

    SQLite takes its write lock at the start of a writing transaction, so that two writers wait for each
    other instead of failing half-way. Transactions do not nest; a part that may fail is a savepoint.
    """
    if _open.get() is not None:
        raise RuntimeError("a transaction is open already: use session.begin_nested() for a part of it")
    # What was read before belongs to an older view of the database, from which SQLite could not go on to write.
    session.rollback()
    with ExitStack() as turn:
        current = _Open(turn)
        token = _open.set(current)
        try:
            if write:
                start_writing()
            yield
            if current.writes:
                session.commit()
            else:
                session.rollback()
        except BaseException:
            session.rollback()
            raise
        finally:
            _open.reset(token)


def start_writing() -> None:
    """Make the open reading transaction a writing one; what it has loaded stays, a moment old.

    Waiting for one's turn to write comes after what can be read without it, so that turns are short.
    """
    current = _open.get()
    if current is None or current.writes:
        raise RuntimeError("there is no reading transaction to go on from")
    loaded = list(session)
    session.expunge_all()
    session.rollback()
    current.turn.enter_context(_turn())
    current.writes = True
    session.add_all(loaded)


def is_writing() -> bool:
    """Whether the open transaction writes."""
    current = _open.get()
    return current is not None and current.writes


def insert_into(model: type[Base]) -> Any:
    """An INSERT that may say what happens where the row is there already, in the words of the engine here."""
    return _INSERT[session.get_bind().dialect.name](model)


def upsert(model: type[Base], values: dict[str, Any]) -> None:
    """Insert a row, or set the values on the row that has its primary key, in one statement.

    Objects of that row which the session holds do not learn of it.
    """
    session.execute(_upsert(model, tuple(values), session.get_bind().dialect.name), values)


@cache
def _upsert(model: type[Base], names: tuple[str, ...], dialect: str) -> Executable:
    keys = [column.name for column in inspect(model).primary_key]
    insert = _INSERT[dialect](model)
    rest = {name: insert.excluded[name] for name in names if name not in keys}
    if not rest:
        return insert.on_conflict_do_nothing(index_elements=keys)  # type: ignore[no-any-return]
    statement: Executable = insert.on_conflict_do_update(index_elements=keys, set_=rest)
    return statement


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
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")
