"""Certificates that there were before credentials: each gets a place in the status lists, and keeps it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from lms.core import schema


def test_those_there_are_get_places_and_what_was_revoked_has_its_bit(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    before = ScriptDirectory(str(schema.MIGRATIONS)).get_revision("0021").down_revision
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), str(before))
    row = sa.text(
        "INSERT INTO credential (id, code, enrolment_id, user_id, mission_id, course_code, course_title, hours, "
        "issued_at, revoked_at) VALUES (:id, :id, :id, 'u', 'm', 'DP01', '{}', 16, '2026-01-01 00:00:00', :revoked_at)"
    )
    with engine.begin() as connection:
        # Their people and courses do not matter here, and SQLite does not ask for them by itself.
        for number in range(20):
            revoked_at = "2026-02-01 00:00:00" if number < 3 else None
            connection.execute(row, {"id": f"{number:032}", "revoked_at": revoked_at})
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), "0021")
    look = (
        "SELECT c.status_index, e.revoked FROM credential c JOIN status_entry e "
        'ON e.list = c.status_list AND e."index" = c.status_index WHERE c.status_list = 1 ORDER BY c.id'
    )
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(look).all()
    places = [place for place, _ in rows]
    assert len(set(places)) == 20
    assert places != sorted(places)
    assert [bool(revoked) for _, revoked in rows] == [True] * 3 + [False] * 17
    with engine.begin() as connection:
        command.downgrade(schema.configuration(connection), str(before))
        assert connection.exec_driver_sql("SELECT count(*) FROM credential").scalar() == 20


def test_files_that_are_served_stay_known_through_0024_and_back(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), "0023")
        for number in range(3):
            connection.exec_driver_sql(
                "INSERT INTO kept_pdf (credential_id, sha256, kept_at) VALUES (?, ?, '2026-01-01 00:00:00')",
                (f"{number:032}", f"{number:064}"),
            )
    look = "SELECT credential_id, sha256 FROM kept_pdf ORDER BY sha256"
    before = [(f"{number:032}", f"{number:064}") for number in range(3)]
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), "0024")
        assert [tuple(row) for row in connection.exec_driver_sql(look)] == before
        connection.exec_driver_sql(
            "INSERT INTO kept_pdf (credential_id, sha256, kept_at, replaced_at) "
            "VALUES (?, 'older', '2025-01-01 00:00:00', '2026-01-01 00:00:00')",
            (f"{0:032}",),
        )
    with engine.begin() as connection:
        command.downgrade(schema.configuration(connection), "0023")
        assert [tuple(row) for row in connection.exec_driver_sql(look)] == before
