"""Action plans: agreed with the person, looked at again every month, and ended with words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.core import clock
from lms.core.db import session
from lms.mentoring.models import ActionPlan
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_person, an_enrolment, deployed, trainee_of
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def mentor(mission: Mission) -> User:
    return deployed(mission, ends=clock.today() + timedelta(days=300))


@pytest.fixture
def trainee(mission: Mission) -> User:
    return trainee_of(an_enrolment(a_cohort(mission)))


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def agreed(browser: Browser, mission: Mission, person: User, owner: User, **changes: str) -> ActionPlan:
    """Agree a plan by the form; returns it."""
    fields = {
        "gap": "The register has gaps.",
        "action": "Fill it in at each change of shift.",
        "evidence": "A week without a gap.",
        "owner": str(owner.id),
        "due": in_days(20),
        "next_review": in_days(30),
    }
    answer = browser.send(f"/missions/{mission.id}/mentoring/{person.id}/plan", **(fields | changes))
    assert answer.status_code == 302, answer.text
    return session.scalars(select(ActionPlan).order_by(ActionPlan.id.desc()).limit(1)).one()


def test_a_plan_is_agreed_seen_by_the_person_and_commented_on(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    plan = agreed(sign_in(mentor), mission, trainee, mentor)
    own = sign_in(trainee)
    page = own.text("/my-mentoring/")
    for words in ("The register has gaps.", "Fill it in at each change of shift.", "A week without a gap."):
        assert words in page
    assert own.send(f"/action-plans/{plan.id}/comment", text="We have no pens.").status_code == 302
    assert "We have no pens." in sign_in(deployed(mission, Role.MANAGER)).text(f"/action-plans/{plan.id}")
    assert sign_in(a_person()).send(f"/action-plans/{plan.id}/comment", text="Nor we").status_code == 403
    assert sign_in(deployed(a_mission())).get(f"/action-plans/{plan.id}").status_code == 403


def test_a_plan_needs_days_to_come_and_an_owner_of_the_mission(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    path = f"/missions/{mission.id}/mentoring/{trainee.id}/plan"
    good = {"gap": "g", "action": "a", "evidence": "e", "owner": str(mentor.id), "due": in_days(9)}
    good["next_review"] = in_days(9)
    for wrong in ({"due": in_days(-1)}, {"next_review": in_days(-1)}, {"owner": str(trainee.id)}, {"gap": ""}):
        assert sign_in(mentor).send(path, **(good | wrong)).status_code == 422
    assert session.scalars(select(ActionPlan)).all() == []


def test_open_plans_are_listed_by_owner_with_the_late_ones_first_and_marked(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn, time: Clock
) -> None:
    other = deployed(mission, ends=clock.today() + timedelta(days=300))
    agreed(sign_in(mentor), mission, trainee, mentor, action="Is to come", due=in_days(200))
    agreed(sign_in(mentor), mission, trainee, mentor, action="Is late", due=in_days(5))
    agreed(sign_in(mentor), mission, trainee, other, action="Is the other's")
    time.forward(days=10)
    page = sign_in(session.get_one(User, mentor.id)).text("/mentoring/")
    assert page.index("Is late") < page.index("Is to come") < page.index("Is the other's")
    assert page.count(" Late ") == 1
    mine = sign_in(session.get_one(User, mentor.id)).text("/mentoring/?show=mine")
    assert "Is the other's" not in mine


def test_a_review_keeps_what_was_seen_and_moves_the_dates_and_the_owner(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn, time: Clock
) -> None:
    plan = agreed(sign_in(mentor), mission, trainee, mentor)
    other = deployed(mission, ends=clock.today() + timedelta(days=300))
    time.forward(days=31)
    theirs, path = sign_in(session.get_one(User, mentor.id)), f"/action-plans/{plan.id}"
    assert "Review due since" in theirs.text(path)
    fields = {"owner": str(other.id), "due": in_days(40), "next_review": in_days(30)}
    assert theirs.send(f"{path}/review", text="", **fields).status_code == 422
    assert theirs.send(f"{path}/review", text="Two gaps left.", **fields).status_code == 302
    page = theirs.text(path)
    assert "Two gaps left." in page
    assert f"Owner: {other.username}" in page
    assert "Review due since" not in page


def test_a_plan_ends_once_as_done_or_dropped_and_says_why(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    plan, theirs = agreed(sign_in(mentor), mission, trainee, mentor), sign_in(mentor)
    path = f"/action-plans/{plan.id}/end"
    assert theirs.send(path, status="dropped", text="").status_code == 422
    assert theirs.send(path, status="lost", text="Gone").status_code == 422
    assert theirs.send(path, status="dropped", text="Posted elsewhere.").status_code == 302
    assert theirs.send(path, status="done", text="After all").status_code == 422
    page = theirs.text(f"/action-plans/{plan.id}")
    assert "Posted elsewhere." in page
    assert "Monthly review" not in page
    assert "No open plan" in theirs.text("/mentoring/")
