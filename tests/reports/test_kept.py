"""The report of a closed cohort stays what it was, whoever leaves the roll afterwards."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.assessment import service as assessment
from lms.certificates import service as certificates
from lms.cohorts import closing, off_roll
from lms.cohorts.models import Cohort, Enrolment
from lms.core import jobs
from lms.core.db import session, transaction
from lms.missions.models import Mission, RollEntry
from lms.reports.models import KeptBySex
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done
from tests.conftest import Clock
from tests.documents import with_pre_and_post
from tests.pages import Browser, Page
from tests.reports.test_end import a_class, of_sex, report

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission) -> Cohort:
    return a_cohort(mission, a_published(with_pre_and_post()), capacity=100)


@pytest.fixture
def mentor(mission: Mission) -> User:
    return deployed(mission)


def close(cohort: Cohort, by: User) -> None:
    with transaction():
        closing.close(session.get_one(Cohort, cohort.id), by=by.id)


def off(place: Enrolment, by: User) -> None:
    """The trainee leaves the force."""
    with transaction():
        entry = session.get_one(RollEntry, (session.get_one(Cohort, place.cohort_id).mission_id, place.user_id))
        off_roll.take_off(entry, "posted", by=by.id)


def certified(place: Enrolment, by: User) -> None:
    with transaction():
        certificates.issue(session.get_one(Enrolment, place.id), by=by.id)


def split(browser: Browser, cohort: Cohort) -> list[str]:
    """The lines of the table by sex."""
    page = browser.get(f"/cohorts/{cohort.id}/report").text
    table = next(each for each in page.split("<table") if "Mean final mark" in each).split("</table>")[0]
    return [" ".join(Page(line).text.split()) for line in table.split("<tr>")[2:]]


def test_who_leaves_the_roll_or_is_corrected_on_it_stays_in_the_report(
    cohort: Cohort, mentor: User, sign_in: SignIn
) -> None:
    places = a_class(cohort, 6, 6)
    for place in places:
        done(place, score=0.8)
    close(cohort, mentor)
    browser = sign_in(mentor)
    before = split(browser, cohort)
    assert before[:2] == ["Enrolled 12 6 6 0", "Finished 12 6 6 0"]
    assert before[3].startswith("Mean final mark 80% 80% 80%")
    off(places[0], mentor)
    of_sex(places[1], "m")
    assert split(browser, cohort) == before


def test_what_is_held_back_is_kept_nowhere(cohort: Cohort, mentor: User) -> None:
    places = a_class(cohort, 6, 24)
    for place in [*places[:2], *places[6:]]:
        done(place)
    close(cohort, mentor)
    assert session.get_one(KeptBySex, cohort.id).figures == {
        "enrolled": [30, 6, 24, 0],
        "completed": [26, None, None, None],
        "certificates": [0, None, None, None],
        "means": [0.0, 0.0],
    }


def test_certificates_given_after_closing_are_counted_and_stay_counted(
    cohort: Cohort, mentor: User, time: Clock
) -> None:
    places = a_class(cohort, 6, 6)
    for place in places:
        done(place, score=0.8)
    close(cohort, mentor)
    time.forward(minutes=1)
    for place in places:
        certified(place, mentor)
    found = report(cohort).certificates
    assert (found.total, found.women, found.men) == (12, 6, 6)
    time.forward(minutes=1)
    jobs.sweep()
    off(places[0], mentor)
    assert report(cohort).certificates == found


def test_a_late_certificate_gives_nobody_away_beside_the_lines_that_were_kept(
    cohort: Cohort, mentor: User, time: Clock
) -> None:
    places = a_class(cohort, 8, 8)
    for place in places:
        done(place, score=0.8)
    close(cohort, mentor)
    # Of eight women three leave the roll, and the roll then knows five.
    for place in places[:3]:
        off(place, mentor)
    time.forward(minutes=1)
    for place in places[3:]:
        certified(place, mentor)
    found = report(cohort)
    assert (found.enrolled.women, found.certificates.total, found.certificates.hidden) == (8, 13, True)


def test_a_correction_is_seen_at_once_and_kept_when_it_is_over(cohort: Cohort, mentor: User, time: Clock) -> None:
    places = a_class(cohort, 11, 11)
    for place in [*places[:5], *places[11:16]]:
        done(place)
    close(cohort, mentor)
    time.forward(days=1)
    with transaction():
        closing.correct(session.get_one(Cohort, cohort.id), "One was forgotten.", by=mentor.id)
    done(places[5])
    jobs.sweep()
    found = report(cohort).completed
    assert (found.total, found.women, found.men) == (11, 6, 5)
    time.forward(hours=1)
    jobs.sweep()
    off(places[5], mentor)
    assert report(cohort).completed == found


def test_of_a_cohort_closed_long_ago_the_figures_are_kept_by_a_worker(
    cohort: Cohort, mentor: User, time: Clock
) -> None:
    places = a_class(cohort, 6, 6)
    close(cohort, mentor)
    with transaction():
        session.delete(session.get_one(KeptBySex, cohort.id))
    before = report(cohort).enrolled
    jobs.sweep()
    off(places[0], mentor)
    assert report(cohort).enrolled == before


def test_rechecks_months_later_do_not_change_which_questions_were_hard(
    cohort: Cohort, mentor: User, time: Clock
) -> None:
    places = [an_enrolment(cohort) for _ in range(6)]
    for place in places:
        done(place, "before", "greeting", "asking", "quiz", "after", score=0.9)
    close(cohort, mentor)
    assert report(cohort).hardest == []
    time.forward(days=90)
    for place in places:
        with transaction():
            assessment.submit(assessment.begin(session.get_one(Enrolment, place.id), "after@90"))
    assert report(cohort).hardest == []
