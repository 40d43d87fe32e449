"""The pre-test, the post-test, and the post-test once more three months on."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.assessment.models import Attempt
from lms.certificates.models import Credential
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session, transaction
from lms.library.document import CourseDocument
from lms.progress import gain
from lms.record.models import ActivityState
from tests.builders import a_cohort, a_published, an_enrolment, done, trainee_of
from tests.conftest import Clock
from tests.documents import with_pre_and_post
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    return an_enrolment(a_cohort(version_id=a_published(with_pre_and_post())))


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


def take(browser: Browser, enrolment: Enrolment, activity: str, *, right: bool) -> Attempt:
    """Begin, answer every question right or every question wrong, and hand in."""
    answer = browser.send(f"/learn/{enrolment.id}/{activity}/test")
    assert answer.status_code == 302, answer.text
    found = re.search(r"/attempts/([0-9a-f-]+)/1", answer.headers["Location"])
    assert found is not None
    attempt = session.get_one(Attempt, UUID(found[1]))
    for position, entry in enumerate(attempt.paper, start=1):
        chosen = entry["order"].index("b" if right else "a")
        browser.send(f"/attempts/{attempt.id}/{position}", go="next", answer=str(chosen))
    browser.send(f"/attempts/{attempt.id}/submit")
    return attempt


def asked(attempt: Attempt) -> set[str]:
    return {entry["question"] for entry in attempt.paper}


def test_a_pre_test_has_a_share_but_no_pass_no_feedback_and_no_key(trainee: Browser, enrolment: Enrolment) -> None:
    start = trainee.text(f"/learn/{enrolment.id}/before/test")
    assert "nothing: it shows where you stand" in start
    attempt = take(trainee, enrolment, "before", right=False)
    page = trainee.text(f"/attempts/{attempt.id}/result")
    assert "Your starting point is on record" in page
    assert "0%" in page
    for secret in ("because of", "Your answers", "Not right", "Not passed", "You passed", "Question f-"):
        assert secret not in page, secret


def test_a_pre_test_is_done_when_handed_in_and_is_handed_in_once(trainee: Browser, enrolment: Enrolment) -> None:
    take(trainee, enrolment, "before", right=False)
    state = session.get(ActivityState, (enrolment.id, "before"))
    assert state is not None
    assert (state.status, state.score) == ("completed", 0.0)
    assert "Before the course Done" in trainee.text(f"/learn/{enrolment.id}/")
    page = trainee.text(f"/learn/{enrolment.id}/before/test")
    assert "Handed in" in page
    assert "Try again" not in page
    assert trainee.send(f"/learn/{enrolment.id}/before/test").status_code == 422
    assert len(session.scalars(select(Attempt)).all()) == 1


def test_the_post_test_asks_what_the_pre_test_did_not(trainee: Browser, enrolment: Enrolment) -> None:
    before = take(trainee, enrolment, "before", right=False)
    done(enrolment, "greeting", "asking", "quiz")
    for _ in range(3):
        after = take(trainee, enrolment, "after", right=False)
        assert not asked(before) & asked(after)
    assert "You have used all your attempts" in trainee.text(f"/attempts/{after.id}/result")


def test_where_the_pool_is_too_small_the_post_test_repeats_no_more_than_it_must(app: Flask, sign_in: SignIn) -> None:
    data = with_pre_and_post().model_dump(mode="json")
    for pool in data["pools"]:
        if pool["id"] == "final":
            pool["questions"] = pool["questions"][:6]
    enrolment = an_enrolment(a_cohort(version_id=a_published(CourseDocument.model_validate(data))))
    browser = sign_in(trainee_of(enrolment))
    before = take(browser, enrolment, "before", right=True)
    done(enrolment, "greeting", "asking", "quiz")
    after = take(browser, enrolment, "after", right=True)
    assert len(asked(before) & asked(after)) == 2


def test_a_passed_post_test_completes_the_course_and_gives_the_certificate(
    trainee: Browser, enrolment: Enrolment
) -> None:
    take(trainee, enrolment, "before", right=False)
    done(enrolment, "greeting", "asking", "quiz")
    after = take(trainee, enrolment, "after", right=True)
    assert "Get my certificate" in trainee.text(f"/attempts/{after.id}/result")
    trainee.send(f"/learn/{enrolment.id}/certificate")
    assert session.scalars(select(Credential)).one().score == 1.0


@pytest.mark.parametrize(("days", "open_now"), [(74, False), (75, True), (120, True), (121, False)])
def test_the_recheck_is_open_from_75_to_120_days_after_the_pass(
    sign_in: SignIn, enrolment: Enrolment, time: Clock, days: int, open_now: bool
) -> None:
    done(enrolment)
    time.forward(days=days)
    trainee = sign_in(trainee_of(enrolment))
    assert ("what stayed?" in trainee.text("/learn/")) is open_now
    begun = trainee.send(f"/learn/{enrolment.id}/after@90/test")
    assert (begun.status_code == 302) is open_now
    if not open_now:
        assert "open from 75 to 120 days" in begun.text


def test_the_recheck_asks_what_was_met_least_and_changes_nothing(
    sign_in: SignIn, enrolment: Enrolment, time: Clock
) -> None:
    trainee = sign_in(trainee_of(enrolment))
    before = take(trainee, enrolment, "before", right=False)
    done(enrolment, "greeting", "asking", "quiz")
    after = take(trainee, enrolment, "after", right=True)
    progress = trainee.text(f"/learn/{enrolment.id}/")
    time.forward(days=90)
    trainee = sign_in(trainee_of(enrolment))
    assert "You passed this some three months ago" in trainee.text(f"/learn/{enrolment.id}/after@90/test")
    again = take(trainee, enrolment, "after@90", right=False)
    page = trainee.text(f"/attempts/{again.id}/result")
    assert "What stayed with you is on record" in page
    assert asked(again) <= asked(before) | asked(after)
    assert trainee.text(f"/learn/{enrolment.id}/") == progress
    assert "what stayed?" not in trainee.text("/learn/")
    assert trainee.send(f"/learn/{enrolment.id}/after@90/test").status_code == 422
    state = session.get(ActivityState, (enrolment.id, "after@90"))
    assert state is not None
    assert (state.status, state.score) == ("completed", 0.0)


def test_the_recheck_is_taken_in_a_closed_cohort_and_nothing_else_is(
    sign_in: SignIn, enrolment: Enrolment, time: Clock
) -> None:
    trainee = sign_in(trainee_of(enrolment))
    take(trainee, enrolment, "before", right=False)
    done(enrolment, "greeting", "asking", "quiz")
    take(trainee, enrolment, "after", right=True)
    with transaction():
        closing.close(session.get_one(Cohort, enrolment.cohort_id), by=enrolment.user_id)
    time.forward(days=90)
    trainee = sign_in(trainee_of(enrolment))
    again = take(trainee, enrolment, "after@90", right=True)
    assert "What stayed with you is on record" in trainee.text(f"/attempts/{again.id}/result")
    found = gain.of_cohort(session.get_one(Cohort, enrolment.cohort_id))
    assert found is not None
    assert found.rechecked == 1
    refused = trainee.send(f"/learn/{enrolment.id}/quiz/test")
    assert refused.status_code == 422
    assert "This cohort is closed" in refused.text


def test_only_a_post_test_has_a_recheck(trainee: Browser, enrolment: Enrolment) -> None:
    for activity in ("quiz@90", "greeting@90", "nothing@90"):
        assert trainee.get(f"/learn/{enrolment.id}/{activity}/test").status_code == 404
