"""A whole class is chosen from the roll at once."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.cohorts import from_roll
from lms.cohorts.models import Cohort, Enrolment, Waiting
from lms.cohorts.prerequisites import Unready
from lms.core.db import session, transaction
from lms.library.edition import edition
from lms.missions import service as missions
from lms.missions.models import Mission, RollEntry
from lms.roster import service as roster
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed
from tests.documents import a_document
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def on_roll(mission: Mission, count: int, unit: str | None = None) -> list[UUID]:
    """So many new trainees on the roll; by id, in the order of their numbers."""
    with transaction():
        made = [accounts.create_trainee(by=None) for _ in range(count)]
        place = roster.add_unit(mission, "North", unit, 40, 6, by=None) if unit else None
        for each in made:
            missions.put_on_roll(mission.id, each.id)
            session.get_one(RollEntry, (mission.id, each.id)).unit_id = place.id if place else None
        return [each.id for each in sorted(made, key=lambda each: str(each.number))]


def count_of(table: type[Enrolment] | type[Waiting], cohort: Cohort) -> int:
    return session.scalar(select(func.count()).where(table.cohort_id == cohort.id)) or 0


def ticked(text: str) -> list[str | None]:
    return [box.get("value") for box in Page(text).all("input") if box.get("name") == "chosen" and "checked" in box]


def test_a_class_that_fits_is_ticked_already_and_enrolled_with_one_press(mentor: Browser, mission: Mission) -> None:
    people, cohort = on_roll(mission, 40, "Station 1"), a_cohort(mission)
    address = f"/cohorts/{cohort.id}/enrol/roll"
    shown = mentor.get(address)
    assert sorted(map(str, people)) == sorted(map(str, ticked(shown.text)))
    said = Page(mentor.send(address, chosen=ticked(shown.text)).text).text
    assert "40 trainees are enrolled." in said
    assert "Nobody to enrol here" in said
    assert count_of(Enrolment, cohort) == 40


def test_more_than_fit_are_not_ticked_and_the_last_wait_in_the_queue(mentor: Browser, mission: Mission) -> None:
    people, cohort = on_roll(mission, 3), a_cohort(mission, capacity=2)
    address = f"/cohorts/{cohort.id}/enrol/roll"
    assert ticked(mentor.get(address).text) == []
    said = Page(mentor.send(address, chosen=[str(each) for each in people]).text).text
    assert "2 trainees are enrolled." in said
    assert "1 trainee waits in the queue" in said
    assert session.scalars(select(Waiting.user_id).where(Waiting.cohort_id == cohort.id)).all() == [people[-1]]


def test_a_second_press_enrols_nobody_twice(mentor: Browser, mission: Mission) -> None:
    people, cohort = on_roll(mission, 2), a_cohort(mission)
    for _ in range(2):
        mentor.send(f"/cohorts/{cohort.id}/enrol/roll", chosen=[str(each) for each in people])
    assert count_of(Enrolment, cohort) == 2


def test_nothing_chosen_says_so_and_keeps_the_list(mentor: Browser, mission: Mission) -> None:
    on_roll(mission, 2)
    answer = mentor.send(f"/cohorts/{a_cohort(mission).id}/enrol/roll")
    assert answer.status_code == 422
    assert "Choose at least one trainee." in answer.text


def test_who_was_in_a_cohort_before_is_listed_only_when_asked_for(mentor: Browser, mission: Mission) -> None:
    an_enrolment(a_cohort(mission))
    address = f"/cohorts/{a_cohort(mission).id}/enrol/roll"
    assert "Nobody to enrol here" in mentor.get(address).text
    assert "1 trainee is found." in mentor.get(f"{address}?everybody=yes").text


def test_a_unit_narrows_the_list(mentor: Browser, mission: Mission) -> None:
    on_roll(mission, 2, "Station 1")
    chosen = on_roll(mission, 1, "Traffic")
    unit = session.get_one(RollEntry, (mission.id, chosen[0])).unit_id
    answer = mentor.get(f"/cohorts/{a_cohort(mission).id}/enrol/roll?unit={unit}")
    assert ticked(answer.text) == [str(chosen[0])]


def test_nobody_of_another_missions_roll_is_enrolled(mentor: Browser, mission: Mission) -> None:
    stranger, cohort = on_roll(a_mission(), 1), a_cohort(mission)
    answer = mentor.send(f"/cohorts/{cohort.id}/enrol/roll", chosen=[str(stranger[0])])
    assert count_of(Enrolment, cohort) == 0
    assert str(session.get_one(User, stranger[0]).number) not in answer.text


def test_a_closed_account_is_named_and_keeps_nobody_else_from_a_place(mentor: Browser, mission: Mission) -> None:
    people, cohort = on_roll(mission, 2), a_cohort(mission)
    with transaction():
        gone = session.get_one(User, people[0])
        gone.active = False
    said = Page(mentor.send(f"/cohorts/{cohort.id}/enrol/roll", chosen=[str(each) for each in people]).text).text
    assert "1 trainee is enrolled." in said
    assert f"{gone.number} : This account is closed" in said


def test_reading_does_not_grow_with_the_class(mission: Mission, statements: list[str]) -> None:
    later = a_published(a_document(slug="later", code="DP02", requires_courses=["a-course"]))
    a_published()
    edition(later)
    reads = []
    for count in (5, 25):
        people, cohort, by = on_roll(mission, count), a_cohort(mission, later, capacity=count - 2), deployed(mission)
        statements.clear()
        with transaction():
            unready = Unready("waive", "Trained by the academy.")
            outcome = from_roll.enrol_many(session.merge(cohort), people, by=by.id, unready=unready)
        assert (outcome.placed, outcome.queued) == (count - 2, 2)
        reads.append([each for each in statements if not each.startswith("INSERT")])
    assert len(reads[0]) == len(reads[1]) <= 12


def test_a_place_that_was_left_is_taken_up_again_and_the_queue_keeps_its_turn(
    mentor: Browser, mission: Mission
) -> None:
    people, cohort = on_roll(mission, 3), a_cohort(mission, capacity=1)
    send = f"/cohorts/{cohort.id}/enrol/roll"
    for each in people[:2]:
        mentor.send(send, chosen=[str(each)])
    first = session.scalars(select(Enrolment).where(Enrolment.user_id == people[0])).one()
    mentor.send(f"/enrolments/{first.id}/end", because="duty")
    # The free place is for who waits longer.
    mentor.send(send, chosen=[str(people[2])])
    assert count_of(Waiting, cohort) == 2
    mentor.send(send, chosen=[str(people[1])])
    with transaction():
        session.get_one(Cohort, cohort.id).capacity = 3
    mentor.send(send, chosen=[str(people[2]), str(people[0])])
    session.expire_all()
    assert (count_of(Enrolment, cohort), count_of(Waiting, cohort)) == (3, 0)
    assert session.get_one(Enrolment, first.id).left_at is None
