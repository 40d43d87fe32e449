"""The trainee's way: home, outline, lesson, done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.missions import service as missions
from lms.missions.models import Mission
from lms.record.models import ActivityState, Statement
from tests.builders import a_cohort, a_mission, a_person, a_published, an_enrolment, deployed, done, trainee_of
from tests.conftest import Clock
from tests.documents import a_document, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    return an_enrolment()


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


def test_without_a_course_the_home_page_says_whom_to_ask(sign_in: SignIn) -> None:
    assert "Ask your mentor" in sign_in(a_person()).text("/learn/")


def test_home_goes_on_with_a_course_that_is_neither_barred_nor_closed(
    trainee: Browser, enrolment: Enrolment, sign_in: SignIn
) -> None:
    mission = session.get_one(Mission, session.get_one(Cohort, enrolment.cohort_id).mission_id)
    later = a_document(slug="later", code="DP02", title=words("Later"), requires_courses=["a-course"])
    barred = an_enrolment(a_cohort(mission, a_published(later)), trainee_of(enrolment))
    assert f'href="/learn/{enrolment.id}/greeting"' in trainee.get("/learn/").text
    done(enrolment)
    assert f'href="/learn/{barred.id}/greeting"' in trainee.get("/learn/").text
    with transaction():
        closing.close(session.get_one(Cohort, barred.cohort_id), by=enrolment.user_id)
    page = trainee.get("/learn/").text
    assert 'id="continue"' not in page
    assert "Later" in page


def test_home_shows_the_one_thing_to_go_on_with(trainee: Browser, enrolment: Enrolment) -> None:
    page = trainee.text("/learn/")
    assert "Greeting" in page
    assert "Begin" in page
    assert "0 of 4" in page
    done(enrolment, "greeting")
    page = trainee.text("/learn/")
    assert "Asking" in page
    assert "Continue" in page
    assert "1 of 4" in page


def test_the_outline_says_what_is_done_open_and_locked_and_why(trainee: Browser, enrolment: Enrolment) -> None:
    done(enrolment, "greeting")
    page = trainee.text(f"/learn/{enrolment.id}/")
    assert "Greeting Done" in page
    assert "Asking Not started" in page
    assert "Quiz Locked · 5 min First do: Asking" in page
    assert "Final Locked · 30 min First do: Quiz" in page


def test_marking_a_lesson_done_moves_progress_and_leads_on(trainee: Browser, enrolment: Enrolment) -> None:
    answer = trainee.send(f"/learn/{enrolment.id}/greeting/done")
    assert answer.headers["Location"] == f"/learn/{enrolment.id}/asking"
    assert "1 of 4" in trainee.text(f"/learn/{enrolment.id}/")


def test_marking_done_twice_is_one_statement(trainee: Browser, enrolment: Enrolment) -> None:
    for _ in range(2):
        trainee.send(f"/learn/{enrolment.id}/greeting/done")
    assert session.scalar(select(func.count()).select_from(Statement)) == 1


def test_a_locked_lesson_shows_why_and_cannot_be_marked(trainee: Browser, enrolment: Enrolment) -> None:
    assert "This is still locked. First do: Greeting" in trainee.text(f"/learn/{enrolment.id}/asking", 403)
    trainee.send(f"/learn/{enrolment.id}/asking/done")
    assert session.scalar(select(func.count()).select_from(ActivityState)) == 0
    assert "still locked" in trainee.text(f"/learn/{enrolment.id}/")


def test_a_test_cannot_be_marked_as_done(trainee: Browser, enrolment: Enrolment) -> None:
    done(enrolment, "greeting", "asking")
    trainee.send(f"/learn/{enrolment.id}/quiz/done")
    assert "A test is done when it is passed" in trainee.text(f"/learn/{enrolment.id}/")


def test_an_unknown_activity_is_not_found(trainee: Browser, enrolment: Enrolment) -> None:
    assert trainee.get(f"/learn/{enrolment.id}/nothing").status_code == 404
    assert trainee.send(f"/learn/{enrolment.id}/nothing/done").status_code == 404


def test_looking_changes_nothing(trainee: Browser, enrolment: Enrolment) -> None:
    for path in ("/learn/", f"/learn/{enrolment.id}/", f"/learn/{enrolment.id}/greeting", "/certificates/"):
        trainee.get(path)
    assert session.scalar(select(func.count()).select_from(Statement)) == 0


def test_the_course_is_read_in_the_language_chosen_for_it(trainee: Browser, enrolment: Enrolment) -> None:
    trainee.send(f"/learn/{enrolment.id}/language", language="fr")
    page = trainee.get(f"/learn/{enrolment.id}/greeting").text
    assert '<html lang="en" dir="ltr">' in page
    assert '<article lang="fr" dir="ltr">' in page
    assert "Greeting (fr)" in page
    trainee.send(f"/learn/{enrolment.id}/language", language="xx")
    assert "not written in this language" in trainee.text(f"/learn/{enrolment.id}/")


def test_a_lesson_without_the_readers_language_comes_in_the_source_with_a_notice(sign_in: SignIn) -> None:
    enrolment = an_enrolment()
    browser = sign_in(trainee_of(enrolment))
    browser.send("/account/", language="ar", direction="auto")
    page = browser.get(f"/learn/{enrolment.id}/greeting").text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<article lang="en" dir="ltr">' in page
    assert "English" in page


def test_the_law_in_force_comes_from_the_trainees_mission(sign_in: SignIn) -> None:
    mission, elsewhere, version = a_mission(), a_mission(), a_published()
    here, there = an_enrolment(a_cohort(mission, version)), an_enrolment(a_cohort(elsewhere, version))
    mentor = sign_in(deployed(mission))
    saved = mentor.send(
        f"/missions/{mission.id}/law/a-course/greeting/en",
        text="Section **12** of the Police Act.",
        checked_by="legal adviser",
        checked_on=clock.today().isoformat(),
    )
    assert saved.status_code == 302
    ours = sign_in(trainee_of(here)).get(f"/learn/{here.id}/greeting").text
    assert "Section <strong>12</strong> of the Police Act." in ours
    assert "legal adviser" in ours
    theirs = sign_in(trainee_of(there)).get(f"/learn/{there.id}/greeting").text
    assert "Section" not in theirs
    assert "Which law says who may ask?" in theirs


def test_a_law_checked_in_the_future_is_refused_with_everything_kept(sign_in: SignIn) -> None:
    mission = a_mission()
    a_published()
    answer = sign_in(deployed(mission)).send(
        f"/missions/{mission.id}/law/a-course/greeting/en",
        text="Kept words",
        checked_by="adviser",
        checked_on=(clock.today() + timedelta(days=2)).isoformat(),
    )
    assert answer.status_code == 422
    assert "dated in the future" in answer.text
    assert "Kept words" in answer.text


def test_an_unchanged_lesson_is_not_sent_again(trainee: Browser, enrolment: Enrolment) -> None:
    path = f"/learn/{enrolment.id}/greeting"
    etag = trainee.get(path).headers["ETag"]
    again = trainee.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.data
    trainee.send(f"{path}/done")
    assert trainee.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_one_persons_copy_of_a_lesson_is_not_good_for_another(sign_in: SignIn) -> None:
    cohort = a_cohort()
    first, second = an_enrolment(cohort), an_enrolment(cohort)
    etags = {sign_in(trainee_of(each)).get(f"/learn/{each.id}/greeting").headers["ETag"] for each in (first, second)}
    assert len(etags) == 2


def test_who_left_the_cohort_studies_no_more_and_what_was_done_stays(sign_in: SignIn) -> None:
    mission = a_mission()
    enrolment = an_enrolment(a_cohort(mission))
    trainee = sign_in(trainee_of(enrolment))
    done(enrolment, "greeting")
    sign_in(deployed(mission)).send(f"/enrolments/{enrolment.id}/end", because="posted")
    assert trainee.get(f"/learn/{enrolment.id}/greeting").status_code == 403
    assert session.scalar(select(func.count()).select_from(Statement)) == 1
    an_enrolment(session.get_one(Cohort, enrolment.cohort_id), trainee_of(enrolment))
    assert "1 of 4" in trainee.text("/learn/")


def test_a_course_that_comes_after_another_waits_for_it(sign_in: SignIn) -> None:
    first = a_cohort()
    later = a_published(a_document(slug="later", code="DP02", title=words("Later"), requires_courses=["a-course"]))
    person = a_person()
    before, after = an_enrolment(first, person), an_enrolment(a_cohort(version_id=later), person)
    trainee = sign_in(person)
    assert "Complete this before you begin: A course" in trainee.text(f"/learn/{after.id}/")
    assert trainee.get(f"/learn/{after.id}/greeting").status_code == 403
    trainee.send(f"/learn/{after.id}/greeting/done")
    assert "Another course comes before" in trainee.text(f"/learn/{after.id}/")
    done(before)
    assert trainee.get(f"/learn/{after.id}/greeting").status_code == 200


def test_running_enrolments_keep_the_version_they_began_on(sign_in: SignIn) -> None:
    enrolment = an_enrolment()
    changed = a_document(title=words("A course, second edition"))
    a_published(changed)
    trainee = sign_in(trainee_of(enrolment))
    assert "second edition" not in trainee.text(f"/learn/{enrolment.id}/")
    assert "second edition" in trainee.text("/courses/")


def test_rights_end_with_the_deployment(sign_in: SignIn, time: Clock) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    mentor = deployed(mission, Role.MENTOR, ends=clock.today() + timedelta(days=3))
    assert sign_in(mentor).get(f"/cohorts/{cohort.id}").status_code == 200
    time.forward(days=4)
    browser = sign_in(session.get_one(User, mentor.id))
    assert browser.get(f"/cohorts/{cohort.id}").status_code == 403
    assert "First steps" in browser.text("/cohorts/")


def test_a_deployment_that_has_not_begun_gives_no_rights_yet(sign_in: SignIn, time: Clock) -> None:
    mission = a_mission()
    begins = clock.today() + timedelta(days=2)
    mentor = deployed(mission, Role.MENTOR, begins, begins + timedelta(days=9))
    assert sign_in(mentor).get(f"/missions/{mission.id}").status_code == 403
    time.forward(days=3)
    assert sign_in(session.get_one(User, mentor.id)).get(f"/missions/{mission.id}").status_code == 200


def test_ending_a_deployment_takes_its_rights_the_next_day(sign_in: SignIn, time: Clock) -> None:
    mission = a_mission()
    mentor = deployed(mission)
    manager = deployed(mission, Role.MANAGER)
    from lms.missions.models import Deployment

    deployment = session.scalar(select(Deployment).where(Deployment.user_id == mentor.id))
    assert deployment is not None
    sign_in(manager).send(f"/deployments/{deployment.id}/end")
    time.forward(days=1)
    assert sign_in(session.get_one(User, mentor.id)).get(f"/missions/{mission.id}").status_code == 403


def test_a_deployment_outside_the_mandate_is_refused(app: Flask) -> None:
    mission = a_mission()
    mentor = a_person(Role.MENTOR)
    from lms.core.errors import DomainError

    with pytest.raises(DomainError, match="mandate"), transaction():
        missions.deploy(
            session.get_one(Mission, mission.id),
            mentor.username,
            mission.mandate_begins - timedelta(days=1),
            mission.mandate_ends,
            by=None,
        )
