"""Joining with a code: a queue without names, that a mentor confirms person by person."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts import throttle
from lms.accounts.models import Role, User
from lms.cohorts import joining
from lms.cohorts.models import Cohort, Enrolment, JoinCode, JoinRequest
from lms.core.db import session
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_person, deployed
from tests.conftest import Clock
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]
NEW = "four words in a row"


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return a_cohort(a_mission(), capacity=1)


@pytest.fixture
def mentor(cohort: Cohort, sign_in: SignIn) -> Browser:
    return sign_in(deployed(session.get_one(Mission, cohort.mission_id)))


@pytest.fixture
def code(cohort: Cohort, mentor: Browser) -> str:
    mentor.send(f"/cohorts/{cohort.id}/joining", do="open")
    return session.scalars(select(JoinCode.code)).one()


def waiting() -> JoinRequest:
    session.expire_all()
    return session.scalars(select(JoinRequest)).one()


def test_a_person_without_an_account_joins_and_chooses_a_password(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser
) -> None:
    page = browser.send("/join", code=f" {code[:3].lower()}-{code[3:]} ").headers["Location"]
    ticket = waiting().ticket
    assert ticket in browser.text(page)
    assert session.scalar(select(func.count()).select_from(User).where(User.role == Role.TRAINEE.value)) == 0
    assert ticket in mentor.text(f"/cohorts/{cohort.id}/joining")
    for _ in range(2):
        mentor.send(f"/join-requests/{waiting().id}")
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert "You have a place" in browser.text(page)
    link = browser.send(page).headers["Location"]
    assert browser.send(link, new_password=NEW, again=NEW).status_code == 302
    assert browser.get(page).status_code == 410


def test_a_lost_answer_costs_nobody_the_choice_of_a_password(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser
) -> None:
    page = browser.send("/join", code=code).headers["Location"]
    mentor.send(f"/join-requests/{waiting().id}")
    lost = browser.send(page).headers["Location"]
    assert "You have a place" in browser.text(page)
    link = browser.send(page).headers["Location"]
    assert browser.get(lost).status_code == 410, "of several links the newest works alone"
    assert browser.send(link, new_password=NEW, again=NEW).status_code == 302
    assert browser.send(page).status_code == 410, "who finds the phone later changes no password"
    assert "sign in with it" in Page(browser.get(page).text).text
    again = browser.send(link, new_password=NEW, again=NEW)
    assert again.status_code == 410
    assert "sign in with it" in Page(again.text).text


def test_a_ticket_ends_after_a_day_also_for_who_was_let_in(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser, time: Clock
) -> None:
    page = browser.send("/join", code=code).headers["Location"]
    mentor.send(f"/join-requests/{waiting().id}")
    time.forward(hours=24, minutes=1)
    assert browser.send(page).status_code == 410


def test_who_was_let_in_takes_no_turn_from_those_who_wait(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MOST_WAITING", 1)
    browser.send("/join", code=code)
    assert "Too many people wait already" in browser.send("/join", code=code).text
    mentor.send(f"/join-requests/{waiting().id}")
    assert browser.send("/join", code=code).status_code == 302


def test_nobody_passes_who_was_not_let_in(cohort: Cohort, mentor: Browser, code: str, browser: Browser) -> None:
    page = browser.send("/join", code=code).headers["Location"]
    assert "Show this to your mentor" in " ".join(browser.send(page).text.split())
    mentor.send(f"/join-requests/{waiting().id}", do="refuse")
    assert browser.get(page).status_code == 410
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 0


def test_a_full_cohort_lets_nobody_in_and_makes_no_account(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser
) -> None:
    browser.send("/join", code=code)
    mentor.send(f"/join-requests/{waiting().id}")
    browser.send("/join", code=code)
    second = session.scalars(select(JoinRequest).where(JoinRequest.user_id.is_(None))).one()
    mentor.send(f"/join-requests/{second.id}")
    assert "The cohort is full" in mentor.text(f"/cohorts/{cohort.id}/joining")
    assert session.scalar(select(func.count()).select_from(User).where(User.role == Role.TRAINEE.value)) == 1


def test_a_code_that_was_turned_off_replaced_or_has_ended_lets_nobody_wait(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser, time: Clock
) -> None:
    mentor.send(f"/cohorts/{cohort.id}/joining", do="open")
    newer = session.scalars(select(JoinCode.code)).one()
    assert "There is no such code" in browser.send("/join", code=code).text
    mentor.send(f"/cohorts/{cohort.id}/joining", do="close")
    assert "There is no such code" in browser.send("/join", code=newer).text
    mentor.send(f"/cohorts/{cohort.id}/joining", do="open")
    last = session.scalars(select(JoinCode.code)).one()
    time.forward(hours=8)
    assert "There is no such code" in browser.send("/join", code=last).text
    assert session.scalars(select(JoinRequest)).all() == []


def test_guessing_codes_is_slowed_down(code: str, browser: Browser, time: Clock) -> None:
    for _ in range(throttle.PER_ADDRESS):
        browser.send("/join", code="222222")
    assert browser.send("/join", code=code).status_code == 429
    time.forward(minutes=16)
    assert browser.send("/join", code=code).status_code == 302


def test_a_mentor_of_another_mission_lets_nobody_in(code: str, browser: Browser, sign_in: SignIn) -> None:
    browser.send("/join", code=code)
    assert sign_in(deployed(a_mission())).send(f"/join-requests/{waiting().id}").status_code == 403


def test_who_has_an_account_joins_with_it_and_gets_no_second_one(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser, sign_in: SignIn
) -> None:
    assert "Do you have a slip? Sign in first" in browser.text("/join")
    person = a_person()
    trainee = sign_in(person)
    assert person.shown_as in trainee.text("/join")
    trainee.send("/join", code=code)
    page = trainee.send("/join", code=code).headers["Location"]
    asked = waiting()
    assert asked.asked_by == person.id
    assert mentor.send(f"/join-requests/{asked.id}", do="accept").status_code == 302
    assert session.scalars(select(Enrolment.user_id)).all() == [person.id]
    assert session.scalar(select(func.count()).select_from(User).where(User.role == Role.TRAINEE.value)) == 1
    assert "You have a place My learning" in trainee.text(page)
    # No way to a new password for whoever holds the token.
    assert browser.send(page).status_code == 200
    again = trainee.send("/join", code=code)
    assert again.status_code == 422
    assert "You have a place in this cohort already" in again.text


def test_closing_a_cohort_ends_its_code_and_a_closed_one_gets_none(
    cohort: Cohort, mentor: Browser, code: str, browser: Browser
) -> None:
    mentor.send(f"/cohorts/{cohort.id}/close")
    assert session.scalars(select(JoinCode)).all() == []
    assert "There is no such code" in browser.send("/join", code=code).text
    mentor.send(f"/cohorts/{cohort.id}/joining", do="open")
    assert "This cohort is closed" in mentor.text(f"/cohorts/{cohort.id}/joining")
    assert session.scalars(select(JoinCode)).all() == []
