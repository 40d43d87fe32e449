"""The database's shape: migrations applied and compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, for a connection that is already open."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@cache
def head() -> str | None:
    """The newest migration that the code knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def is_current(connection: Connection) -> bool:
    """Whether the database is at the newest migration."""
    return MigrationContext.configure(connection).get_current_revision() == head()


@contextmanager
def migrating(engine: Engine) -> Iterator[Config]:
    """Alembic's settings for migrations in one transaction, which is kept whole or not at all.

    SQLite changes a table by making it anew, and would refuse to drop one that others point to: it looks at foreign
    keys once, at the end. Raises ``RuntimeError`` where one points nowhere then.
    """
    with engine.connect() as connection:
        # By the driver: SQLAlchemy would begin a transaction first, and within one SQLite ignores this.
        driver = connection.connection.cursor() if engine.dialect.name == "sqlite" else None
        held = driver.execute("PRAGMA foreign_keys").fetchone()[0] if driver else None
        try:
            if driver:
                driver.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                yield configuration(connection)
                if driver and (astray := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    tables = ", ".join(sorted({f"{row[0]} to {row[2]}" for row in astray}))
                    raise RuntimeError(f"{len(astray)} rows point to rows that are not there: {tables}")
        finally:
            if driver:
                driver.execute(f"PRAGMA foreign_keys = {held}")


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest migration; nothing to do is quick."""
    with engine.connect() as connection:
        if is_current(connection):
            return
    with migrating(engine) as config:
        command.upgrade(config, "head")
