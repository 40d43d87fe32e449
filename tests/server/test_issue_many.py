"""A cohort's certificates whose worker is killed: none twice, none missing, and it goes on by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.accounts.models import User
from lms.app import create_app
from lms.certificates import archive, bulk
from lms.certificates.models import Credential, Issuing, IssuingRow
from lms.cohorts.models import Cohort
from lms.core import clock, db, schema
from lms.core.db import session, transaction
from lms.core.jobs import Job
from tests.builders import a_cohort, a_document, a_mission, a_published, an_enrolment, deployed, done
from tests.conftest import missing
from tests.postgresql import Cluster
from tests.server.serving import ROOT

pytestmark = pytest.mark.server

# Made small, as the run in full stands in the benchmarks.
TRAINEES, ENOUGH = 150, 25


def _worker(database: str, data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"],
        cwd=ROOT,
        env={**os.environ, "LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kill(worker: subprocess.Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _count(column: object) -> int:
    session.rollback()
    return session.scalar(select(func.count(column))) or 0  # type: ignore[call-overload]


def _until(least: int) -> None:
    for _ in range(6000):
        if _count(IssuingRow.outcome) >= least:
            return
        time.sleep(0.05)
    raise AssertionError(f"fewer than {least} were issued within five minutes")


def _room(trainees: int) -> tuple[Cohort, User]:
    """A cohort in which everyone has done the one activity that its certificate asks for, and who may issue."""
    mission, version = a_mission(), a_published(a_document(certificate={"activities": ["greeting"]}))
    cohort = a_cohort(mission, version, capacity=trainees)
    for _ in range(trainees):
        done(an_enrolment(cohort), "greeting")
    return cohort, deployed(mission)


def _drill(app: Flask, database: str, data: Path) -> None:
    with app.app_context():
        with db.db.engine.begin() as connection:
            schema.upgrade(connection)
        cohort, mentor = _room(TRAINEES)
        with transaction():
            issuing = bulk.prepare(cohort, "completion", "", by=mentor.id)
            bulk.go(issuing, by=mentor.id)
        id = issuing.id
        worker = _worker(database, data)
        _until(ENOUGH)
        _kill(worker)
        issued = _count(Credential.id)
        assert ENOUGH <= issued < TRAINEES, "it was killed too late to be in the middle"
        assert _count(IssuingRow.outcome) == issued
        with transaction():
            # The lease of the dead worker, which would end by itself after some minutes.
            session.execute(update(Job).where(Job.done_at.is_(None)).values(due_at=clock.now()))
            session.execute(update(Job).where(Job.kind == "certificates.print").values(done_at=clock.now()))
        worker = _worker(database, data)
        try:
            _until(TRAINEES)
        finally:
            _kill(worker)
        assert _count(Credential.id) == _count(Credential.enrolment_id.distinct()) == TRAINEES
        assert _count(IssuingRow.credential_id.distinct()) == TRAINEES
        assert session.get_one(Issuing, id).started_at is not None
        assert len(archive.contents(id)) == TRAINEES
        session.remove()


def test_certificates_go_on_after_their_worker_was_killed_on_sqlite(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    _drill(create_app({"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(tmp_path)}), database, tmp_path)


def test_certificates_go_on_after_their_worker_was_killed_on_postgresql(tmp_path: Path) -> None:
    binaries = Cluster.binaries()
    if binaries is None:
        missing("PostgreSQL", "install it (Debian: apt-get install postgresql)")
        return
    with Cluster(binaries) as cluster:
        database = cluster.new_database()
        _drill(create_app({"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(tmp_path)}), database, tmp_path)
