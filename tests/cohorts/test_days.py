"""Days, extensions, extra time, and the queue for a place."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.assessment import service as assessment
from lms.cohorts.models import Cohort, Enrolment, Waiting
from lms.core import clock
from lms.core.db import session, transaction
from lms.missions.models import Mission
from tests.builders import (
    a_cohort,
    a_mission,
    a_person,
    a_published,
    an_enrolment,
    deployed,
    done,
    someone_waiting,
    trainee_of,
)
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def test_what_opens_later_is_locked_until_then_and_says_when(
    mission: Mission, mentor: Browser, sign_in: SignIn
) -> None:
    cohort = a_cohort(mission)  # began five days ago
    enrolment = an_enrolment(cohort)
    trainee = sign_in(trainee_of(enrolment))
    assert mentor.send(f"/cohorts/{cohort.id}/days", **{"opens-greeting": "6"}).status_code == 302
    assert "It opens on" in trainee.text(f"/learn/{enrolment.id}/greeting", 403)
    trainee.send(f"/learn/{enrolment.id}/greeting/done")
    assert "0 of" in trainee.text(f"/learn/{enrolment.id}/")
    mentor.send(f"/cohorts/{cohort.id}/days", **{"opens-greeting": "5"})
    assert trainee.get(f"/learn/{enrolment.id}/greeting").status_code == 200


def test_what_is_due_stands_on_the_home_page_until_it_is_done(
    mission: Mission, mentor: Browser, sign_in: SignIn
) -> None:
    cohort = a_cohort(mission)
    enrolment = an_enrolment(cohort)
    trainee = sign_in(trainee_of(enrolment))
    mentor.send(f"/cohorts/{cohort.id}/days", **{"due-greeting": "4"})
    assert "was due on" in trainee.text("/learn/")
    mentor.send(f"/enrolments/{enrolment.id}/adjust", extension_days="3", extra_time="0")
    assert "was due on" not in trainee.text("/learn/")
    assert "due on" in trainee.text("/learn/")
    done(enrolment, "greeting")
    assert "due on" not in trainee.text("/learn/")


def test_something_due_before_it_opens_is_refused(mission: Mission, mentor: Browser) -> None:
    cohort = a_cohort(mission)
    refused = mentor.send(f"/cohorts/{cohort.id}/days", **{"opens-greeting": "6", "due-greeting": "2"})
    assert refused.status_code == 422
    assert session.get_one(Cohort, cohort.id).schedule is None


def test_extra_time_moves_the_deadline_of_a_test(mission: Mission, mentor: Browser) -> None:
    enrolment = an_enrolment(a_cohort(mission))
    done(enrolment, "greeting", "asking", "quiz")
    mentor.send(f"/enrolments/{enrolment.id}/adjust", extension_days="0", extra_time="50")
    with transaction():
        attempt = assessment.begin(session.get_one(Enrolment, enrolment.id), "final")
    assert attempt.deadline is not None
    assert attempt.deadline - attempt.started_at == timedelta(minutes=45)


def test_a_full_cohort_offers_the_queue_and_nobody_walks_past_it(mission: Mission, mentor: Browser) -> None:
    cohort = a_cohort(mission, capacity=1)
    placed, first, second = an_enrolment(cohort), a_person(), a_person()
    page = f"/cohorts/{cohort.id}/enrol"
    assert "Put trainee" in mentor.send(page, number=first.username).text
    for each in (first, second, first):
        assert mentor.send(f"/cohorts/{cohort.id}/queue", number=each.username).status_code == 302
    mentor.send(f"/enrolments/{placed.id}/end", because="wish")
    assert "waited longer" in mentor.send(page, number=a_person().username).text
    queue = session.scalars(select(Waiting).order_by(Waiting.asked_at, Waiting.id)).all()
    assert [each.user_id for each in queue] == [first.id, second.id]
    mentor.send(f"/cohorts/{cohort.id}/queue/{queue[1].id}/place")
    assert len(session.scalars(select(Waiting)).all()) == 2, "the second waits for the first"
    mentor.send(f"/cohorts/{cohort.id}/queue/{queue[0].id}/place")
    here = session.scalars(select(Enrolment.user_id).where(Enrolment.left_at.is_(None))).all()
    assert here == [first.id]
    assert session.scalars(select(Waiting.user_id)).all() == [second.id]


def test_nobody_reaches_the_queue_of_another_mission_through_a_cohort_of_their_own(
    mission: Mission, mentor: Browser
) -> None:
    waiting, own = someone_waiting(a_cohort(a_mission())), a_cohort(mission)
    for what in ("place", "end"):
        assert mentor.send(f"/cohorts/{own.id}/queue/{waiting.id}/{what}").status_code == 302
        assert "This trainee waits no more" in mentor.text(f"/cohorts/{own.id}/enrol")
    assert session.scalars(select(Waiting.id)).all() == [waiting.id]
    assert session.scalars(select(Enrolment.id)).all() == []


def test_a_trainee_leaves_for_a_reason_of_the_list_alone(mission: Mission, mentor: Browser) -> None:
    enrolment = an_enrolment(a_cohort(mission))
    mentor.send(f"/enrolments/{enrolment.id}/end", because="he was accused of something")
    assert session.get_one(Enrolment, enrolment.id).left_at is None


def in_years(years: int) -> str:
    return clock.today().replace(year=clock.today().year + years, day=1).isoformat()


def test_a_cohort_in_a_far_year_is_refused_when_it_is_made_and_changed(mission: Mission, mentor: Browser) -> None:
    version = a_published()
    told = {"title": "Far", "course": version, "capacity": "5"}
    path = f"/missions/{mission.id}/cohorts/new"
    for begins, ends in ((in_years(0), in_years(11)), ("9999-12-01", "9999-12-31"), ("0026-01-05", in_years(0))):
        refused = mentor.send(path, **told, begins=begins, ends=ends)
        assert refused.status_code == 422
        assert "more than ten years away" in refused.text
    assert mentor.send(path, **told, begins=in_years(0), ends=in_years(9)).status_code == 302
    cohort = session.scalars(select(Cohort)).one()
    told = {"title": "Far", "begins": cohort.begins, "capacity": "5"}
    assert mentor.send(f"/cohorts/{cohort.id}/change", **told, ends="9999-12-31").status_code == 422
    assert mentor.send(f"/cohorts/{cohort.id}/change", **told, ends=in_years(8)).status_code == 302


def test_a_cohort_of_old_in_the_last_year_of_the_calendar_has_its_pages(mission: Mission, mentor: Browser) -> None:
    cohort = a_cohort(mission)
    enrolment = an_enrolment(cohort)
    with transaction():
        here = session.get_one(Cohort, cohort.id)
        here.begins, here.ends, here.schedule = date(9999, 12, 1), date.max, {"greeting": {"due": 900}}
    for path in ("", "/days", "/change"):
        assert mentor.get(f"/cohorts/{cohort.id}{path}").status_code == 200
    assert mentor.get("/cohorts/").status_code == 200
    assert mentor.get(f"/enrolments/{enrolment.id}").status_code == 200
    # Its other fields can be changed without touching the dates.
    told = {"title": "Old", "begins": "9999-12-01", "ends": "9999-12-31", "capacity": "5"}
    assert mentor.send(f"/cohorts/{cohort.id}/change", **told).status_code == 302
