"""Passwords, links, sessions, roles, and the administrator's pages."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lms.accounts.models import OneTimeLink, Role, User
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from tests.builders import PASSWORD, a_person
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(sign_in: SignIn) -> None:
    person = a_person(password=PASSWORD)
    here, elsewhere = sign_in(person), sign_in(person)
    changed = here.send(
        "/account/password", password=PASSWORD, new_password="four quiet words here", again="four quiet words here"
    )
    assert changed.status_code == 302
    assert here.get("/learn/").status_code == 200
    assert elsewhere.get("/learn/").status_code == 302


@pytest.mark.parametrize(
    ("new", "words"),
    [("short", "at least 10"), ("password123", "easy to guess"), ("aaaaaaaaaaaa", "easy to guess")],
)
def test_a_weak_password_is_refused_with_the_reason(sign_in: SignIn, new: str, words: str) -> None:
    answer = sign_in(a_person(password=PASSWORD)).send(
        "/account/password", password=PASSWORD, new_password=new, again=new
    )
    assert answer.status_code == 422
    assert words in answer.text


def test_the_old_password_must_be_right(sign_in: SignIn) -> None:
    answer = sign_in(a_person(password=PASSWORD)).send(
        "/account/password", password="not it", new_password="four quiet words here", again="four quiet words here"
    )
    assert answer.status_code == 422
    assert "not your present password" in answer.text


def test_sign_out_everywhere_ends_every_session(sign_in: SignIn) -> None:
    person = a_person()
    here, elsewhere = sign_in(person), sign_in(person)
    here.send("/account/sign-out-everywhere")
    assert here.get("/learn/").status_code == 302
    assert elsewhere.get("/learn/").status_code == 302


def _link(answer_text: str) -> str:
    found = re.search(r"http://localhost(/recover/[\w-]+)", answer_text)
    assert found is not None
    return found[1]


def test_a_one_time_link_sets_a_password_once(sign_in: SignIn, browser: Browser) -> None:
    person = a_person(Role.MENTOR, "forgetful")
    link = _link(sign_in(a_person(Role.ADMIN)).send(f"/people/{person.id}/link").text)
    assert "forgetful" in browser.text(link)
    set_up = browser.send(link, new_password="four quiet words here", again="four quiet words here")
    assert set_up.status_code == 302
    assert browser.get(link).status_code == 410
    assert browser.send("/sign-in", username="forgetful", password="four quiet words here").status_code == 302


def test_a_link_ends_after_a_day_and_with_the_next_one(sign_in: SignIn, browser: Browser, time: Clock) -> None:
    person, admin = a_person(Role.MENTOR), sign_in(a_person(Role.ADMIN))
    first = _link(admin.send(f"/people/{person.id}/link").text)
    second = _link(admin.send(f"/people/{person.id}/link").text)
    assert browser.get(first).status_code == 410
    assert browser.get(second).status_code == 200
    time.forward(hours=25)
    assert browser.get(second).status_code == 410


def test_the_database_never_holds_the_link_itself(sign_in: SignIn) -> None:
    person = a_person(Role.MENTOR)
    link = _link(sign_in(a_person(Role.ADMIN)).send(f"/people/{person.id}/link").text)
    assert session.scalar(select(OneTimeLink.token_hash)) not in link


def test_an_administrator_adds_a_person_and_finds_them(sign_in: SignIn) -> None:
    admin = sign_in(a_person(Role.ADMIN))
    assert "Shown only now" in admin.send("/people/new", username="New.Mentor", role="mentor").text
    assert "new.mentor" in admin.text("/people/?q=new.m")
    assert "Nobody found" in admin.text("/people/?q=%25")


@pytest.mark.parametrize("name", ["a", "with space", "-dash", "é" * 3, "x" * 61])
def test_a_bad_username_is_refused(sign_in: SignIn, name: str) -> None:
    assert sign_in(a_person(Role.ADMIN)).send("/people/new", username=name, role="mentor").status_code == 422


def test_a_taken_username_is_refused_and_kept_in_the_form(sign_in: SignIn) -> None:
    a_person(Role.MENTOR, "taken")
    answer = sign_in(a_person(Role.ADMIN)).send("/people/new", username="Taken", role="mentor")
    assert answer.status_code == 422
    assert "This username is taken" in answer.text
    assert 'value="Taken"' in answer.text


def test_a_new_role_ends_sessions_and_is_on_the_trail(sign_in: SignIn) -> None:
    person, admin = a_person(Role.MENTOR), a_person(Role.ADMIN)
    theirs = sign_in(person)
    assert theirs.get("/cohorts/").status_code == 200
    sign_in(admin).send(f"/people/{person.id}", role="trainee")
    assert theirs.get("/cohorts/").status_code == 302
    event = session.scalar(select(AuditEvent).where(AuditEvent.action == "accounts.role_changed"))
    assert event is not None
    assert (event.actor_id, event.object_id, event.detail) == (
        admin.id,
        person.id,
        {"before": "mentor", "after": "trainee"},
    )
    assert "accounts.role_changed" in sign_in(admin).text("/audit/")


def test_the_last_administrator_stays(sign_in: SignIn) -> None:
    admin = a_person(Role.ADMIN)
    browser = sign_in(admin)
    assert browser.send(f"/people/{admin.id}", role="mentor").status_code == 422
    browser.send(f"/people/{admin.id}/close")
    assert "only administrator" in browser.text(f"/people/{admin.id}")


def test_a_closed_account_ends_its_sessions_and_opens_again(sign_in: SignIn) -> None:
    person, admin = a_person(), sign_in(a_person(Role.ADMIN))
    theirs = sign_in(person)
    admin.send(f"/people/{person.id}/close")
    assert theirs.get("/learn/").status_code == 302
    admin.send(f"/people/{person.id}/open")
    assert sign_in(session.get_one(User, person.id)).get("/learn/").status_code == 200


def test_language_and_direction_follow_the_account(sign_in: SignIn) -> None:
    browser = sign_in(a_person())
    browser.send("/account/", language="ar", direction="auto")
    assert '<html lang="ar" dir="rtl">' in browser.get("/learn/").text
    browser.send("/account/", language="fr", direction="rtl")
    assert '<html lang="fr" dir="rtl">' in browser.get("/learn/").text


def test_the_language_switch_works_before_signing_in_and_returns(browser: Browser) -> None:
    answer = browser.send("/language", language="fr", next="/verify/")
    assert answer.headers["Location"] == "/verify/"
    assert '<html lang="fr" dir="ltr">' in browser.get("/sign-in").text
    assert browser.send("/language", language="xx").status_code == 400
    assert browser.send("/language", language="en", next="//evil.example").headers["Location"] == "/"


@pytest.mark.parametrize("table", ["audit_event", "statement"])
def test_the_trail_and_the_ledger_refuse_change_and_deletion(app: Flask, table: str) -> None:
    from tests.builders import an_enrolment, done

    done(an_enrolment(), "greeting")
    for statement in (f"UPDATE {table} SET actor_id = actor_id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction():
            session.execute(text(statement))
