"""What was given back before that was put on record is told truly after the migration, and by a rebuild alike."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command

from lms.app import create_app
from lms.core import db, schema
from lms.core.db import session, transaction
from lms.record import service as record
from lms.record.models import ActivityState
from tests.certificates.test_migration import a_row

BEFORE = "0029"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'old.sqlite3'}"


class Old:
    """A database as it was, with the rows that judging an assignment left."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url)
        db.listen_to(self.engine)
        with schema.migrating(self.engine) as config:
            command.upgrade(config, BEFORE)

    def tries(self, activity: str, status: str, *kinds: str) -> None:
        """An enrolment's tries at an assignment, one judgement each; "" for the one that waits."""
        with self.engine.begin() as connection:
            enrolment = a_row(connection, "enrolment")["id"]
            person = connection.exec_driver_sql("SELECT user_id FROM enrolment WHERE id = ?", (enrolment,)).scalar_one()
            state = {"registration": enrolment, "activity_id": activity}
            for number, kind in enumerate(kinds, start=1):
                self._try(connection, state, person, number, kind)
            attempts = sum(kind == "marked" for kind in kinds)
            a_row(connection, "activity_state", **state, status=status, attempts=attempts)

    def _try(self, connection: sa.Connection, state: dict[str, object], person: object, number: int, kind: str) -> None:
        id, at = uuid4().hex, sa.text(f"'2026-01-0{number} 09:00:00.000000'")
        hand_in = {"id": id, "enrolment_id": state["registration"], "user_id": person, "number": number}
        judged = {"marked_at": at, "score": 0.25 if kind == "marked" else None} if kind else {}
        a_row(connection, "hand_in", **hand_in, **judged, activity_id=state["activity_id"], files=sa.text("'[]'"))
        told = {**state, "actor_id": person, "occurred_at": at, "stored_at": at, "context": {"hand_in": str(UUID(id))}}
        a_row(connection, "statement", **told, id=uuid4().hex, verb="initialized")
        if kind:
            a_row(connection, "judgement", id=uuid4().hex, hand_in_id=id, by=person, kind=kind, at=at)
        if kind == "marked":
            a_row(connection, "statement", **told, id=uuid4().hex, verb="failed", score=0.25)


def test_what_was_judged_before_says_whose_turn_it_is(url: str, tmp_path: Path) -> None:
    old = Old(url)
    old.tries("waits", "started", "")
    old.tries("returned", "started", "given back")
    old.tries("waits-again", "started", "given back", "")
    old.tries("failed", "failed", "given back", "marked")
    old.tries("failed-returned", "failed", "marked", "given back")
    old.tries("failed-waits", "failed", "marked", "")
    schema.upgrade(old.engine)
    app = create_app({"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path), "LMS_BASE_URL": "http://localhost"})

    def told() -> dict[str, tuple[str, int]]:
        rows = session.execute(sa.select(ActivityState.activity_id, ActivityState.status, ActivityState.attempts))
        return {id: (status, attempts) for id, status, attempts in rows}

    with app.app_context():
        migrated = told()
        with transaction():
            assert record.rebuild() == 6
        assert told() == migrated
        session.remove()
    assert migrated == {
        "waits": ("handed in", 0),
        "returned": ("given back", 1),
        "waits-again": ("handed in", 1),
        "failed": ("failed", 2),
        "failed-returned": ("given back", 2),
        "failed-waits": ("handed in", 1),
    }
    with schema.migrating(old.engine) as config:
        command.downgrade(config, BEFORE)
    with old.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT activity_id, status FROM activity_state ORDER BY activity_id").all()
        assert {status for id, status in rows if id.startswith("failed")} == {"failed"}
        assert {status for id, status in rows if not id.startswith("failed")} == {"started"}
    schema.upgrade(old.engine)
