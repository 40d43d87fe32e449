"""What every test stands on: a real database, migrated once and emptied between tests, and checked pages."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event

from lms.accounts.models import User
from lms.app import create_app
from lms.core import clock, db, schema
from tests.pages import Browser
from tests.postgresql import Cluster

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="the engine to test on")


# What passed here passes everywhere; `--hypothesis-profile=default` goes looking for examples not seen before.
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pytest_configure(config: pytest.Config) -> None:
    """The catalogues are compiled here too, so that `pytest` alone tests what `run.py test` tests."""
    settings.load_profile(config.getoption("--hypothesis-profile") or "same")
    catalogues = ROOT / "lms" / "translations"
    if any(
        not po.with_suffix(".mo").exists() or po.stat().st_mtime > po.with_suffix(".mo").stat().st_mtime
        for po in catalogues.glob("*/LC_MESSAGES/*.po")
    ):
        command = [sys.executable, "-m", "babel.messages.frontend", "compile", "-d", str(catalogues), "-D", "messages"]
        subprocess.run(command, check=True, capture_output=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What does not touch the database is the same on every engine: it runs with the embedded one."""
    if config.getoption("--database") == "postgresql":
        wanted = {each for each in items if "engine_url" in getattr(each, "fixturenames", ())}
        config.hook.pytest_deselected(items=[each for each in items if each not in wanted])
        items[:] = [each for each in items if each in wanted]


def missing(what: str, mend: str) -> None:
    """Skip loudly on a laptop, fail in CI: a test that cannot run has not passed."""
    words = f"{what} is missing: {mend}"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def engine_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the one database that the tests share."""
    if request.config.getoption("--database") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'lms.sqlite3'}"
        return
    binaries = Cluster.binaries()
    if binaries is None:
        missing("PostgreSQL", "install it (Debian: apt-get install postgresql)")
        return
    with Cluster(binaries) as cluster:
        yield cluster.new_database()


@pytest.fixture(scope="session")
def whole_app(engine_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for all tests, over a migrated, empty database."""
    app = create_app(
        {
            "LMS_DATABASE_URL": engine_url,
            "LMS_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "LMS_BASE_URL": "http://localhost",
        }
    )
    app.config["TESTING"] = False
    app.test_client_class = Browser
    with app.app_context():
        if engine_url.startswith("sqlite"):
            _give_rows_backwards(db.db.engine)
        schema.upgrade(db.db.engine)
        _keep_template(engine_url)
    return app


def _give_rows_backwards(engine: Engine) -> None:
    """Without ORDER BY any order is right, and PostgreSQL at times gives another: tests see the worst one."""

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA reverse_unordered_selects = ON")


def _file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _keep_template(url: str) -> None:
    if url.startswith("sqlite"):
        with db.db.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
        db.db.engine.dispose()
        shutil.copy(_file_of(url), _file_of(url).with_suffix(".template"))


def _empty(url: str) -> None:
    if url.startswith("sqlite"):
        db.db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(str(_file_of(url)) + suffix).unlink(missing_ok=True)
        shutil.copy(_file_of(url).with_suffix(".template"), _file_of(url))
        return
    tables = ", ".join(f'"{table.name}"' for table in db.Base.metadata.sorted_tables)
    with db.db.engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {tables} CASCADE")


@pytest.fixture
def app(whole_app: Flask, engine_url: str) -> Iterator[Flask]:
    """The application over an empty database; its context is open for the test's own look at the rows."""
    with whole_app.app_context():
        _empty(engine_url)
        yield whole_app
        db.session.remove()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Someone who is not signed in; every page they get is checked."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], Browser]:
    """A browser of its own in which a person is signed in."""

    def signed_in(person: User) -> Browser:
        browser: Browser = app.test_client()  # type: ignore[assignment]
        browser.become(person)
        return browser

    return signed_in


class Clock:
    """Time under the test's control."""

    def __init__(self) -> None:
        self.moment = clock.now()

    def now(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until moved."""
    hand = Clock()
    monkeypatch.setattr(clock, "now", hand.now)
    return hand


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that run while the test does, transaction control left out."""
    from sqlalchemy import event

    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.db.engine, "before_cursor_execute", note)
