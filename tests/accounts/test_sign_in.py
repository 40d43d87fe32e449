"""Signing in, out, and being throttled."""

from statistics import median
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts import passwords, service
from lms.accounts.models import Role, Tries, User
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from tests.builders import PASSWORD, a_person
from tests.conftest import Clock
from tests.pages import Browser


def test_the_right_password_leads_to_the_roles_own_page(browser: Browser) -> None:
    a_person(Role.MENTOR, "maple", PASSWORD)
    answer = browser.send("/sign-in", username=" Maple ", password=PASSWORD)
    assert answer.status_code == 302
    assert browser.get("/").headers["Location"] == "/cohorts/"
    assert browser.get("/cohorts/").status_code == 200


def test_a_wrong_name_and_a_wrong_password_get_the_same_words(browser: Browser) -> None:
    a_person(Role.TRAINEE, "known", PASSWORD)
    answers = [
        browser.send("/sign-in", username=name, password="not the password").text for name in ("known", "unknown")
    ]
    shown = [answer.replace("known", "").replace("un", "") for answer in answers]
    assert answers[0].count("The username or the password is wrong.") == 1
    assert "There is a problem" in answers[0]
    assert len(shown[0]) == len(shown[1])


def test_a_refused_sign_in_is_a_422_that_keeps_the_username_and_not_the_password(browser: Browser) -> None:
    answer = browser.send("/sign-in", username="somebody", password="a wrong password")
    assert answer.status_code == 422
    assert 'value="somebody"' in answer.text
    assert "a wrong password" not in answer.text
    assert "<title>Error: Sign in" in answer.text


def test_a_closed_account_cannot_sign_in(browser: Browser) -> None:
    person = a_person(Role.TRAINEE, "gone", PASSWORD)
    admin = a_person(Role.ADMIN)
    with transaction():
        service.set_active(session.merge(person), False, admin.id)
    assert browser.send("/sign-in", username="gone", password=PASSWORD).status_code == 422


def test_an_unknown_name_costs_a_hash_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = passwords.hash(PASSWORD)

    def spent(stored: str | None) -> float:
        times = []
        for _ in range(5):
            begun = perf_counter()
            passwords.matches("wrong", stored)
            times.append(perf_counter() - begun)
        return median(times)

    # A skipped hash would be a thousand times faster; the factor leaves room for a busy machine.
    assert spent(None) > spent(hashed) / 4


def test_after_ten_failures_even_the_right_password_waits(browser: Browser, time: Clock) -> None:
    a_person(Role.TRAINEE, "target", PASSWORD)
    for _ in range(10):
        browser.send("/sign-in", username="target", password="guess")
    locked = browser.send("/sign-in", username="target", password=PASSWORD)
    assert locked.status_code == 429
    assert "Too many tries" in locked.text
    time.forward(minutes=16)
    assert browser.send("/sign-in", username="target", password=PASSWORD).status_code == 302


def test_a_name_that_does_not_exist_is_locked_like_one_that_does(browser: Browser) -> None:
    answers = [browser.send("/sign-in", username="nobody-here", password="guess").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_count_of_failures_is_shared_and_tells_no_name(app: Flask, browser: Browser) -> None:
    for _ in range(5):
        browser.send("/sign-in", username="victim", password="guess")
    other: Browser = app.test_client()  # type: ignore[assignment]
    for _ in range(5):
        other.send("/sign-in", username="victim", password="guess")
    assert other.send("/sign-in", username="victim", password="guess").status_code == 429
    keys = session.scalars(select(Tries.key)).all()
    assert len(keys) == 2
    assert not any("victim" in key or "127.0.0.1" in key for key in keys)


def test_a_success_clears_the_names_count(browser: Browser) -> None:
    a_person(Role.TRAINEE, "clumsy", PASSWORD)
    for _ in range(9):
        browser.send("/sign-in", username="clumsy", password="guess")
    assert browser.send("/sign-in", username="clumsy", password=PASSWORD).status_code == 302
    browser.send("/sign-out")
    assert browser.send("/sign-in", username="clumsy", password="guess").status_code == 422


def test_signing_in_leads_back_to_where_one_wanted_to_go_and_nowhere_else(browser: Browser) -> None:
    a_person(Role.TRAINEE, "walker", PASSWORD)
    assert browser.get("/certificates/").headers["Location"] == "/sign-in?next=/certificates/"
    for target, goal in (
        ("/certificates/", "/certificates/"),
        ("//evil.example/x", "/"),
        ("https://evil.example", "/"),
        ("/%09/evil.example", "/"),
        ("/%0d/evil.example", "/"),
        ("/%5cevil.example", "/"),
    ):
        answer = browser.send(f"/sign-in?next={target}", username="walker", password=PASSWORD)
        assert answer.headers["Location"] == goal
        browser.send("/sign-out")


def test_signing_out_tells_the_browser_to_forget(browser: Browser) -> None:
    a_person(Role.TRAINEE, "leaver", PASSWORD)
    browser.send("/sign-in", username="leaver", password=PASSWORD)
    assert browser.send("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get("/learn/").status_code == 302


def test_a_post_without_the_token_is_refused_with_a_way_back(browser: Browser) -> None:
    answer = browser.post("/sign-in", data={"username": "a", "password": "b"})
    assert answer.status_code == 400
    assert "send it again" in answer.text


def test_sign_ins_are_on_the_trail_without_the_typed_name(browser: Browser) -> None:
    person = a_person(Role.TRAINEE, "tracked", PASSWORD)
    browser.send("/sign-in", username="secretword", password="guess")
    browser.send("/sign-in", username="tracked", password=PASSWORD)
    events = session.execute(select(AuditEvent.action, AuditEvent.actor_id, AuditEvent.detail)).all()
    assert ("accounts.sign_in_failed", None, {}) in [tuple(event) for event in events]
    assert ("accounts.signed_in", person.id, {}) in [tuple(event) for event in events]
    assert "secretword" not in str(events)


def test_a_shared_device_locks_after_fifteen_idle_minutes_and_ones_own_after_hours(
    app: Flask, browser: Browser, time: Clock
) -> None:
    a_person(Role.TRAINEE, "sharer", PASSWORD)
    browser.send("/sign-in", username="sharer", password=PASSWORD, shared="y")
    time.forward(minutes=14)
    assert browser.get("/learn/").status_code == 200
    time.forward(minutes=14)
    assert browser.get("/learn/").status_code == 200
    time.forward(minutes=16)
    assert browser.get("/learn/").status_code == 302
    assert "nothing happened for a while" in browser.text("/sign-in")
    own: Browser = app.test_client()  # type: ignore[assignment]
    own.send("/sign-in", username="sharer", password=PASSWORD)
    time.forward(hours=2)
    assert own.get("/learn/").status_code == 200


def test_the_password_is_kept_as_argon2id_with_the_chosen_cost() -> None:
    assert passwords.hash("a long enough one").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_trainee_gets_a_pseudonymous_number(app: Flask) -> None:
    number = a_person(Role.TRAINEE).number
    assert number is not None
    assert len(number) == 8
    assert number.startswith("PS-")
    assert not set(number[3:]) & set("01ILOU")
    assert session.scalar(select(User.number).where(User.number == number)) == number
