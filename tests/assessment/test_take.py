"""Taking a quiz and a final assessment by the pages."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.assessment import service
from lms.assessment.models import Attempt, Response
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.library.document import CourseDocument
from lms.library.edition import edition
from lms.record.models import ActivityState, Statement
from tests.builders import a_cohort, a_published, an_enrolment, done, trainee_of
from tests.conftest import Clock
from tests.documents import a_document, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]

# What a trainee who knows everything sends, question by question.
KEY: dict[str, Any] = {
    "single": "b",
    "multiple": ["a", "c"],
    "truth": "true",
    "number": "48,0",
    "text": " Dignité! ",
    "match": ["x", "y", "z"],
    "order": ["one", "two", "three"],
}


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    enrolment = an_enrolment()
    done(enrolment, "greeting", "asking")
    return enrolment


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


def begin(browser: Browser, enrolment: Enrolment, activity: str = "quiz") -> Attempt:
    answer = browser.send(f"/learn/{enrolment.id}/{activity}/test")
    assert answer.status_code == 302, answer.text
    found = re.search(r"/attempts/([0-9a-f-]+)/1", answer.headers["Location"])
    assert found is not None
    attempt = session.scalar(select(Attempt).order_by(Attempt.started_at.desc(), Attempt.number.desc()).limit(1))
    assert attempt is not None
    assert str(attempt.id) == found[1]
    return attempt


def fields(attempt: Attempt, position: int, key: dict[str, Any] = KEY) -> dict[str, Any]:
    """The form fields that give the key's answer: places in the order shown, never ids."""
    entry = attempt.paper[position - 1]
    order, right = entry["order"], key[entry["question"]]
    if entry["question"] == "match":
        return {f"line-{number}": str(order.index(pair)) for number, pair in enumerate(right)}
    if entry["question"] == "order":
        return {f"line-{place}": str(right.index(id)) for place, id in enumerate(order)}
    if isinstance(right, list):
        return {"answer": [str(order.index(each)) for each in right]}
    return {"answer": str(order.index(right)) if order else right}


def answer_all(browser: Browser, attempt: Attempt, key: dict[str, Any] = KEY) -> None:
    for position in range(1, len(attempt.paper) + 1):
        sent = browser.send(f"/attempts/{attempt.id}/{position}", go="next", **fields(attempt, position, key))
        assert sent.status_code == 302


def test_a_quiz_of_every_kind_is_passed_from_start_to_result(trainee: Browser, enrolment: Enrolment) -> None:
    page = trainee.text(f"/learn/{enrolment.id}/quiz/test")
    assert "Questions 7" in page
    assert "60% of the points" in page
    attempt = begin(trainee, enrolment)
    answer_all(trainee, attempt)
    assert "Every question has an answer" in trainee.text(f"/attempts/{attempt.id}/check")
    trainee.send(f"/attempts/{attempt.id}/submit")
    page = trainee.text(f"/attempts/{attempt.id}/result")
    assert "You passed" in page
    assert "100%" in page
    assert "Right, because of b" in page
    assert "3 of 4" in trainee.text(f"/learn/{enrolment.id}/")


