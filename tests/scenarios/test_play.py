"""Going through a branching scenario by the pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.core.db import session
from lms.record.models import ActivityState, Statement
from lms.scenarios.models import Run
from tests.builders import a_cohort, a_published, an_enrolment, trainee_of
from tests.documents import a_document, a_scenario, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


class Player:
    """A trainee with a scenario of two decisions before them."""

    def __init__(self, sign_in: SignIn) -> None:
        self.enrolment = an_enrolment(a_cohort(version_id=a_published(with_scenario())))
        self.browser = sign_in(trainee_of(self.enrolment))
        self.start = f"/learn/{self.enrolment.id}/gate/scenario"

    def begin(self) -> str:
        answer = self.browser.send(self.start)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def decide(self, run: str, said: str, step: int | None = None) -> str:
        """Choose by the words shown; returns the page that follows."""
        shown = self.browser.get(run).text
        places = re.findall(r'name="choice" value="(\d)">\s*(?:<[^>]+>)?([^<]+)<', shown)
        place = next(place for place, text in places if text.strip() == said)
        standing = re.search(r'name="step" value="(\d+)"', shown)
        assert standing is not None
        sent = self.browser.send(run, step=standing[1] if step is None else step, choice=place)
        assert sent.status_code == 302
        return self.browser.get(run).text


def with_scenario(**changes: Any) -> Any:
    module = {"id": "m", "title": words("Module"), "activities": [a_scenario("gate", **changes)]}
    return a_document(modules=[module], pools=[])


@pytest.fixture
def player(app: Flask, sign_in: SignIn) -> Player:
    return Player(sign_in)


def test_a_decision_shows_what_followed_and_the_next_moment(player: Player) -> None:
    run = player.begin()
    assert "Somebody knocks" in player.browser.get(run).text
    page = player.decide(run, "Open")
    assert "The door opens" in page
    assert "He asks for help" in page


def test_a_good_end_is_a_pass_and_shows_the_way_that_led_there(player: Player) -> None:
    run = player.begin()
    player.decide(run, "Open")
    page = player.decide(run, "Help")
    assert "Well handled" in page
    assert "Helping is your duty" in page
    assert "Wait" not in page, "a way not taken is not told"
    state = session.scalar(select(ActivityState))
    assert state is not None
    assert (state.status, state.score) == ("completed", 1.0)


def test_a_poor_end_is_not_passed_and_the_way_may_be_gone_again(player: Player) -> None:
    run = player.begin()
    page = player.decide(run, "Wait")
    assert "Badly ended" in page
    state = session.scalar(select(ActivityState))
    assert state is not None
    assert state.status == "failed"
    assert player.begin() != run


def test_a_second_click_decides_nothing(player: Player) -> None:
    run = player.begin()
    player.decide(run, "Open")
    page = player.decide(run, "Help", step=0)
    assert "He asks for help" in page, "the decision was sent for a moment that is over"


def test_leaving_and_coming_back_goes_on_at_the_same_moment(player: Player) -> None:
    run = player.begin()
    player.decide(run, "Open")
    assert player.begin() == run
    assert "He asks for help" in player.browser.get(run).text


def test_sending_the_end_again_counts_once(player: Player) -> None:
    run = player.begin()
    page = player.browser.get(run).text
    wait = re.search(r'value="(\d)">\s*(?:<[^>]+>)?Wait', page)
    assert wait is not None
    for _ in range(2):
        player.browser.send(run, step=0, choice=wait[1])
    verbs = session.scalars(select(Statement.verb)).all()
    assert sorted(verbs) == ["failed", "initialized"]


def test_deciding_nothing_says_so_and_keeps_the_moment(player: Player) -> None:
    run = player.begin()
    answer = player.browser.send(run, step=0)
    assert answer.status_code == 422
    assert "Choose one of the ways shown." in answer.text
    assert session.scalar(select(func.count()).select_from(Run)) == 1


def test_no_id_of_a_choice_and_no_outcome_reach_the_browser(player: Player) -> None:
    page = player.browser.get(player.begin()).text
    assert "secret-choice" not in page
    assert "knock" not in page.replace("Somebody knocks", "")


def test_the_lesson_address_of_a_scenario_leads_to_it(player: Player) -> None:
    answer = player.browser.get(f"/learn/{player.enrolment.id}/gate")
    assert answer.headers["Location"] == player.start


@pytest.mark.parametrize(
    ("frames", "words_of_error"),
    [
        ({"to": "nowhere"}, "unknown moment"),
        ({"to": "knock"}, "leads back to itself"),
        ({"outcome": "poor"}, "no end is good"),
    ],
)
def test_a_scenario_that_cannot_be_gone_through_is_refused(frames: dict[str, str], words_of_error: str) -> None:
    with pytest.raises(ValidationError, match=words_of_error):
        with_scenario(**frames)
