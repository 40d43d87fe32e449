"""Making cohorts and giving places in them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.missions import service as missions
from lms.missions.models import Mission, RollEntry
from tests.builders import a_cohort, a_mission, a_person, a_published, an_enrolment, deployed, trainee_of
from tests.conftest import Clock
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission) -> Cohort:
    return a_cohort(mission)


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def places(cohort: Cohort) -> int:
    """How many study in the cohort now."""
    present = select(func.count()).where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
    return session.scalar(present) or 0


def number_of(person: User) -> str:
    assert person.number is not None
    return person.username


def typed(text: str, name: str) -> str | None:
    """What stands in a field of a page."""
    return next(field.get("value") for field in Page(text).all("input") if field.get("name") == name)


def test_a_trainee_is_enrolled_by_number_however_it_is_typed(mentor: Browser, cohort: Cohort) -> None:
    with transaction():
        person = accounts.create_trainee(by=None)
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol", number=f"  {person.number} ")
    assert answer.headers["Location"] == f"/cohorts/{cohort.id}/enrol"
    assert f"{person.number} is enrolled" in mentor.text(f"/cohorts/{cohort.id}/enrol")
    assert places(cohort) == 1
    assert str(person.number) in mentor.text(f"/cohorts/{cohort.id}")


def test_the_enrolment_shows_in_the_trainees_home(mentor: Browser, cohort: Cohort, sign_in: SignIn) -> None:
    person = a_person()
    mentor.send(f"/cohorts/{cohort.id}/enrol", number=number_of(person))
    assert "A course" in sign_in(person).text("/learn/")


def test_enrolling_twice_is_one_place_and_one_event(mentor: Browser, cohort: Cohort) -> None:
    person = a_person()
    for _ in range(2):
        assert mentor.send(f"/cohorts/{cohort.id}/enrol", number=number_of(person)).status_code == 302
    assert places(cohort) == 1
    enrolled = select(func.count()).where(AuditEvent.action == "cohorts.enrolled")
    assert session.scalar(enrolled) == 1


def test_who_has_a_place_in_a_full_cohort_is_not_refused_again(mission: Mission, mentor: Browser) -> None:
    full = a_cohort(mission, capacity=1)
    person = trainee_of(an_enrolment(full))
    assert mentor.send(f"/cohorts/{full.id}/enrol", number=number_of(person)).status_code == 302


def test_a_full_cohort_refuses_and_keeps_what_was_typed(mission: Mission, mentor: Browser) -> None:
    full = a_cohort(mission, capacity=1)
    an_enrolment(full)
    person = a_person()
    answer = mentor.send(f"/cohorts/{full.id}/enrol", number=number_of(person))
    assert answer.status_code == 422
    assert "The cohort is full (1 places)." in answer.text
    assert typed(answer.text, "number") == number_of(person)
    assert places(full) == 1
    # The refusal leaves no trace, not even on the roll.
    assert session.get(RollEntry, (mission.id, person.id)) is None


def test_a_full_cohort_makes_no_new_trainee(mission: Mission, mentor: Browser) -> None:
    full = a_cohort(mission, capacity=1)
    an_enrolment(full)
    people = session.scalar(select(func.count()).select_from(User))
    assert mentor.send(f"/cohorts/{full.id}/trainees").status_code == 302
    assert "The cohort is full (1 places)." in mentor.text(f"/cohorts/{full.id}/enrol")
    assert session.scalar(select(func.count()).select_from(User)) == people


def test_a_place_that_was_left_is_free_again(mission: Mission, mentor: Browser) -> None:
    small = a_cohort(mission, capacity=1)
    left = an_enrolment(small)
    mentor.send(f"/enrolments/{left.id}/end", because="posted")
    assert places(small) == 0
    assert mentor.send(f"/cohorts/{small.id}/enrol", number=number_of(a_person())).status_code == 302
    # Now it is taken: who left cannot come back.
    again = mentor.send(f"/cohorts/{small.id}/enrol", number=number_of(trainee_of(left)))
    assert again.status_code == 422


def test_coming_back_takes_up_the_same_enrolment(mission: Mission, mentor: Browser, cohort: Cohort) -> None:
    enrolment = an_enrolment(cohort)
    mentor.send(f"/enrolments/{enrolment.id}/end", because="posted")
    mentor.send(f"/cohorts/{cohort.id}/enrol", number=number_of(trainee_of(enrolment)))
    assert session.scalars(select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)).all() == [enrolment.id]
    assert places(cohort) == 1


def test_a_trainee_of_another_mission_is_refused_like_one_who_is_not_there(mentor: Browser, cohort: Cohort) -> None:
    elsewhere = trainee_of(an_enrolment(a_cohort()))
    refused = mentor.send(f"/cohorts/{cohort.id}/enrol", number=number_of(elsewhere))
    unknown = mentor.send(f"/cohorts/{cohort.id}/enrol", number="PS-XXXXX")
    for answer in (refused, unknown):
        assert answer.status_code == 422
        assert "No trainee of this mission has this number." in answer.text
    assert typed(refused.text, "number") == number_of(elsewhere)
    assert places(cohort) == 0


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MANAGER, Role.ADMIN])
def test_only_trainees_get_a_place(mentor: Browser, cohort: Cohort, role: Role) -> None:
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol", number=a_person(role).username)
    assert answer.status_code == 422
    assert places(cohort) == 0


def test_a_closed_account_gets_no_place(mentor: Browser, cohort: Cohort, sign_in: SignIn) -> None:
    person = a_person()
    sign_in(a_person(Role.ADMIN)).send(f"/people/{person.id}/close")
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol", number=number_of(person))
    assert answer.status_code == 422
    assert "This account is closed." in answer.text


def test_an_empty_number_is_asked_for(mentor: Browser, cohort: Cohort) -> None:
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol", number="")
    assert answer.status_code == 422
    assert "Type the trainee's number." in Page(answer.text).text


def added(text: str) -> tuple[str, str]:
    """Number and link of a new trainee's page."""
    number, link = re.search(r"PS-[2-9A-Z]{5}", text), re.search(r"http://localhost(/recover/[\w-]+)", text)
    assert number
    assert link
    return number[0], link[1]


