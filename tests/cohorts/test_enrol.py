"""Classes and places in them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, trainee_of
from tests.pages import Browser

SignIn = Callable[[User], Browser]
NEW = "four quiet words here"


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def places(cohort: Cohort) -> int:
    of = select(func.count()).select_from(Enrolment).where(Enrolment.cohort_id == cohort.id)
    return session.scalar(of.where(Enrolment.left_at.is_(None))) or 0


def test_a_trainee_is_enrolled_by_number_however_often_the_button_is_pressed(mentor: Browser, mission: Mission) -> None:
    cohort, trainee = a_cohort(mission), trainee_of(an_enrolment(a_cohort(mission)))
    for _ in range(2):
        assert mentor.send(f"/cohorts/{cohort.id}/enrol", number=f" {trainee.username} ").status_code == 302
    assert places(cohort) == 1
    assert f"{trainee.number}" in mentor.text(f"/cohorts/{cohort.id}") or trainee.username in mentor.text(
        f"/cohorts/{cohort.id}"
    )


@pytest.mark.parametrize("number", ["", "PS-00000", "nobody", "x" * 61])
def test_an_unknown_number_is_refused_and_kept_in_the_form(mentor: Browser, mission: Mission, number: str) -> None:
    cohort = a_cohort(mission)
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol", number=number)
    assert answer.status_code == 422
    assert f'value="{number}"' in answer.text
    assert places(cohort) == 0


def test_a_full_class_takes_nobody(mentor: Browser, mission: Mission) -> None:
    cohort = a_cohort(mission, capacity=1)
    an_enrolment(cohort)
    other = trainee_of(an_enrolment(a_cohort(mission)))
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol", number=other.username)
    assert answer.status_code == 422
    assert "full (1 places)" in answer.text
    mentor.send(f"/cohorts/{cohort.id}/trainees")
    assert places(cohort) == 1


def test_another_missions_trainee_is_as_unknown_as_none(mentor: Browser, mission: Mission) -> None:
    cohort, foreign = a_cohort(mission), trainee_of(an_enrolment())
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol", number=foreign.username)
    assert answer.status_code == 422
    assert "No trainee of this mission has this number" in answer.text


def test_only_trainees_are_enrolled(mentor: Browser, mission: Mission) -> None:
    cohort, colleague = a_cohort(mission), deployed(mission)
    assert mentor.send(f"/cohorts/{cohort.id}/enrol", number=colleague.username).status_code == 422


def test_a_new_trainee_gets_a_number_and_a_link_that_works_once(
    mentor: Browser, mission: Mission, browser: Browser
) -> None:
    cohort = a_cohort(mission)
    page = mentor.send(f"/cohorts/{cohort.id}/trainees").text
    number = re.search(r"PS-[0-9A-Z]{5}", page)
    link = re.search(r"http://localhost(/recover/[\w-]+)", page)
    assert number is not None
    assert link is not None
    assert browser.send(link.group(1), new_password=NEW, again=NEW).status_code == 302
    assert browser.get(link.group(1)).status_code == 410
    assert browser.send("/sign-in", username=number.group().lower(), password=NEW).status_code == 302
    assert places(cohort) == 1
    assert "A course" in browser.text("/learn/")


def test_a_new_class_needs_its_days_in_order_and_a_title_of_its_own(mentor: Browser, mission: Mission) -> None:
    today, version = clock.today(), a_published()
    taken = a_cohort(mission, version).title
    address = f"/missions/{mission.id}/cohorts/new"
    good = {
        "title": "Evening class",
        "course": str(version),
        "begins": today.isoformat(),
        "ends": (today + timedelta(days=9)).isoformat(),
        "capacity": "12",
    }
    for change, message in (
        ({"ends": (today - timedelta(days=1)).isoformat()}, "ends before it begins"),
        ({"title": taken}, "a cohort with this title already"),
        ({"title": ""}, "Give the cohort a title"),
        ({"capacity": "0"}, "Places"),
        ({"course": "no-such-course"}, "Course"),
    ):
        answer = mentor.send(address, **(good | change))
        assert answer.status_code == 422, change
        assert message in answer.text
        assert 'value="12"' in answer.text or "capacity" in change
    assert mentor.send(address, **good).status_code == 302
    made = session.scalars(select(Cohort).where(Cohort.title == "Evening class")).one()
    assert (made.capacity, made.begins) == (12, today)


def test_who_left_is_taken_up_again_in_the_same_enrolment(mentor: Browser, mission: Mission) -> None:
    cohort = a_cohort(mission)
    enrolment = an_enrolment(cohort)
    mentor.send(f"/enrolments/{enrolment.id}/end")
    assert places(cohort) == 0
    mentor.send(f"/cohorts/{cohort.id}/enrol", number=trainee_of(enrolment).username)
    session.expire_all()
    assert session.scalars(select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)).all() == [enrolment.id]
    assert places(cohort) == 1
