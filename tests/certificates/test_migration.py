"""Certificates that there were before the newest migrations stay, with what is known of them."""

from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from lms.core import db, schema


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


def a_row(connection: sa.Connection, name: str, **given: object) -> dict[str, object]:
    """A row with only what the table insists on, and the rows that it points to."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    parents = {key.parent.name: key.target_fullname.split(".")[0] for key in table.foreign_keys}
    for column in table.columns:
        if column.nullable or column.server_default is not None or column.name in given:
            continue
        if column.name in parents:
            given[column.name] = a_row(connection, parents[column.name])["id"]
        elif isinstance(column.type, sa.DateTime | sa.Date):
            given[column.name] = sa.text("'2026-01-01'")
        else:
            given[column.name] = uuid4().hex if isinstance(column.type, sa.CHAR | sa.String) else 1
    connection.execute(table.insert().values({table.c[key]: value for key, value in given.items()}))
    return given


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    """As the application makes it: foreign keys hold."""
    made = sa.create_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    db.listen_to(made)
    return made


def test_a_certificate_whose_file_was_kept_goes_up_to_the_newest_and_back(engine: sa.Engine) -> None:
    with schema.migrating(engine) as config:
        command.upgrade(config, "0022")
    with engine.begin() as connection:
        a_row(connection, "kept_pdf", sha256="5" * 64)
    look = "SELECT k.sha256 FROM kept_pdf k JOIN credential c ON c.id = k.credential_id"
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.is_current(connection)
        assert connection.exec_driver_sql(look).scalars().all() == ["5" * 64]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1, "they hold again"
    with schema.migrating(engine) as config:
        command.downgrade(config, "0022")
    with engine.connect() as connection:
        assert connection.exec_driver_sql(look).scalars().all() == ["5" * 64]


def test_0027_knows_who_proposed_what_waits_and_names_nobody_twice(engine: sa.Engine) -> None:
    with schema.migrating(engine) as config:
        command.upgrade(config, "0026")
    asker, other = uuid4().hex, uuid4().hex
    when = {"needs_two": True, "asked_by": asker, "proposed_at": sa.text("'2026-01-01'")}
    with engine.begin() as connection:
        for person in (asker, other):
            a_row(connection, "user", id=person)
        waits, begun, older, dry = (uuid4().hex for _ in range(4))
        a_row(connection, "issuing", id=waits, **when)
        a_row(connection, "issuing", id=begun, **when, started_by=other, started_at=sa.text("'2026-01-02'"))
        a_row(connection, "issuing", id=older, **when)
        a_row(connection, "issuing", id=dry, needs_two=True, asked_by=asker)
        for each in (waits, begun):
            a_row(connection, "audit_event", action="certificates.proposed", actor_id=other, object_id=each)
    schema.upgrade(engine)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT id, proposed_by FROM issuing"))
        found = {row.id: row.proposed_by for row in rows}
    assert found == {waits: other, begun: asker, older: asker, dry: None}
    with schema.migrating(engine) as config:
        command.downgrade(config, "0026")


def test_a_migration_that_would_leave_rows_astray_is_undone(engine: sa.Engine) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        a_row(connection, "kept_pdf", sha256="5" * 64)
    words = "1 rows point to rows that are not there: kept_pdf to credential"
    with pytest.raises(RuntimeError, match=words), schema.migrating(engine) as config:
        config.attributes["connection"].exec_driver_sql("DELETE FROM credential")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM credential").scalar() == 1
