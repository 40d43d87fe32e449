"""A thousand certificates whose worker is killed while it issues, prints and packs: none twice, none missing."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.accounts.models import User
from lms.app import create_app
from lms.certificates import archive, bulk, documents
from lms.certificates.models import Credential, Issuing, IssuingRow, KeptPdf
from lms.cohorts.models import Cohort
from lms.core import clock, db, schema
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.core.jobs import Job
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done
from tests.conftest import missing
from tests.documents import a_document
from tests.postgresql import Cluster
from tests.server.serving import ROOT

pytestmark = pytest.mark.server


class Run:
    """Certificates for a whole cohort, and the worker that makes them."""

    def __init__(self, database: str, data: Path, trainees: int) -> None:
        self.database, self.data, self.trainees = database, data, trainees
        cohort, mentor = _room(trainees)
        self.mentor_id = mentor.id
        with transaction():
            issuing = bulk.prepare(cohort, "completion", bulk.judged(cohort, "completion"), by=mentor.id)
            bulk.go(issuing, by=mentor.id)
        self.id = issuing.id

    def work_until(self, enough: Callable[[], bool]) -> None:
        """Let a worker work until there is enough, and kill it and its processes at once."""
        with transaction():
            # The lease of a worker that was killed, which would end by itself after some minutes.
            session.execute(update(Job).where(Job.done_at.is_(None)).values(due_at=clock.now()))
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"],
            cwd=ROOT,
            env={**os.environ, "LMS_DATABASE_URL": self.database, "LMS_DATA_DIR": str(self.data)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            for _ in range(12_000):
                session.rollback()
                if enough():
                    return
                time.sleep(0.05)
            raise AssertionError("it did not come so far within ten minutes")
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            session.rollback()

    def printed(self) -> int:
        return sum(1 for _ in (self.data / "certificates").glob("*.pdf"))

    def packing(self) -> bool:
        return any((self.data / "archives").glob(".*.part"))

    def ready(self) -> bool:
        return archive.is_ready(session.get_one(Issuing, self.id), self.data)


def _room(trainees: int) -> tuple[Cohort, User]:
    """A cohort in which everyone has done the one activity that its certificate asks for, and who may issue."""
    mission, version = a_mission(), a_published(a_document(certificate={"activities": ["greeting"]}))
    cohort = a_cohort(mission, version, capacity=trainees)
    for _ in range(trainees):
        done(an_enrolment(cohort), "greeting")
    return cohort, deployed(mission)


def _count(column: object) -> int:
    return session.scalar(select(func.count(column))) or 0  # type: ignore[call-overload]


def _drill(app: Flask, database: str, data: Path, trainees: int) -> None:
    with app.app_context():
        schema.upgrade(db.db.engine)
        run = Run(database, data, trainees)

        run.work_until(lambda: _count(IssuingRow.outcome) >= trainees // 4)
        issued = _count(Credential.id)
        assert issued < trainees, "it was killed too late to be in the middle of issuing"
        assert _count(IssuingRow.outcome) == issued

        run.work_until(lambda: run.printed() >= trainees // 2)
        assert run.printed() < trainees, "it was killed too late to be in the middle of printing"

        run.work_until(lambda: _count(KeptPdf.sha256) == trainees)
        with transaction():
            archive.ask(session.get_one(Issuing, run.id), data=run.data, by=run.mentor_id)
        run.work_until(run.packing)
        assert not run.ready(), "it was killed too late to be in the middle of packing"
        run.work_until(run.ready)

        _nothing_twice_and_nothing_missing(run)
        session.remove()


def _nothing_twice_and_nothing_missing(run: Run) -> None:
    codes = dict(session.execute(select(Credential.id, Credential.code)).all())
    assert len(codes) == len(set(codes.values())) == run.trainees
    assert _count(Credential.enrolment_id.distinct()) == run.trainees
    assert _count(Credential.status_index.distinct()) == run.trainees
    assert _count(IssuingRow.credential_id.distinct()) == run.trainees
    events = Counter(session.scalars(select(AuditEvent.object_id).where(AuditEvent.action == "certificates.issued")))
    assert set(events) == set(codes)
    assert set(events.values()) == {1}
    # What is served is what was noted, and each file is in the archive once, whole.
    served = dict(
        session.execute(select(KeptPdf.credential_id, KeptPdf.sha256).where(KeptPdf.replaced_at.is_(None))).all()
    )
    assert set(served) == set(codes)
    assert _count(KeptPdf.sha256) == run.trainees, "some were printed twice"
    with zipfile.ZipFile(archive.path_of(run.data, run.id)) as packed:
        digests = [sha256(packed.read(name)).hexdigest() for name in packed.namelist()]
    assert sorted(digests) == sorted(served.values())
    for id, digest in served.items():
        assert documents.is_whole(documents.path_of(run.data, id), digest)
    assert run.printed() == run.trainees


def test_a_thousand_certificates_survive_three_kills_on_sqlite(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    _drill(create_app({"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(tmp_path)}), database, tmp_path, 1_000)


def test_certificates_survive_three_kills_on_postgresql(tmp_path: Path) -> None:
    binaries = Cluster.binaries()
    if binaries is None:
        missing("PostgreSQL", "install it (Debian: apt-get install postgresql)")
        return
    with Cluster(binaries) as cluster:
        database = cluster.new_database()
        _drill(create_app({"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(tmp_path)}), database, tmp_path, 200)
