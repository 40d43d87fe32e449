"""How long certificates for a thousand trainees take, and that none is lost when their worker is killed half-way."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select, update

from lms.accounts import service as accounts
from lms.accounts.models import Role
from lms.certificates import bulk
from lms.certificates.models import Credential, IssuingRow
from lms.cohorts.models import Cohort
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.jobs import Job
from lms.missions import service as missions
from lms.missions.models import Mission

ROOT = Path(__file__).parents[1]


def measure(app: Flask, environment: dict[str, str], cohort_id: UUID) -> dict[str, float]:
    """Seconds for the dry run and for issuing, a killed worker and its successor included."""
    with app.app_context():
        with transaction():
            cohort = session.get_one(Cohort, cohort_id)
            issuer, today = accounts.create("bench-issuer", Role.MENTOR, by=None), clock.today()
            mission = session.get_one(Mission, cohort.mission_id)
            missions.deploy(mission, issuer.username, today, today + timedelta(days=1), by=None)
        begun = time.perf_counter()
        with transaction():
            made = bulk.prepare(cohort, "completion", bulk.judged(cohort, "completion"), by=issuer.id)
        tried = time.perf_counter()
        with transaction(write=False):
            ready = bulk.counts(made)["ready"]
        with transaction():
            bulk.go(made, by=issuer.id)
        for least in (ready // 2, ready):
            _work_until(environment, least)
        issued = time.perf_counter()
        with transaction(write=False):
            rows = session.execute(
                select(func.count(Credential.id), func.count(Credential.enrolment_id.distinct()))
            ).one()
        assert tuple(rows) == (ready, ready), f"{rows} instead of {ready}"
        return {f"dry run of {bulk.counts(made)['total']:,}": tried - begun, f"issue {ready:,}": issued - tried}


def _work_until(environment: dict[str, str], least: int) -> None:
    """Let a worker go on until so many are issued, and kill it."""
    with transaction():
        # What a killed worker held, and the printing, which is measured by itself.
        session.execute(
            update(Job).where(Job.kind == "certificates.issue", Job.done_at.is_(None)).values(due_at=clock.now())
        )
        session.execute(update(Job).where(Job.kind == "certificates.print").values(done_at=clock.now()))
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            session.rollback()
            if (session.scalar(select(func.count(IssuingRow.outcome))) or 0) >= least:
                return
            time.sleep(0.02)
    finally:
        session.rollback()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
