"""Jobs, settings, the vault, transactions, the trail: what everything else stands on."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, StatementError

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.core import audit
from lms.core.audit import AuditEvent
from lms.core.db import session, start_writing, transaction, upsert
from lms.core.ids import ALPHABET, code, new_id
from lms.core.jobs import Job
from lms.core.settings import from_environment
from lms.core.vault import Vault, vault_of
from lms.record.models import ActivityState
from tests.builders import a_person, an_enrolment, done
from tests.conftest import Clock


def test_the_data_directory_is_the_services_alone(tmp_path: Path) -> None:
    settings = from_environment({"LMS_DATA_DIR": str(tmp_path / "new")})
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "keys" / "sessions" / "0001").stat().st_mode) == 0o600
    assert settings["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'new' / 'lms.sqlite3'}"


@pytest.mark.parametrize(("address", "secure"), [("https://lms.example/", True), ("http://localhost:8000", False)])
def test_cookies_are_for_https_alone_where_the_site_has_it(tmp_path: Path, address: str, secure: bool) -> None:
    settings = from_environment({"LMS_DATA_DIR": str(tmp_path), "LMS_BASE_URL": address})
    assert settings["SESSION_COOKIE_SECURE"] is secure
    assert settings["SESSION_COOKIE_HTTPONLY"]
    assert not settings["BASE_URL"].endswith("/")


def test_a_strong_session_key_is_taken_and_none_is_written(tmp_path: Path) -> None:
    strong = "3f9a1c5e7b2d4860af13ce579bd02468"
    settings = from_environment({"LMS_DATA_DIR": str(tmp_path), "LMS_SECRET_KEY": strong})
    assert settings["SECRET_KEY"] == strong
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("words", ["Amina Sarr", "", "أمينة", "a" * 10_000])
def test_the_vault_opens_what_it_closed(words: str) -> None:
    vault = Vault(Fernet.generate_key())
    sealed = vault.close(words)
    assert vault.open(sealed) == words
    assert sealed != vault.close(words)
    assert not words or words.encode() not in sealed


def test_a_vault_opens_nothing_that_was_changed_or_is_anothers() -> None:
    vault, other = Vault(Fernet.generate_key()), Vault(Fernet.generate_key())
    sealed = vault.close("Amina Sarr")
    assert other.open(sealed) is None
    assert vault.open(b"") is None
    assert vault.open(sealed[:-4]) is None
    for place in (1, len(sealed) // 2, len(sealed) - 5):
        changed = sealed[:place] + (b"A" if sealed[place : place + 1] != b"A" else b"B") + sealed[place + 1 :]
        assert vault.open(changed) is None


def test_a_fingerprint_is_equal_for_equal_words_under_one_key_only() -> None:
    vault, other = Vault(Fernet.generate_key()), Vault(Fernet.generate_key())
    assert vault.fingerprint("name") == vault.fingerprint("name") != vault.fingerprint("names")
    assert vault.fingerprint("name") != other.fingerprint("name")


def test_the_vaults_key_lies_outside_the_database_and_is_made_once(tmp_path: Path) -> None:
    sealed = vault_of(tmp_path).close("Amina Sarr")
    key = tmp_path / "keys" / "names"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert Vault(key.read_bytes()).open(sealed) == "Amina Sarr"


def people() -> int:
    return session.scalar(select(func.count()).select_from(User)) or 0


def create_and_fail(username: str) -> None:
    accounts.create(username, Role.MENTOR, by=None)
    session.flush()
    raise RuntimeError("half-way")


def test_a_transaction_that_raises_leaves_nothing(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="half-way"), transaction():
        create_and_fail("someone")
    assert people() == 0
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_a_reading_transaction_writes_nothing(app: Flask) -> None:
    with transaction(write=False):
        session.add(User(username="someone", role=Role.MENTOR.value))
        session.flush()
    assert people() == 0


def test_a_part_that_fails_leaves_the_rest(app: Flask) -> None:
    with transaction():
        accounts.create("someone", Role.MENTOR, by=None)
        with pytest.raises(RuntimeError, match="half-way"), session.begin_nested():
            create_and_fail("another")
    assert session.scalars(select(User.username)).all() == ["someone"]


def test_transactions_do_not_nest_and_the_next_one_works(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="open already"), transaction(), transaction():
        pass
    a_person()
    assert people() == 1


def test_what_was_read_before_the_turn_to_write_can_be_changed_in_it(app: Flask) -> None:
    id = a_person(username="someone").id
    session.remove()
    with transaction(write=False):
        person = session.get_one(User, id)
        start_writing()
        person.username = "another"
    session.remove()
    assert session.get_one(User, id).username == "another"


def test_only_a_reading_transaction_goes_on_to_write(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="no reading transaction"):
        start_writing()
    with pytest.raises(RuntimeError, match="no reading transaction"), transaction():
        start_writing()


def test_a_row_is_written_anew_or_changed_by_its_key_alone(app: Flask) -> None:
    """What an upsert does not name stays as it is."""
    done(an_enrolment(), "quiz", score=0.5)
    state = session.scalars(select(ActivityState)).one()
    key = {"registration": state.registration, "activity_id": "quiz"}
    whole = {**key, "status": "passed", "score": 0.75, "attempts": 2, "started_at": state.started_at}
    session.remove()
    with transaction():
        upsert(ActivityState, whole)
        upsert(ActivityState, {**whole, "activity_id": "final"})
    states = session.scalars(select(ActivityState).order_by(ActivityState.activity_id.desc())).all()
    assert [(state.activity_id, state.score, state.completed_at is None) for state in states] == [
        ("quiz", 0.75, False),
        ("final", 0.75, True),
    ]


def test_an_instant_without_its_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="needs a time zone"), transaction():
        session.add(Job(kind="none", key="k", due_at=datetime(2026, 1, 1)))  # noqa: DTZ001


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'nothing'",
        "DELETE FROM audit_event",
        "UPDATE statement SET score = 1",
        "DELETE FROM statement",
    ],
)
def test_the_trail_and_the_ledger_are_only_added_to(app: Flask, statement: str) -> None:
    done(an_enrolment(), "greeting")
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    assert before
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session.execute(text(statement))
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
    assert session.scalar(select(func.count()).where(AuditEvent.action == "nothing")) == 0


def test_a_row_of_the_trail_is_refused_change_through_its_model_too(app: Flask) -> None:
    with transaction():
        audit.record("something", actor_id=None)
    event = session.scalars(select(AuditEvent)).one()
    id = event.id
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session.get_one(AuditEvent, id).action = "nothing"
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session.delete(session.get_one(AuditEvent, id))
    assert session.get_one(AuditEvent, id).action == "something"


def test_the_trail_says_who_did_what_without_names(app: Flask) -> None:
    actor = a_person(Role.ADMIN)
    with transaction():
        accounts.create("a-secret-name", Role.TRAINEE, by=actor.id, password="four quiet words here")
    event = session.scalars(select(AuditEvent).where(AuditEvent.actor_id == actor.id)).one()
    assert (event.action, event.detail) == ("accounts.created", {"role": "trainee"})


def test_an_account_on_the_trail_cannot_be_deleted(app: Flask) -> None:
    actor = a_person(Role.ADMIN)
    with transaction():
        audit.record("something", actor_id=actor.id)
    with pytest.raises(DatabaseError), transaction():
        session.delete(session.get_one(User, actor.id))
    assert people() == 1


def test_ids_sort_by_time_and_codes_are_easy_to_read(time: Clock) -> None:
    made: list[UUID] = []
    for _ in range(5):
        made += [new_id() for _ in range(20)]
        time.forward(seconds=1)
    assert made == sorted(made)
    assert made[0].int >> 80 == int((time.now() - timedelta(seconds=5)).timestamp() * 1000)
    assert {each.variant for each in made} == {RFC_4122}
    assert {each.version for each in made} == {7}
    assert set(code(500)) <= set(ALPHABET)
    assert not set("ILOU01") & set(ALPHABET)


def test_two_who_write_at_once_wait_for_each_other(app: Flask) -> None:
    """Both read before they write: on SQLite one of them would otherwise fail half-way."""
    with transaction():
        session.add(Job(kind="count", key="counter", tries=0))
    begin = threading.Barrier(4)

    def add_ten(_: int) -> None:
        begin.wait()
        with app.app_context():
            for _ in range(10):
                with transaction():
                    counter = session.scalars(select(Job).where(Job.key == "counter").with_for_update()).one()
                    counter.tries += 1

    with ThreadPoolExecutor(4) as crew:
        list(crew.map(add_ten, range(4)))
    session.rollback()
    assert session.scalars(select(Job.tries)).one() == 40
