"""A test given aloud: who teaches reads it, records the answers, and the record says so."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.assessment.models import Attempt
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session, transaction
from lms.missions.models import Mission, RollEntry
from lms.record import service as record
from lms.record.models import ActivityState, Statement
from tests.assessment.test_take import KEY, begin, fields
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, an_instructor, deployed, done, trainee_of
from tests.conftest import Clock
from tests.documents import with_pre_and_post
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def enrolment(mission: Mission) -> Enrolment:
    enrolment = an_enrolment(a_cohort(mission))
    done(enrolment, "greeting", "asking")
    return enrolment


@pytest.fixture
def reader(mission: Mission) -> User:
    return deployed(mission)


@pytest.fixture
def mentor(reader: User, sign_in: SignIn) -> Browser:
    return sign_in(reader)


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


def begin_aloud(browser: Browser, enrolment: Enrolment, activity: str = "quiz") -> Attempt:
    sent = browser.send(f"/enrolments/{enrolment.id}/{activity}/aloud")
    assert sent.status_code == 302, sent.text
    found = re.search(r"/attempts/([0-9a-f-]+)/aloud/1", sent.headers["Location"])
    assert found is not None
    session.expire_all()
    attempt = session.scalar(select(Attempt).order_by(Attempt.id.desc()).limit(1))
    assert attempt is not None
    assert str(attempt.id) == found[1]
    return attempt


def record_all(browser: Browser, attempt: Attempt, key: dict[str, Any] = KEY) -> None:
    for position in range(1, len(attempt.paper) + 1):
        sent = browser.send(f"/attempts/{attempt.id}/aloud/{position}", go="next", **fields(attempt, position, key))
        assert sent.status_code == 302
    assert browser.send(f"/attempts/{attempt.id}/aloud/submit").status_code == 302


def test_a_mentor_gives_a_quiz_aloud_from_the_trainees_page_to_the_result(
    mentor: Browser, reader: User, enrolment: Enrolment
) -> None:
    page = mentor.get(f"/enrolments/{enrolment.id}").text
    assert f"/enrolments/{enrolment.id}/quiz/aloud" in page
    assert "no limit: reading aloud takes its time" in mentor.text(f"/enrolments/{enrolment.id}/quiz/aloud")
    attempt = begin_aloud(mentor, enrolment)
    record_all(mentor, attempt)
    result = mentor.text(f"/attempts/{attempt.id}/aloud/result")
    assert "100%" in result
    assert "Right, because of b" in result
    page = mentor.text(f"/enrolments/{enrolment.id}")
    assert f"given aloud by {reader.username}" in page
    told = select(Statement).where(Statement.activity_id == "quiz").order_by(Statement.occurred_at)
    statements = session.scalars(told).all()
    assert [each.verb for each in statements] == ["initialized", "passed"]
    assert all(each.context["via"] == "oral" and each.context["by"] == str(reader.id) for each in statements)
    assert all(each.actor_id == enrolment.user_id for each in statements)


def test_every_kind_is_asked_with_numbers_and_the_key_stays_here(mentor: Browser, enrolment: Enrolment) -> None:
    attempt = begin_aloud(mentor, enrolment)
    for position in range(1, 8):
        page = mentor.get(f"/attempts/{attempt.id}/aloud/{position}").text
        for secret in ("correct", "because of", "You have it", "Read it again", "It is so after all", "dignity", ">48"):
            assert secret not in page, f"question {position} shows '{secret}'"
        if attempt.paper[position - 1]["question"] in ("single", "multiple"):
            assert re.findall(r'aloud-number"><bdi>(\d)<', page) == ["1", "2", "3"]


def test_the_words_to_read_are_in_the_trainees_language(
    mission: Mission, mentor: Browser, enrolment: Enrolment
) -> None:
    with transaction():
        session.get_one(User, enrolment.user_id).language = "fr"
    attempt = begin_aloud(mentor, enrolment)
    page = mentor.text(f"/attempts/{attempt.id}/aloud/3")
    assert "Is it so? (fr)" in page
    assert "Vrai" in page
    assert "Record and go on" in page, "the mentor's own words stay in the mentor's language"


def test_who_never_chose_a_language_hears_the_one_that_the_roll_knows(
    mission: Mission, mentor: Browser, enrolment: Enrolment
) -> None:
    with transaction():
        session.merge(RollEntry(mission_id=mission.id, user_id=enrolment.user_id, languages="ht fr"))
    assert "Language to read in français" in mentor.text(f"/enrolments/{enrolment.id}/quiz/aloud").replace("F", "f")
    attempt = begin_aloud(mentor, enrolment)
    assert "Is it so? (fr)" in mentor.text(f"/attempts/{attempt.id}/aloud/3")


def test_meanwhile_the_trainee_cannot_open_it_and_is_told_why(
    mentor: Browser, trainee: Browser, enrolment: Enrolment
) -> None:
    attempt = begin_aloud(mentor, enrolment)
    start = f"/learn/{enrolment.id}/quiz/test"
    assert "Your mentor is giving you this test aloud" in trainee.text(start)
    refused = trainee.send(start)
    assert refused.status_code == 422
    assert "You answer there, not here." in refused.text
    for path in (f"/attempts/{attempt.id}/1", f"/attempts/{attempt.id}/check"):
        assert trainee.get(path).headers["Location"].endswith(start)
    trainee.send(f"/attempts/{attempt.id}/1", **fields(attempt, 1))
    trainee.send(f"/attempts/{attempt.id}/submit")
    session.expire_all()
    assert session.get_one(Attempt, attempt.id).submitted_at is None
    record_all(mentor, attempt)
    assert "Given aloud" in trainee.text(start)
    assert "This was given to you aloud." in trainee.text(f"/attempts/{attempt.id}/result")


def test_what_a_trainee_has_begun_to_answer_is_not_taken_over(
    mentor: Browser, trainee: Browser, enrolment: Enrolment
) -> None:
    attempt = begin(trainee, enrolment)
    trainee.send(f"/attempts/{attempt.id}/1", **fields(attempt, 1))
    start = f"/enrolments/{enrolment.id}/quiz/aloud"
    assert "open on a screen" in mentor.text(start)
    refused = mentor.send(start)
    assert refused.status_code == 422
    assert "It has to be handed in there." in refused.text
    assert mentor.get(f"/attempts/{attempt.id}/aloud/1").status_code == 403, "nobody looks over the shoulder"


def test_an_attempt_without_answers_changes_hands_both_ways(
    mentor: Browser, trainee: Browser, enrolment: Enrolment, time: Clock
) -> None:
    done(enrolment, "quiz")
    written = begin(trainee, enrolment, "final")
    assert written.deadline is not None
    taken = begin_aloud(mentor, enrolment, "final")
    assert taken.id == written.id
    assert taken.deadline is None, "reading aloud has no deadline"
    time.forward(minutes=10)
    mentor.send(f"/attempts/{taken.id}/aloud/leave")
    session.expire_all()
    left = session.get_one(Attempt, taken.id)
    assert left.given_by is None
    assert left.deadline is not None
    assert (left.deadline - time.now()).total_seconds() == 30 * 60, "the time is the trainee's from now on"
    assert trainee.get(f"/attempts/{left.id}/1").status_code == 200


def test_once_something_is_recorded_it_is_not_left_to_the_trainee(mentor: Browser, enrolment: Enrolment) -> None:
    attempt = begin_aloud(mentor, enrolment)
    mentor.send(f"/attempts/{attempt.id}/aloud/1", **fields(attempt, 1))
    mentor.send(f"/attempts/{attempt.id}/aloud/leave")
    session.expire_all()
    assert session.get_one(Attempt, attempt.id).given_by is not None


def test_the_same_rules_hold_prerequisites_and_attempts(mentor: Browser, enrolment: Enrolment) -> None:
    assert mentor.send(f"/enrolments/{enrolment.id}/final/aloud").status_code == 422
    assert "Not open yet" in mentor.text(f"/enrolments/{enrolment.id}/final/aloud")
    done(enrolment, "quiz")
    for _ in range(2):
        attempt = begin_aloud(mentor, enrolment, "final")
        mentor.send(f"/attempts/{attempt.id}/aloud/submit")
    refused = mentor.send(f"/enrolments/{enrolment.id}/final/aloud")
    assert refused.status_code == 422
    assert "No attempt is left" in refused.text


def test_a_colleague_goes_on_and_who_hands_in_answers_for_it(
    mission: Mission, mentor: Browser, enrolment: Enrolment, sign_in: SignIn
) -> None:
    attempt = begin_aloud(mentor, enrolment)
    instructor = an_instructor(session.get_one(Cohort, enrolment.cohort_id))
    record_all(sign_in(instructor), attempt)
    passed = session.scalars(select(Statement).where(Statement.verb == "passed")).one()
    assert passed.context["by"] == str(instructor.id)


def test_the_cohort_table_and_its_file_say_what_was_given_aloud(mentor: Browser, enrolment: Enrolment) -> None:
    assert "done, given aloud" not in mentor.text(f"/cohorts/{enrolment.cohort_id}")
    record_all(mentor, begin_aloud(mentor, enrolment))
    assert "done, given aloud" in mentor.text(f"/cohorts/{enrolment.cohort_id}")
    assert "done 100% aloud" in mentor.send(f"/cohorts/{enrolment.cohort_id}/export").text
    with transaction():
        record.rebuild()
    row = session.scalars(select(ActivityState).where(ActivityState.activity_id == "quiz")).one()
    assert row.aloud


def test_the_cohort_page_says_who_does_not_read_alone(mission: Mission, mentor: Browser, enrolment: Enrolment) -> None:
    words = "Needs audio or an oral test"
    assert words not in mentor.text(f"/cohorts/{enrolment.cohort_id}")
    with transaction():
        session.merge(RollEntry(mission_id=mission.id, user_id=enrolment.user_id, literacy="audio"))
    assert words in mentor.text(f"/cohorts/{enrolment.cohort_id}")
    assert words in mentor.text(f"/enrolments/{enrolment.id}")


def test_a_pre_test_given_aloud_tells_nothing_of_its_answers(mission: Mission, mentor: Browser) -> None:
    enrolment = an_enrolment(a_cohort(mission, a_published(with_pre_and_post())))
    attempt = begin_aloud(mentor, enrolment, "before")
    record_all(mentor, attempt, {f"f-{number}": "b" for number in range(8)})
    page = mentor.text(f"/attempts/{attempt.id}/aloud/result")
    assert "100%" in page
    assert "because of" not in page


def test_who_does_not_teach_the_cohort_gives_nothing(enrolment: Enrolment, mentor: Browser, sign_in: SignIn) -> None:
    attempt = begin_aloud(mentor, enrolment)
    for stranger in (deployed(a_mission()), trainee_of(enrolment)):
        browser = sign_in(stranger)
        assert browser.send(f"/enrolments/{enrolment.id}/quiz/aloud").status_code == 403
        assert browser.get(f"/attempts/{attempt.id}/aloud/1").status_code == 403
