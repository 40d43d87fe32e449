"""A mentor leaves and another takes over: item by item, with rights that move with the dates."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.assignments import service as assignments
from lms.cohorts.models import Cohort, CohortLead
from lms.core import clock
from lms.core.db import session, transaction
from lms.handover.models import Handover, HandoverItem
from lms.missions.models import Deployment, Mission
from tests.builders import (
    a_cohort,
    a_deployment,
    a_mission,
    a_person,
    a_published,
    an_enrolment,
    deployed,
    done,
    with_practice,
)
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission, app: Flask) -> Cohort:
    """A cohort in which one report waits to be marked."""
    cohort = a_cohort(mission, a_published(with_practice()))
    enrolment = an_enrolment(cohort)
    done(enrolment, "greeting", "asking")
    with transaction():
        assignments.hand_in(enrolment, "report", "What happened", [], app.config["MEDIA"])
    return cohort


@pytest.fixture
def leaver(mission: Mission) -> User:
    return deployed(mission, ends=clock.today() + timedelta(days=10))


@pytest.fixture
def successor(mission: Mission) -> User:
    """Comes in a week, so that both are there for four days."""
    person = a_person(Role.MENTOR)
    a_deployment(mission, person, clock.today() + timedelta(days=7), clock.today() + timedelta(days=200))
    return person


def deployment_of(person: User) -> Deployment:
    return session.scalars(select(Deployment).where(Deployment.user_id == person.id)).one()


def begun(browser: Browser, leaver: User, successor: User) -> str:
    """Begin the handover; returns its address."""
    path = f"/deployments/{deployment_of(leaver).id}/handover"
    answer = browser.send(path, successor=str(deployment_of(successor).id))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def item(kind: str) -> HandoverItem:
    return session.scalars(select(HandoverItem).where(HandoverItem.kind == kind)).one()


def lead_of(cohort: Cohort) -> object:
    return session.scalar(select(CohortLead.user_id).where(CohortLead.cohort_id == cohort.id))


def test_rights_move_from_one_mentor_to_the_other_with_the_dates(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    accept = f"/handover-items/{item('cohort').id}/answer"

    def may_work(person: User) -> bool:
        return sign_in(session.get_one(User, person.id)).get(f"/cohorts/{cohort.id}").status_code == 200

    assert (may_work(leaver), may_work(successor)) == (True, False)
    assert sign_in(successor).get(address).status_code == 403
    assert sign_in(successor).send(accept, answer="accept").status_code == 403
    time.forward(days=7)
    assert (may_work(leaver), may_work(successor)) == (True, True)
    assert sign_in(successor).send(accept, answer="accept").status_code == 302
    assert lead_of(cohort) == successor.id
    time.forward(days=4)
    assert (may_work(leaver), may_work(successor)) == (False, True)
    assert sign_in(leaver).get(address).status_code == 403
    assert sign_in(leaver).send(f"{address}/items", title="Too late").status_code == 403


def test_the_pack_holds_what_is_open_and_what_the_leaver_adds(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    theirs = sign_in(leaver)
    assert "Prepare the handover" in theirs.text("/handovers/")
    address = begun(theirs, leaver, successor)
    theirs.send(f"{address}/items", title="Radio key", note="With the duty officer.")
    theirs.send(f"/handover-items/{item('cohort').id}/note", note="Meets on Mondays.")
    page = theirs.text(address)
    for words in (cohort.title, "1 waits to be marked", "Radio key", "With the duty officer.", "Meets on Mondays."):
        assert words in page
    assert "Days together 4" in page


def test_a_cohort_that_another_mentor_answers_for_stays_out(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    with transaction():
        session.add(CohortLead(cohort_id=cohort.id, user_id=deployed_id(mission)))
    begun(sign_in(leaver), leaver, successor)
    assert session.scalars(select(HandoverItem)).all() == []


def deployed_id(mission: Mission) -> object:
    session.add(person := User(username="third-mentor", role=Role.MENTOR.value))
    session.flush()
    return person.id


def test_what_the_successor_misses_is_seen_by_the_leaver_and_the_manager(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    answer = f"/handover-items/{item('marking').id}/answer"
    sign_in(successor).send(answer, answer="object", objection="The rubric in French")
    for person in (leaver, deployed(mission, Role.MANAGER)):
        assert "The rubric in French" in sign_in(person).text(address)
    sign_in(leaver).send(f"/handover-items/{item('marking').id}/note", note="It is in the course.")
    session.expire_all()
    assert item("marking").objection == ""


def test_the_manager_sees_what_was_left_open_at_the_departure(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    manager = deployed(mission, Role.MANAGER)
    assert "Left open" not in sign_in(manager).text("/handovers/")
    time.forward(days=11)
    assert "Left open" in sign_in(manager).text("/handovers/")
    assert "Not everything was accepted before the departure" in sign_in(manager).text(address)


def test_an_accepted_item_stays_as_it_was_accepted(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    for _ in range(2):
        sign_in(successor).send(f"/handover-items/{item('marking').id}/answer", answer="accept")
    sign_in(leaver).send(f"/handover-items/{item('marking').id}/note", note="Changed afterwards")
    sign_in(leaver).send(f"{address}/gather")
    session.expire_all()
    assert (item("marking").note, item("marking").count) == ("", 1)
    assert "Items accepted" in sign_in(leaver).get(address).text


def test_bringing_up_to_date_takes_new_cohorts_in_and_keeps_notes(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    theirs = sign_in(leaver)
    address = begun(theirs, leaver, successor)
    theirs.send(f"/handover-items/{item('cohort').id}/note", note="Meets on Mondays.")
    new = a_cohort(mission, cohort.course_version_id)
    theirs.send(f"{address}/gather")
    page = theirs.text(address)
    assert new.title in page
    assert "Meets on Mondays." in page


def test_a_successor_who_leaves_no_later_cannot_be_chosen(
    mission: Mission, cohort: Cohort, leaver: User, sign_in: SignIn
) -> None:
    short = deployed(mission, ends=clock.today() + timedelta(days=10))
    path = f"/deployments/{deployment_of(leaver).id}/handover"
    assert sign_in(leaver).send(path, successor=str(deployment_of(short).id)).status_code == 422
    assert "Nobody stays longer" in sign_in(leaver).text(path)
    assert session.scalars(select(Handover)).all() == []


def test_taking_back_the_successors_deployment_takes_back_the_handover(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    begun(sign_in(leaver), leaver, successor)
    sign_in(deployed(mission, Role.MANAGER)).send(f"/deployments/{deployment_of(successor).id}/end")
    assert session.scalars(select(Handover)).all() == []
    assert session.scalars(select(HandoverItem)).all() == []
