"""The drill: trainees answer and complete, the server is killed outright, and nothing acknowledged may be missing.

python -m tests.server.kill --rounds 20 [--database postgresql]
"""

import argparse
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from benchmarks.seed import a_course
from lms.app import create_app
from lms.core import db, schema
from lms.core.db import session, transaction
from lms.record import service as record
from lms.record.models import ActivityState, Statement, Verb
from tests.builders import PASSWORD, a_cohort, a_person, a_published, an_enrolment
from tests.postgresql import Cluster
from tests.server.serving import Server, Visitor

TRAINEES = 6
LESSONS = [f"l-{module}-{number}" for module in range(5) for number in range(5)]


@dataclass
class Trainee:
    """What one trainee has sent, and what of it was acknowledged."""

    username: str
    enrolment: UUID
    attempt: str = ""
    # Position in the quiz: the choice last acknowledged, and those sent since without an answer.
    answers: dict[int, tuple[str, set[str]]] = field(default_factory=dict)
    completed: set[str] = field(default_factory=set)
    acknowledged: int = 0

    def work(self, visitor: Visitor, chance: random.Random) -> None:
        """Complete lessons and answer questions until the server is gone."""
        while True:
            try:
                lesson = chance.choice(LESSONS)
                if visitor.post(f"/learn/{self.enrolment}/{lesson}/done")[0] == 302:
                    self.completed.add(lesson)
                    self.acknowledged += 1
                for _ in range(3):
                    self._answer(visitor, chance.randint(1, 10), str(chance.randrange(4)))
            except OSError:
                return

    def _answer(self, visitor: Visitor, position: int, choice: str) -> None:
        known, pending = self.answers.get(position, ("", set()))
        self.answers[position] = (known, {*pending, choice})
        status, _ = visitor.post(f"/attempts/{self.attempt}/{position}", answer=choice, go="next")
        if status == 302:
            self.answers[position] = (choice, set())
            self.acknowledged += 1


def prepare(database: str, data: Path) -> tuple[Flask, list[Trainee]]:
    """A migrated database with a course and trainees in a cohort."""
    app = create_app({"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(data)})
    with app.app_context():
        schema.upgrade(db.db.engine)
        cohort = a_cohort(version_id=a_published(a_course()))
        people = [a_person(username=f"drill-{number}", password=PASSWORD) for number in range(TRAINEES)]
        return app, [Trainee(person.username, an_enrolment(cohort, person).id) for person in people]


def drill(database: str, data: Path, rounds: int, after_kill: Callable[[], None] = lambda: None) -> int:
    """Kill and compare ``rounds`` times; returns how many writes were acknowledged. Raises on the first loss."""
    app, trainees = prepare(database, data)
    server = Server(database, data)
    chance = random.Random(34169)
    visitors: dict[str, Visitor] = {}
    for _ in range(rounds):
        server.start()
        for trainee in trainees:
            # The session is in the cookie, so it outlives the server.
            visitor = visitors.setdefault(trainee.username, Visitor(server.port))
            if not trainee.attempt:
                visitor.sign_in(trainee.username, PASSWORD)
                _, where = visitor.post(f"/learn/{trainee.enrolment}/q-0/test")
                trainee.attempt = where.split("/")[2]
        threads = [
            threading.Thread(target=trainee.work, args=(visitors[trainee.username], random.Random(chance.random())))
            for trainee in trainees
        ]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.8, 1.6))
        server.kill()
        for thread in threads:
            thread.join()
        after_kill()
        server.start()
        try:
            for trainee in trainees:
                _compare(app, visitors[trainee.username], trainee)
            _ledger_and_fold_agree(app)
        finally:
            server.kill()
    return sum(trainee.acknowledged for trainee in trainees)


def _compare(app: Flask, visitor: Visitor, trainee: Trainee) -> None:
    for position, (known, pending) in trainee.answers.items():
        status, page = visitor.get(f"/attempts/{trainee.attempt}/{position}")
        assert status == 200
        shown = re.findall(r'name="answer" value="(\d)" checked', page)
        # What was under way may or may not have arrived; what was acknowledged must be there.
        allowed = {known} | pending if known else {"", *pending}
        assert (shown[0] if shown else "") in allowed, f"question {position}: {shown}, acknowledged was {known}"
    with app.app_context():
        of = Statement.registration == trainee.enrolment
        stated = set(session.scalars(select(Statement.activity_id).where(of, Statement.verb == Verb.COMPLETED.value)))
        assert trainee.completed <= stated, f"lost: {trainee.completed - stated}"


def _ledger_and_fold_agree(app: Flask) -> None:
    columns = (ActivityState.registration, ActivityState.activity_id, ActivityState.status, ActivityState.score)
    order = select(*columns).order_by(*columns[:2])
    with app.app_context():
        with transaction(write=False):
            before = session.execute(order).all()
        with transaction():
            record.rebuild()
        with transaction(write=False):
            assert session.execute(order).all() == before


def main() -> None:
    """Run the drill from the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        if chosen.database == "sqlite":
            count = drill(f"sqlite:///{data / 'lms.sqlite3'}", data, chosen.rounds)
        else:
            binaries = Cluster.binaries()
            if binaries is None:
                sys.exit("PostgreSQL is missing: install it (Debian: apt-get install postgresql)")
            with Cluster(binaries) as cluster:
                count = drill(cluster.new_database(), data, chosen.rounds, after_kill=cluster.crash)
    sys.stdout.write(f"{count} acknowledged writes, none lost in {chosen.rounds} kills\n")


if __name__ == "__main__":
    main()