def test_a_resumed_question_shows_what_was_saved(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    answer_all(trainee, attempt)
    for position in range(1, 8):
        page = trainee.get(f"/attempts/{attempt.id}/{position}").text
        kind = attempt.paper[position - 1]["question"]
        if kind in ("single", "multiple", "truth"):
            assert page.count(" checked") == len(KEY[kind]) if kind == "multiple" else 1
        elif kind in ("match", "order"):
            assert page.count(" selected") == 3
        else:
            assert f'value="{KEY[kind].strip()}"' in page
    start = trainee.text(f"/learn/{enrolment.id}/quiz/test")
    assert "You have begun this already" in start


def test_beginning_again_goes_on_with_the_open_attempt(trainee: Browser, enrolment: Enrolment) -> None:
    assert begin(trainee, enrolment).id == begin(trainee, enrolment).id
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_nothing_that_tells_the_key_reaches_the_browser(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    for position in range(1, 8):
        page = trainee.get(f"/attempts/{attempt.id}/{position}").text
        for secret in ("correct", "because of", "You have it", "Read it again", "It is so after all", "dignity", ">48"):
            assert secret not in page, f"question {position} shows '{secret}'"
        values = re.findall(r'<input type="(?:radio|checkbox)" name="answer" value="(\w+)"', page)
        assert set(values) <= {"0", "1", "2", "true", "false"}
    answer_all(trainee, attempt, {**KEY, "single": "a", "multiple": ["b"], "text": "wrong", "number": "1"})
    trainee.send(f"/attempts/{attempt.id}/submit")
    page = trainee.text(f"/attempts/{attempt.id}/result")
    assert "Wrong, because of a" in page
    for secret in ("because of b,", "Right, because of b", "Right, because of c", "dignity", " 48"):
        assert secret not in page


def test_handing_in_twice_is_handing_in_once(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    answer_all(trainee, attempt)
    for _ in range(3):
        assert trainee.send(f"/attempts/{attempt.id}/submit").headers["Location"].endswith("/result")
    assert session.scalar(select(func.count()).where(Statement.verb == "passed")) == 1
    state = session.get(ActivityState, (enrolment.id, "quiz"))
    assert state is not None
    assert (state.status, state.attempts, state.score) == ("completed", 1, 1.0)


def test_leaving_and_reloading_hand_nothing_in(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    for path in (
        f"/attempts/{attempt.id}/1",
        f"/attempts/{attempt.id}/check",
        "/learn/",
        f"/attempts/{attempt.id}/result",
    ):
        trainee.get(path)
    session.refresh(attempt)
    assert attempt.submitted_at is None


def test_the_answer_is_there_after_every_button(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    goals = {"next": "/3", "previous": "/1", "check": "/check"}
    for go, goal in goals.items():
        sent = trainee.send(f"/attempts/{attempt.id}/2", go=go, flag="1", **fields(attempt, 2))
        assert sent.headers["Location"].endswith(goal)
        saved = session.get(Response, (attempt.id, 2))
        assert saved is not None
        assert saved.flagged
        assert saved.answer == ["a", "c"]
    page = trainee.text(f"/attempts/{attempt.id}/check")
    assert "Question 2 Answered Look again Change question 2" in page
    assert "6 questions have no answer" in page


def test_an_answer_can_be_taken_back(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    trainee.send(f"/attempts/{attempt.id}/2", **fields(attempt, 2))
    trainee.send(f"/attempts/{attempt.id}/2")
    saved = session.get(Response, (attempt.id, 2))
    assert saved is not None
    assert saved.answer is None


@pytest.mark.parametrize("value", ["99", "-1", "abc", "1.5", "٣٣"])
def test_an_answer_that_no_page_offers_is_refused(trainee: Browser, enrolment: Enrolment, value: str) -> None:
    attempt = begin(trainee, enrolment)
    assert trainee.send(f"/attempts/{attempt.id}/1", answer=value).status_code == 422
    assert session.get(Response, (attempt.id, 1)) is None


def test_a_submitted_attempt_takes_no_more_answers(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    trainee.send(f"/attempts/{attempt.id}/submit")
    trainee.send(f"/attempts/{attempt.id}/1", **fields(attempt, 1))
    assert session.scalar(select(func.count()).select_from(Response)) == 0


def test_positions_outside_the_paper_are_not_found(trainee: Browser, enrolment: Enrolment) -> None:
    attempt = begin(trainee, enrolment)
    assert trainee.get(f"/attempts/{attempt.id}/0").status_code == 404
    assert trainee.get(f"/attempts/{attempt.id}/8").status_code == 404


def test_a_failed_quiz_says_so_and_can_be_taken_again_and_the_best_counts(
    trainee: Browser, enrolment: Enrolment
) -> None:
    first = begin(trainee, enrolment)
    trainee.send(f"/attempts/{first.id}/submit")
    page = trainee.text(f"/attempts/{first.id}/result")
    assert "Not passed yet" in page
    assert "Try again" in page
    assert "Not passed yet" in trainee.text(f"/learn/{enrolment.id}/")
    second = begin(trainee, enrolment)
    answer_all(trainee, second)
    trainee.send(f"/attempts/{second.id}/submit")
    third = begin(trainee, enrolment)
    trainee.send(f"/attempts/{third.id}/submit")
    state = session.get(ActivityState, (enrolment.id, "quiz"))
    assert state is not None
    assert (state.status, state.attempts, state.score) == ("completed", 3, 1.0)


def test_a_locked_test_cannot_be_begun(sign_in: SignIn) -> None:
    enrolment = an_enrolment()
    browser = sign_in(trainee_of(enrolment))
    assert "Not open yet First do: Asking" in browser.text(f"/learn/{enrolment.id}/quiz/test")
    assert browser.send(f"/learn/{enrolment.id}/quiz/test").status_code == 422
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


class TestFinal:
    """The final assessment: drawn, limited in time and in number."""

    @pytest.fixture
    def enrolment(self, app: Flask) -> Enrolment:
        enrolment = an_enrolment()
        done(enrolment, "greeting", "asking", "quiz")
        return enrolment

    def test_papers_are_drawn_without_repetition_and_differ(self, trainee: Browser, enrolment: Enrolment) -> None:
        attempt = begin(trainee, enrolment, "final")
        drawn = [entry["question"] for entry in attempt.paper]
        assert len(set(drawn)) == 4
        test = edition(enrolment.course_version_id).activities["final"]
        papers = {
            str(service.paper.draw(edition(enrolment.course_version_id), test, {}))  # type: ignore[arg-type]
            for _ in range(20)
        }
        assert len(papers) > 1

    def test_an_answer_after_the_deadline_is_not_taken_and_what_was_saved_counts(
        self, trainee: Browser, enrolment: Enrolment, time: Clock
    ) -> None:
        attempt = begin(trainee, enrolment, "final")
        key = {f"f-{n}": "b" for n in range(8)}
        trainee.send(f"/attempts/{attempt.id}/1", **fields(attempt, 1, key))
        time.forward(minutes=31)
        late = trainee.send(f"/attempts/{attempt.id}/2", **fields(attempt, 2, key))
        assert late.headers["Location"].endswith("/result")
        page = trainee.text(f"/attempts/{attempt.id}/result")
        assert "25%" in page
        assert session.get(Response, (attempt.id, 2)) is None

    def test_an_answer_under_way_at_the_deadline_is_still_taken(
        self, trainee: Browser, enrolment: Enrolment, time: Clock
    ) -> None:
        attempt = begin(trainee, enrolment, "final")
        time.forward(minutes=30, seconds=10)
        trainee.send(f"/attempts/{attempt.id}/1", answer="0")
        assert session.get(Response, (attempt.id, 1)) is not None

    def test_an_overdue_attempt_is_handed_in_by_the_worker(
        self, trainee: Browser, enrolment: Enrolment, time: Clock
    ) -> None:
        attempt = begin(trainee, enrolment, "final")
        service.submit_overdue()
        session.refresh(attempt)
        assert attempt.submitted_at is None
        time.forward(minutes=31)
        service.submit_overdue()
        session.refresh(attempt)
        assert attempt.submitted_at is not None

    def test_when_attempts_are_used_up_the_mentor_is_asked(self, trainee: Browser, enrolment: Enrolment) -> None:
        for left in (1, 0):
            attempt = begin(trainee, enrolment, "final")
            trainee.send(f"/attempts/{attempt.id}/submit")
            assert f"{left} attempt" in trainee.text(f"/attempts/{attempt.id}/result")
        assert "No attempt is left" in trainee.text(f"/learn/{enrolment.id}/final/test")
        refused = trainee.send(f"/learn/{enrolment.id}/final/test")
        assert refused.status_code == 422
        assert "used all your attempts" in refused.text

    def test_a_passed_final_is_not_taken_again(self, trainee: Browser, enrolment: Enrolment) -> None:
        attempt = begin(trainee, enrolment, "final")
        answer_all(trainee, attempt, {f"f-{n}": "b" for n in range(8)})
        trainee.send(f"/attempts/{attempt.id}/submit")
        assert trainee.send(f"/learn/{enrolment.id}/final/test").status_code == 422
        assert "Get my certificate" in trainee.text(f"/learn/{enrolment.id}/")


def a_strict_course() -> CourseDocument:
    """The course with negative marking in its quiz, and a hint in one question."""
    data = a_document().model_dump(mode="json")
    quiz = data["modules"][0]["activities"][2]
    quiz["negative_marking"] = True
    data["pools"][1]["questions"][0]["hint"] = words("Think of the third one")
    return CourseDocument.model_validate(data)


def test_where_wrong_choices_cost_the_trainee_is_told_and_silence_costs_nothing(sign_in: SignIn) -> None:
    enrolment = an_enrolment(a_cohort(version_id=a_published(a_strict_course())))
    done(enrolment, "greeting", "asking")
    trainee = sign_in(trainee_of(enrolment))
    assert "A wrong choice costs points here" in trainee.text(f"/learn/{enrolment.id}/quiz/test")
    attempt = begin(trainee, enrolment)
    wrong = {"single": "a", "truth": "false"}
    for position, entry in enumerate(attempt.paper, start=1):
        if entry["question"] in ("number", "text"):
            trainee.send(f"/attempts/{attempt.id}/{position}", go="next", **fields(attempt, position))
        elif entry["question"] in wrong:
            trainee.send(f"/attempts/{attempt.id}/{position}", go="next", **fields(attempt, position, wrong))
    trainee.send(f"/attempts/{attempt.id}/submit")
    session.expire_all()
    # Two right of seven, less a half for the choice among three and a whole for true or false.
    assert session.get_one(Attempt, attempt.id).score == pytest.approx((2 - Fraction(3, 2)) / 7)


def test_a_hint_is_there_for_who_opens_it(sign_in: SignIn) -> None:
    document = a_strict_course()
    enrolment = an_enrolment(a_cohort(version_id=a_published(document)))
    done(enrolment, "greeting", "asking")
    trainee = sign_in(trainee_of(enrolment))
    attempt = begin(trainee, enrolment)
    pages = [trainee.get(f"/attempts/{attempt.id}/{position}").text for position in range(1, 8)]
    hinted = document.pools[1].questions[0].id
    assert [hinted == entry["question"] for entry in attempt.paper] == ["third one" in page for page in pages]
