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
from lms.roster import slips
from lms.roster.jobs import forget_old
from lms.roster.models import RollImport, Slip
from tests.builders import a_mission, deployed
from tests.conftest import Clock
from tests.pages import Browser
from tests.roster.test_import import a_csv, taken, work

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
    assert mentor.send(path).headers["Location"] == path
    assert "No slips were made. If a file is lost, make its slips again here." in mentor.text(path)


def printed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What every file says that is made from now on: ``{username: first password}``."""
    files: list[dict[str, str]] = []

    def note(made: list[dict[str, str]], _language: str) -> bytes:
        files.append({each["username"]: each["password"] for each in made})
        return b"%PDF-"

    monkeypatch.setattr(slips, "pdf", note)
    return files


def again(browser: Browser, path: str) -> list[str]:
    return re.findall(r'action="([^"]+/again)"', browser.get(path).text)


def works(browser: Browser, password: str) -> bool:
    return browser.get(f"/recover/{password}").status_code == 200


@pytest.fixture
def three(mission: Mission, mentor: Browser) -> str:
    taken(mentor, mission, a_csv(*[",f,,,,,"] * 3))
    return f"/missions/{mission.id}/roll/slips"


def test_a_lost_file_is_made_again_for_those_who_have_not_used_their_slip(
    three: str, mentor: Browser, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = printed(monkeypatch)
    mentor.send(three)
    (used, _), *_ = lost = sorted(files[0].items())
    browser.send(f"/recover/{files[0][used]}", new_password=NEW, again=NEW)
    assert "2 slips that nobody has used Make them again" in mentor.text(three)
    (address,) = again(mentor, three)
    for _ in range(2):
        assert mentor.send(address).mimetype == "application/pdf"
    assert [sorted(each) for each in files[1:]] == [[name for name, _ in lost[1:]]] * 2
    assert not any(works(browser, password) for each in files[:2] for password in each.values())
    assert all(works(browser, password) for password in files[2].values())


def test_a_second_click_ends_no_slip_and_makes_no_others(
    three: str, mentor: Browser, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = printed(monkeypatch)
    monkeypatch.setattr(slips, "MOST", 2)
    once = re.search(r'name="once" value="([^"]+)"', mentor.get(three).text)[1]
    assert mentor.send(three, once=once).mimetype == "application/pdf"
    assert mentor.send(three, once=once).headers["Location"] == three
    assert "1 trainee needs a slip." in mentor.text(three)
    assert len(files) == 1
    assert all(works(browser, password) for password in files[0].values())
    mentor.send(three)
    assert [len(each) for each in files] == [2, 1]
    assert len(again(mentor, three)) == 2


def test_a_file_is_made_again_by_who_made_it_and_within_a_day(
    mission: Mission, three: str, sign_in: SignIn, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, person = printed(monkeypatch), deployed(mission)
    mentor, other = sign_in(person), sign_in(deployed(mission))
    mentor.send(three)
    (address,) = again(mentor, three)
    assert again(other, three) == []
    assert other.send(address).headers["Location"] == three
    time.forward(days=1)
    mentor.become(session.get_one(User, person.id))
    assert again(mentor, three) == []
    assert mentor.send(address).headers["Location"] == three
    assert len(files) == 1
    time.forward(minutes=1)
    forget_old()
    assert session.scalars(select(Slip)).all() == []


def test_a_slip_that_somebody_got_since_outlives_the_file_made_again(
    mission: Mission, trainee: User, mentor: Browser, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, path = printed(monkeypatch), f"/missions/{mission.id}/roll/slips"
    mentor.send(path)
    (address,) = again(mentor, path)
    mentor.send(f"/missions/{mission.id}/roll/{trainee.id}/slip")
    assert mentor.send(address).headers["Location"] == path
    assert works(browser, files[-1][trainee.username])


def test_who_got_a_slip_by_mistake_is_still_taken_away_with_the_import(
    mission: Mission, mentor: Browser, trainee: User
) -> None:
    id = trainee.id
    mentor.send(f"/missions/{mission.id}/roll/slips")
    mentor.send(f"/roll-imports/{session.scalars(select(RollImport.id)).one()}/undo")
    work()
    assert session.scalar(select(User.id).where(User.id == id)) is None


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
