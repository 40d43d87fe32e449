"""A roll that is being taken while its worker is killed: nothing twice, nothing lost, and it goes on by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.app import create_app
from lms.core import clock, db, schema
from lms.core.db import session, transaction
from lms.core.jobs import Job
from lms.core.vault import vault_of
from lms.missions.models import RollEntry
from lms.roster import importing
from lms.roster.models import RollImport, RollRow
from tests.builders import a_mission, deployed
from tests.conftest import missing
from tests.postgresql import Cluster
from tests.server.serving import ROOT

pytestmark = pytest.mark.server

LINES, ENOUGH = 6000, 500


def _worker(database: str, data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"],
        cwd=ROOT,
        env={**os.environ, "LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _taken(least: int) -> int:
    """Wait until at least so many lines are taken; returns how many are."""
    for _ in range(1200):
        session.rollback()
        count = session.scalar(select(func.count(RollRow.outcome))) or 0
        if count >= least:
            return count
        time.sleep(0.05)
    raise AssertionError(f"only {count} lines were taken within a minute")


def _drill(app: Flask, database: str, data: Path) -> None:
    with app.app_context():
        schema.upgrade(db.db.engine)
        mission = a_mission()
        person, vault = deployed(mission), vault_of(data)
        with transaction():
            brought = importing.bring(mission, b"sex\n" + b"f\n" * LINES, vault=vault, by=person.id)
            importing.match(brought, {"sex": 0}, vault=vault)
            importing.start(brought, whole=False, by=person.id)
        worker = _worker(database, data)
        _taken(ENOUGH)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        session.rollback()
        done = session.scalar(select(func.count(RollRow.outcome))) or 0
        assert ENOUGH <= done < LINES, "it was killed too late to be in the middle"
        assert session.scalar(select(func.count()).select_from(RollEntry)) == done
        with transaction():
            # The lease of the dead worker, which would end by itself after some minutes.
            session.execute(update(Job).values(due_at=clock.now()))
        worker = _worker(database, data)
        try:
            _taken(LINES)
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        session.rollback()
        assert session.scalar(select(func.count()).select_from(RollEntry)) == LINES
        assert session.scalar(select(func.count(RollRow.user_id.distinct()))) == LINES
        assert session.scalars(select(RollImport)).one().started_at is not None
        session.remove()


def test_a_roll_goes_on_after_its_worker_was_killed_on_sqlite(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    _drill(create_app({"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(tmp_path)}), database, tmp_path)


def test_a_roll_goes_on_after_its_worker_was_killed_on_postgresql(tmp_path: Path) -> None:
    binaries = Cluster.binaries()
    if binaries is None:
        missing("PostgreSQL", "install it (Debian: apt-get install postgresql)")
        return
    with Cluster(binaries) as cluster:
        database = cluster.new_database()
        _drill(create_app({"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(tmp_path)}), database, tmp_path)
