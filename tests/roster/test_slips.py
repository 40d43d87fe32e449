"""Sign-in slips: printed once, kept nowhere, good for one choice of a password."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import OneTimeLink, User
from lms.core.db import session, transaction
from lms.missions.models import Mission, RollEntry
from tests.builders import a_mission, deployed
from tests.conftest import Clock
from tests.pages import Browser
from tests.roster.test_import import a_csv, taken

SignIn = Callable[[User], Browser]
NEW = "four words in a row"


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


@pytest.fixture
def trainee(mission: Mission, mentor: Browser) -> User:
    taken(mentor, mission, a_csv(",f,,,,,"))
    return session.scalars(select(User).join(RollEntry, RollEntry.user_id == User.id)).one()


def a_password(trainee: User) -> str:
    with transaction():
        return accounts.make_first_password(trainee, by=trainee.id)


def test_slips_are_made_for_those_in_need_and_not_again(mission: Mission, mentor: Browser, trainee: User) -> None:
    path = f"/missions/{mission.id}/roll/slips"
    assert "1 trainee needs a slip." in mentor.text(path)
    answer = mentor.send(path)
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Nobody needs a slip" in mentor.text(path)
    assert mentor.send(path).status_code == 404


def test_the_first_password_leads_to_a_choice_once_however_it_is_typed(trainee: User, browser: Browser) -> None:
    password = a_password(trainee)
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", password)
    typed = password.lower().replace("-", " ")
    answer = browser.send("/sign-in", username=trainee.username, password=typed)
    assert answer.headers["Location"] == f"/recover/{password}"
    assert browser.send(answer.headers["Location"], new_password=NEW, again=NEW).status_code == 302
    assert browser.send("/sign-in", username=trainee.username, password=password).status_code == 422
    assert browser.send("/sign-in", username=trainee.username, password=NEW).headers["Location"] == "/"


def test_a_first_password_is_its_persons_alone_and_kept_as_a_hash(
    mission: Mission, mentor: Browser, trainee: User, browser: Browser
) -> None:
    password = a_password(trainee)
    kept = session.scalars(select(OneTimeLink.token_hash)).all()
    assert all(password not in each and password.replace("-", "") not in each for each in kept)
    assert browser.send("/sign-in", username="somebody-else", password=password).status_code == 422


def test_a_new_slip_ends_the_lost_one_and_every_slip_ends_after_a_month(
    mission: Mission, mentor: Browser, trainee: User, browser: Browser, time: Clock
) -> None:
    lost = a_password(trainee)
    assert mentor.send(f"/missions/{mission.id}/roll/{trainee.id}/slip").mimetype == "application/pdf"
    assert browser.get(f"/recover/{lost}").status_code == 410
    password = a_password(session.get_one(User, trainee.id))
    time.forward(days=29)
    assert browser.get(f"/recover/{password}").status_code == 200
    time.forward(days=1)
    assert browser.get(f"/recover/{password}").status_code == 410


def test_no_slip_is_made_for_somebody_off_the_roll(mission: Mission, mentor: Browser) -> None:
    stranger = deployed(mission)
    assert mentor.send(f"/missions/{mission.id}/roll/{stranger.id}/slip").status_code == 404