def test_a_new_trainee_gets_a_number_and_a_link_that_sets_the_password_once(
    mentor: Browser, cohort: Cohort, browser: Browser
) -> None:
    number, link = added(mentor.send(f"/cohorts/{cohort.id}/trainees").text)
    assert places(cohort) == 1
    chosen = "four quiet words here"
    assert number.casefold() in browser.text(link)
    assert browser.send(link, new_password=chosen, again=chosen).headers["Location"] == "/sign-in"
    assert "used already" in browser.text(link, 410)
    assert browser.send(link, new_password="another four words", again="another four words").status_code == 410
    assert browser.send("/sign-in", username=number, password=chosen).status_code == 302
    assert "A course" in browser.text("/learn/")


def test_a_link_is_shown_once_and_ends_after_a_day(
    mentor: Browser, cohort: Cohort, browser: Browser, time: Clock
) -> None:
    _, link = added(mentor.send(f"/cohorts/{cohort.id}/trainees").text)
    assert link not in mentor.get(f"/cohorts/{cohort.id}/enrol").text
    time.forward(hours=23)
    assert browser.get(link).status_code == 200
    time.forward(hours=2)
    assert browser.get(link).status_code == 410


def test_a_mentor_of_another_mission_gives_no_places(cohort: Cohort, sign_in: SignIn) -> None:
    stranger = sign_in(deployed(a_mission()))
    assert stranger.send(f"/cohorts/{cohort.id}/enrol", number=number_of(a_person())).status_code == 403
    assert stranger.send(f"/cohorts/{cohort.id}/trainees").status_code == 403
    assert places(cohort) == 0


def a_form(**changes: Any) -> dict[str, Any]:
    today = clock.today()
    values = {
        "title": "Class of the north",
        "course": str(a_published()),
        "begins": today.isoformat(),
        "ends": (today + timedelta(days=30)).isoformat(),
        "capacity": 17,
    }
    return values | changes


def test_a_cohort_is_made_and_leads_on_to_its_trainees(mission: Mission, mentor: Browser) -> None:
    answer = mentor.send(f"/missions/{mission.id}/cohorts/new", **a_form())
    made = session.scalar(select(Cohort).where(Cohort.title == "Class of the north"))
    assert made is not None
    assert answer.headers["Location"] == f"/cohorts/{made.id}/enrol"
    assert (made.mission_id, made.capacity) == (mission.id, 17)
    assert "Class of the north" in mentor.text("/cohorts/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": "2020-01-01"}, "The cohort ends before it begins. Change one of the dates."),
        ({"begins": "soon"}, "Not a valid date"),
        ({"begins": ""}, "Give the first day."),
        ({"title": ""}, "Give the cohort a title."),
        ({"title": "t" * 121}, "120"),
        ({"capacity": "0"}, "between 1 and 2000"),
        ({"capacity": "many"}, "Not a valid integer"),
        ({"course": "none"}, "Not a valid choice"),
        ({"course": ""}, "Not a valid choice"),
    ],
)
def test_a_cohort_with_a_mistake_is_not_made_and_keeps_the_rest(
    mission: Mission, mentor: Browser, changes: dict[str, str], words: str
) -> None:
    form = a_form(**changes)
    answer = mentor.send(f"/missions/{mission.id}/cohorts/new", **form)
    assert answer.status_code == 422
    assert words in answer.text
    for name in ("title", "begins", "ends", "capacity"):
        assert typed(answer.text, name) == str(form[name])
    assert session.scalar(select(func.count()).select_from(Cohort)) == 0


def test_a_title_is_taken_once_in_a_mission_and_free_in_another(mission: Mission, mentor: Browser) -> None:
    form = a_form()
    assert mentor.send(f"/missions/{mission.id}/cohorts/new", **form).status_code == 302
    answer = mentor.send(f"/missions/{mission.id}/cohorts/new", **form)
    assert answer.status_code == 422
    assert "The mission has a cohort with this title already. Choose another." in answer.text
    assert typed(answer.text, "title") == form["title"]
    other = a_mission()
    with transaction():
        person = session.scalars(select(User).where(User.role == Role.MENTOR)).one()
        today = clock.today()
        missions.deploy(session.merge(other), person.username, today, today, by=None)
    assert mentor.send(f"/missions/{other.id}/cohorts/new", **form).status_code == 302
