"""The database's shape: migrations applied and compared."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

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


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest migration; nothing to do is quick."""
    if not is_current(connection):
        command.upgrade(configuration(connection), "head")
