"""A trainee's page: everything about one place in a cohort, for those who teach it."""

from collections.abc import Callable

import pytest
from flask import Flask, current_app

from lms.accounts.models import User
from lms.assessment import service as assessment
from lms.assignments import judging
from lms.assignments import service as assignments
from lms.attendance import service as attendance
from lms.certificates import service as certificates
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session, transaction
from lms.grades import service as grades
from lms.missions.models import Mission
from lms.scenarios import service as scenarios
from tests.builders import (
    a_cohort,
    a_mission,
    a_published,
    a_session,
    an_enrolment,
    an_instructor,
    deployed,
    done,
    trainee_of,
)
from tests.documents import with_practice, with_pre_and_post
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    return an_enrolment(a_cohort(a_mission(), a_published(with_practice())))


@pytest.fixture
def cohort(enrolment: Enrolment) -> Cohort:
    return session.get_one(Cohort, enrolment.cohort_id)


@pytest.fixture
def mentor(cohort: Cohort) -> User:
    return deployed(session.get_one(Mission, cohort.mission_id))


@pytest.fixture
def read(sign_in: SignIn, mentor: User, enrolment: Enrolment) -> Callable[[], str]:
    return lambda: sign_in(mentor).text(f"/enrolments/{enrolment.id}")


def test_a_trainee_who_has_not_begun_has_a_page(read: Callable[[], str]) -> None:
    page = read()
    for words in ("0 of 4", "The trainee has not begun.", "No test and no scenario is begun.", "No session yet"):
        assert words in page


def test_progress_and_marks_stand_together(read: Callable[[], str], enrolment: Enrolment, mentor: User) -> None:
    done(enrolment, "greeting")
    done(enrolment, "quiz", score=0.6)
    with transaction():
        grades.override(enrolment, "quiz", 80, "The room was dark", by=mentor.id)
    page = read()
    assert "Greeting Done – Asking Not started –" in page
    assert "Quiz Done 1 try 80% Set by hand earned: 60%" in page
    assert "80% Final mark so far" in page
    assert "2 of 4" in page


def test_tries_and_hand_ins_are_listed(
    app: Flask, sign_in: SignIn, read: Callable[[], str], enrolment: Enrolment, cohort: Cohort, mentor: User
) -> None:
    done(enrolment, "greeting", "asking", "quiz", "final")
    with transaction():
        attempt = assessment.begin(enrolment, "quiz")
        run = scenarios.begin(enrolment, "gate")
        hand_in = assignments.hand_in(enrolment, "report", "What happened", [], app.config["MEDIA"])
    page = read()
    assert "Not finished" in page
    assert "A report try 1" in page
    assert "Waits to be marked" in page
    with transaction():
        assessment.submit(attempt)
        scenarios.decide(run, 0, 1)
        judging.mark(hand_in, {"facts": "full", "words": "part"}, "Good", by=mentor.id)
    page = read()
    assert "0% Not passed" in page
    assert "Passed 75%" in page
    mentors = sign_in(mentor).get(f"/enrolments/{enrolment.id}").text
    assert f"/marking/{hand_in.id}" in mentors
    assert f"/marking/{hand_in.id}" not in sign_in(an_instructor(cohort)).get(f"/enrolments/{enrolment.id}").text


def test_attendance_is_told_session_by_session(
    read: Callable[[], str], enrolment: Enrolment, cohort: Cohort, mentor: User
) -> None:
    first, second = a_session(cohort, -2), a_session(cohort, -1)
    a_session(cohort, 1)
    for training, mark in ((first, "late"), (second, "absent")):
        with transaction():
            attendance.mark(training, {enrolment.id: mark}, {}, via="screen", by=mentor.id)
    a_session(cohort)
    page = read()
    assert "50% Attendance" in page
    assert page.index(f"{first.topic} ") < page.index("Late ") < page.index(second.topic) < page.index("Absent ")
    assert page.count("Not marked yet") == 1


def test_certificates_gain_and_other_courses(sign_in: SignIn, mentor: User, cohort: Cohort) -> None:
    mission = session.get_one(Mission, cohort.mission_id)
    here = an_enrolment(a_cohort(mission, a_published(with_pre_and_post())))
    other = an_enrolment(cohort, trainee_of(here))
    abroad = an_enrolment(a_cohort(a_mission()), trainee_of(other))
    for id, score in (("before", 0.5), ("after", 0.8)):
        done(here, id, score=score)
    done(here, "greeting", "asking", "quiz")
    with transaction():
        credential = certificates.issue(here, by=mentor.id)
    page = sign_in(mentor).text(f"/enrolments/{here.id}")
    assert credential.code in page
    assert "50% Pre-test 80% Post-test 60% Gain of what could still be learned – once more after 90 days" in page
    html = sign_in(mentor).get(f"/enrolments/{here.id}").text
    assert f"/enrolments/{other.id}" in html
    assert f"/enrolments/{abroad.id}" not in html


def test_more_time_and_leaving_are_told(read: Callable[[], str], enrolment: Enrolment, mentor: User) -> None:
    with transaction():
        cohorts.adjust(enrolment, extension_days=3, extra_time=50, by=mentor.id)
    assert "3 more days, 50% more time" in read()
    with transaction():
        cohorts.end_enrolment(enrolment, "posted", by=mentor.id)
    page = read()
    assert "Left the cohort on" in page
    assert "Posted elsewhere" in page
    assert "Set another score" not in page


def test_what_a_trainee_who_left_had_handed_in_is_listed_without_a_link_that_leads_nowhere(
    sign_in: SignIn, enrolment: Enrolment, mentor: User
) -> None:
    done(enrolment, "greeting", "asking", "quiz")
    with transaction():
        hand_in = assignments.hand_in(enrolment, "report", "What happened", [], current_app.config["MEDIA"])
    browser, link = sign_in(mentor), f"/marking/{hand_in.id}"
    assert link in browser.get(f"/enrolments/{enrolment.id}").text
    with transaction():
        cohorts.end_enrolment(session.get_one(Enrolment, enrolment.id), "posted", by=mentor.id)
    page = browser.get(f"/enrolments/{enrolment.id}").text
    assert "Waits to be marked" in page
    assert link not in page
    assert browser.get(link).status_code == 403
