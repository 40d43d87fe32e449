"""The cohort table: its orders and filters, who is stuck and where; and what of it a mentor sees first in the day."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.assignments import judging
from lms.assignments import service as assignments
from lms.assignments.models import HandIn
from lms.attendance import service as attendance
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.schedule import Days, set_days
from lms.core.db import session, transaction
from lms.library.document import CourseDocument
from lms.missions.models import Mission
from lms.progress import standing
from lms.progress.standing import Hold
from lms.record import service as record
from lms.record.models import Verb
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
from tests.conftest import Clock
from tests.documents import a_document, with_practice
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]
# Signs in anew each time, since the clock moves.
Mentor = Callable[[], Browser]


def number(enrolment: Enrolment) -> str:
    return str(trainee_of(enrolment).number)


def order(mentor: Mentor, cohort: Cohort, query: str, *enrolments: Enrolment) -> list[int]:
    """In which order the table names these trainees."""
    rows = mentor().get(f"/cohorts/{cohort.id}?{query}").text.split("<tbody>")[1].split("</tbody>")[0]
    places = {rows.find(number(each)): place for place, each in enumerate(enrolments)}
    return [places[at] for at in sorted(places) if at >= 0]


def held(enrolment: Enrolment) -> Hold:
    found = standing.of_cohorts(Cohort.id == enrolment.cohort_id)
    return next(each.hold for each in found if each.id == enrolment.id)


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return a_cohort(a_mission(), a_published(with_practice()), capacity=60)


@pytest.fixture
def mentor(cohort: Cohort, sign_in: SignIn) -> Mentor:
    person = deployed(session.get_one(Mission, cohort.mission_id))
    return lambda: sign_in(person)


def test_the_header_sorts_and_says_how(cohort: Cohort, mentor: Mentor) -> None:
    little, much, nothing = (an_enrolment(cohort) for _ in range(3))
    done(little, "greeting")
    done(much, "greeting", "asking")
    assert order(mentor, cohort, "sort=done", little, much, nothing) == [2, 0, 1]
    assert order(mentor, cohort, "sort=done&order=down", little, much, nothing) == [1, 0, 2]
    numbers = sorted((little, much, nothing), key=number)
    assert order(mentor, cohort, "", *numbers) == [0, 1, 2]
    assert order(mentor, cohort, "order=down", *numbers) == [2, 1, 0]
    headings = Page(mentor().get(f"/cohorts/{cohort.id}?sort=done&order=down").text).all("th")
    assert [each["aria-sort"] for each in headings if "aria-sort" in each] == ["descending"]
    # A phone shows no header: the form has both ways, and says which one is seen.
    assert order(mentor, cohort, "sort=done-down", little, much, nothing) == [1, 0, 2]
    chosen = [
        each["value"]
        for each in Page(mentor().get(f"/cohorts/{cohort.id}?sort=done&order=down").text).all("option")
        if "selected" in each
    ]
    assert chosen == ["all", "done-down"]
    # The link of the order that is on turns it round, without losing the filter.
    page = mentor().get(f"/cohorts/{cohort.id}?sort=done&show=unfinished").text
    assert "order=down" in page.split('aria-sort="ascending"')[1].split("</th>")[0]
    assert "show=unfinished" in page.split('aria-sort="ascending"')[1].split("</th>")[0]


def test_by_mark_those_without_one_come_last_either_way(cohort: Cohort, mentor: Mentor) -> None:
    good, none, poor = (an_enrolment(cohort) for _ in range(3))
    done(good, "quiz", score=0.9)
    done(poor, "quiz", score=0.4)
    assert order(mentor, cohort, "sort=mark", good, none, poor) == [2, 0, 1]
    assert order(mentor, cohort, "sort=mark&order=down", good, none, poor) == [0, 2, 1]
    assert f"{number(good)} 1/" in mentor().text(f"/cohorts/{cohort.id}")
    assert " 90 " in mentor().text(f"/cohorts/{cohort.id}?show=unfinished&sort=mark&order=down")


def test_unknown_choices_show_what_one_sees_at_first(cohort: Cohort, mentor: Mentor) -> None:
    first, last = sorted((an_enrolment(cohort) for _ in range(2)), key=number)
    done(last, "greeting")
    for query in (
        "sort=nonsense",
        "show=all&order=sideways",
        "sort=number-sideways",
        "module=none",
        "page=x",
        "page=-3",
        "page=9999999999999",
    ):
        assert order(mentor, cohort, query, first, last) == [0, 1], query


def test_a_module_alone_shows_its_columns_and_counts_its_activities(cohort: Cohort, mentor: Mentor) -> None:
    enrolment = an_enrolment(cohort)
    done(enrolment, "greeting", "asking")
    first = with_practice().modules[0]
    page = mentor().get(f"/cohorts/{cohort.id}?module={first.id}").text
    required = [each for each in first.activities if each.required]
    finished = sum(each.id in ("greeting", "asking") for each in required)
    assert f"<bdi>{finished}/{len(required)}</bdi>" in page
    assert page.count('<th scope="col" title=') == len(first.activities)


def test_who_makes_no_progress_for_over_a_week_is_stuck_and_the_table_says_where(
    cohort: Cohort, mentor: Mentor, time: Clock
) -> None:
    stuck, going, finished = (an_enrolment(cohort) for _ in range(3))
    done(finished)
    done(stuck, "greeting", "asking")
    done(going, "greeting")
    with transaction():
        for _ in range(2):
            record.append(Verb.FAILED, actor_id=stuck.user_id, registration=stuck.id, activity_id="quiz", score=0.2)
    time.forward(days=6, hours=23)
    assert held(stuck) is Hold.GOING
    done(going, "asking")
    time.forward(hours=2)
    assert (held(stuck), held(going), held(finished)) == (Hold.STUCK, Hold.GOING, Hold.COMPLETE)
    assert order(mentor, cohort, "show=stuck", stuck, going, finished) == [0]
    page = mentor().text(f"/cohorts/{cohort.id}")
    assert "1 trainee has made no progress for over a week" in page
    assert "Quiz Stuck for over a week tried 2 times" in page
    # Trying once more is progress.
    with transaction():
        record.append(Verb.FAILED, actor_id=stuck.user_id, registration=stuck.id, activity_id="quiz", score=0.3)
    assert held(stuck) is Hold.GOING


def test_who_never_began_is_stuck_a_week_after_the_place_was_given(cohort: Cohort, time: Clock) -> None:
    enrolment = an_enrolment(cohort)
    assert held(enrolment) is Hold.GOING
    time.forward(days=7, minutes=1)
    assert held(enrolment) is Hold.STUCK


def test_being_marked_present_is_no_progress(cohort: Cohort, time: Clock) -> None:
    enrolment, training = an_enrolment(cohort), a_session(cohort)
    time.forward(days=8)
    by = deployed(a_mission()).id
    with transaction():
        attendance.mark(training, {enrolment.id: "present"}, {}, via="screen", by=by)
    assert held(enrolment) is Hold.STUCK


def test_who_got_work_back_has_a_week_from_then_and_waits_for_nobody(app: Flask, time: Clock) -> None:
    data = with_practice().model_dump(mode="json")
    data["modules"][-1]["activities"][-1]["required"] = True
    document = CourseDocument.model_validate(data)
    mission = a_mission()
    enrolment = an_enrolment(a_cohort(mission, a_published(document)))
    done(enrolment, *(each.id for each in document.activities() if each.required and each.id != "report"))
    with transaction():
        hand_in = assignments.hand_in(enrolment, "report", "Too short", [], app.config["MEDIA"])
    time.forward(days=8)
    assert held(enrolment) is Hold.MARK
    by = deployed(mission).id
    with transaction():
        judging.give_back(session.get_one(HandIn, hand_in.id), "Say who was there.", by=by)
    assert held(enrolment) is Hold.GOING
    time.forward(days=8)
    assert held(enrolment) is Hold.STUCK
    with transaction():
        assignments.hand_in(session.get_one(Enrolment, enrolment.id), "report", "Longer", [], app.config["MEDIA"])
    assert held(enrolment) is Hold.MARK


def test_waiting_for_a_mark_or_for_a_day_is_not_being_stuck(app: Flask, time: Clock) -> None:
    data = with_practice().model_dump(mode="json")
    data["modules"][-1]["activities"][-1]["required"] = True
    document = CourseDocument.model_validate(data)
    cohort = a_cohort(a_mission(), a_published(document))
    handed_in, waits = an_enrolment(cohort), an_enrolment(cohort)
    others = [each.id for each in document.activities() if each.required and each.id != "report"]
    done(handed_in, *others)
    with transaction():
        assignments.hand_in(handed_in, "report", "What happened", [], app.config["MEDIA"])
        opens = (time.now().date() - cohort.begins).days + 6
        everything = {each.id: Days(opens, None) for each in document.activities()}
        set_days(session.get_one(Cohort, cohort.id), everything, by=waits.user_id)
    time.forward(days=5)
    assert (held(handed_in), held(waits)) == (Hold.NOT_OPEN, Hold.NOT_OPEN)
    # What has been open for a day holds nobody up for a week.
    time.forward(days=2)
    assert (held(handed_in), held(waits)) == (Hold.MARK, Hold.GOING)
    time.forward(days=8)
    assert (held(handed_in), held(waits)) == (Hold.MARK, Hold.STUCK)


def test_who_has_left_and_who_is_in_a_cohort_that_is_over_is_not_stuck(app: Flask, time: Clock) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    left = an_enrolment(cohort)
    with transaction():
        cohorts.end_enrolment(session.get_one(Enrolment, left.id), "duty", by=left.user_id)
    stays = an_enrolment(cohort)
    time.forward(days=10)
    assert [(each.id, each.hold) for each in standing.of_cohort(cohort)] == [(stays.id, Hold.STUCK)]
    time.forward(days=400)
    assert held(stays) is Hold.GOING


def test_who_must_take_another_course_first_is_not_stuck(app: Flask, time: Clock) -> None:
    first = a_published(a_document(slug="first", code="FI01"))
    second = a_published(a_document(slug="second", code="SE01", requires_courses=["first"]))
    mission = a_mission()
    barred = an_enrolment(a_cohort(mission, second))
    time.forward(days=10)
    assert held(barred) is Hold.NOT_OPEN
    done(an_enrolment(a_cohort(mission, first), trainee_of(barred)))
    assert held(barred) is Hold.STUCK


def test_who_is_late_is_found_and_an_extension_is_minded(cohort: Cohort, mentor: Mentor, time: Clock) -> None:
    late, excused = an_enrolment(cohort), an_enrolment(cohort)
    with transaction():
        set_days(session.get_one(Cohort, cohort.id), {"greeting": Days(None, 3)}, by=late.user_id)
        cohorts.adjust(session.get_one(Enrolment, excused.id), extension_days=30, extra_time=0, by=late.user_id)
    days = (session.get_one(Cohort, cohort.id).begins - time.now().date()).days
    time.forward(days=days + 4)
    assert order(mentor, cohort, "show=late", late, excused) == [0]
    done(late, "greeting")
    assert "Nobody is late" in mentor().text(f"/cohorts/{cohort.id}?show=late")


def test_the_longest_without_progress_comes_first(cohort: Cohort, mentor: Mentor, time: Clock) -> None:
    finished, long, short = (an_enrolment(cohort) for _ in range(3))
    done(finished)
    done(long, "greeting")
    time.forward(days=2)
    done(short, "greeting")
    assert order(mentor, cohort, "sort=idle", finished, long, short) == [1, 2, 0]
    assert order(mentor, cohort, "sort=idle&order=up", finished, long, short) == [2, 1, 0]


def test_a_version_that_was_finished_stays_finished(cohort: Cohort) -> None:
    """Its own version says what a trainee must do, and not the newer one of the cohort."""
    enrolment = an_enrolment(cohort)
    with transaction():
        older = a_document(slug="older", code="OL01")
    version = a_published(older)
    with transaction():
        session.get_one(Enrolment, enrolment.id).course_version_id = version
    done(enrolment)
    assert held(enrolment) is Hold.COMPLETE


def test_a_mentors_home_says_what_waits(app: Flask, sign_in: SignIn, time: Clock) -> None:
    mission = a_mission()
    cohort = a_cohort(mission, a_published(with_practice()))
    stuck, works = an_enrolment(cohort), an_enrolment(cohort)
    done(stuck, "greeting")
    time.forward(days=8)
    with transaction():
        assignments.hand_in(works, "report", "What happened", [], app.config["MEDIA"])
    a_session(cohort)
    mentor = deployed(mission)
    elsewhere = an_enrolment(a_cohort(a_mission()))
    page = sign_in(mentor).text("/cohorts/")
    assert "1 hand-in waits" in page
    assert f"{number(stuck)} Asking" in page
    assert "Topic" in page
    assert number(elsewhere) not in page
    assert "last" not in page.casefold().split("stuck for over a week")[1].split("cohorts")[0]


def test_a_mentor_without_cohorts_is_told_the_first_steps(app: Flask, sign_in: SignIn) -> None:
    assert "First steps" in sign_in(deployed(a_mission())).text("/cohorts/")


def test_a_local_instructor_sees_the_same_without_marking(app: Flask, sign_in: SignIn, time: Clock) -> None:
    cohort = a_cohort(a_mission())
    stuck = an_enrolment(cohort)
    time.forward(days=8)
    page = sign_in(an_instructor(cohort)).text("/cohorts/")
    assert number(stuck) in page
    assert "Needs marking" not in page
