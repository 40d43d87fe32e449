"""Short answers that the key does not know are marked once for everybody who gave them, by the pages."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import User
from lms.assessment.models import AnswerDecision, Attempt, UnmatchedAnswer
from lms.cohorts import closing
from lms.cohorts.models import Enrolment
from lms.core.audit import AuditEvent
from lms.core.clock import now
from lms.core.db import session, transaction
from lms.library.document import CourseDocument
from lms.messages.models import Thread
from lms.missions.models import Mission
from lms.record import service as record
from lms.record.models import ActivityState, Statement, Verb
from tests.assessment.test_take import begin
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, trainee_of
from tests.documents import a_document, a_question_of_each_kind, a_single_choice, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def a_course(**changes: Any) -> CourseDocument:
    """One quiz of two questions: words to type and a choice; the choice alone does not pass."""
    short = next(each for each in a_question_of_each_kind() if each["kind"] == "short_text")
    quiz = {
        "kind": "quiz",
        "id": "quiz",
        "title": words("Quiz"),
        "minutes": 5,
        "draws": [{"pool": "kinds"}],
        "pass_mark": 60,
        "shuffle": False,
    }
    return a_document(
        modules=[{"id": "m", "title": words("Module"), "activities": [quiz]}],
        pools=[{"id": "kinds", "title": words("Kinds"), "questions": [short, a_single_choice("single")]}],
        **changes,
    )


class Class:
    """Trainees of a mission who take the quiz, and a mentor who marks."""

    def __init__(self, sign_in: SignIn, mission: Mission | None = None, version: Any = None) -> None:
        self.sign_in = sign_in
        self.mission = mission or a_mission()
        self.cohort = a_cohort(self.mission, version or a_published(a_course()))
        self.mentor = sign_in(deployed(self.mission))

    def answers(self, said: str) -> Enrolment:
        """A trainee who chooses right and types this."""
        enrolment = an_enrolment(self.cohort)
        browser = self.sign_in(trainee_of(enrolment))
        attempt = begin(browser, enrolment)
        browser.send(f"/attempts/{attempt.id}/1", answer=said)
        browser.send(f"/attempts/{attempt.id}/2", answer=str(attempt.paper[1]["order"].index("b")))
        assert browser.send(f"/attempts/{attempt.id}/submit").status_code == 302
        return enrolment

    def decide(self, worth: str, answer: str = "respect", marker: Browser | None = None) -> int:
        """Press a button beside the answer, as the page sends it."""
        question = session.scalars(select(UnmatchedAnswer.question).limit(1)).one()
        fields = {"question": question, "answer": answer, "worth": worth}
        return (marker or self.mentor).send(f"/missions/{self.mission.id}/answers", **fields).status_code

    def take_back(self) -> int:
        id = session.scalars(select(AnswerDecision.id).where(AnswerDecision.taken_back_at.is_(None))).one()
        return self.mentor.send(f"/marking/answers/{id}/take-back").status_code


@pytest.fixture
def room(app: Flask, sign_in: SignIn) -> Class:
    return Class(sign_in)


def state(enrolment: Enrolment) -> tuple[str, float | None]:
    session.expire_all()
    row = session.get_one(ActivityState, (enrolment.id, "quiz"))
    return row.status, row.score


def inbox(room: Class, enrolment: Enrolment) -> str:
    return room.sign_in(trainee_of(enrolment)).text("/messages/")


def test_equal_answers_are_offered_once_with_the_question_and_its_key(room: Class) -> None:
    given = [room.answers(said) for said in ("Respect", " réspect! ", "RES PECT", "honour")]
    page = room.mentor.text("/marking/answers/")
    assert "One word?" in page
    assert "dignity" in page
    assert "given 3 times" in page
    assert page.count("given once") == 1
    assert "2 short answers that the key does not know" in room.mentor.text("/marking/")
    for each in given:
        assert (trainee_of(each).number or trainee_of(each).username) not in page


def test_arabic_words_are_equal_whatever_the_vowel_signs_and_the_stretching(room: Class) -> None:
    for said in ("احترام", "اِحْتِرام", "احـــترام"):
        room.answers(said)
    assert "given 3 times" in room.mentor.text("/marking/answers/")


def test_what_the_key_knows_and_what_is_empty_is_not_offered(room: Class) -> None:
    for said in ("Dignity", "DIGNITÉ", "", "?!"):
        room.answers(said)
    assert "Nothing waits" in room.mentor.text("/marking/answers/")


def test_accepted_once_is_accepted_for_all_and_passes_follow(room: Class) -> None:
    first, second, other = room.answers("respect"), room.answers("Respect"), room.answers("honour")
    assert [state(each) for each in (first, second, other)] == [("failed", 0.5)] * 3
    assert room.decide("full") == 302
    assert [state(each) for each in (first, second)] == [("completed", 1.0)] * 2
    assert state(other) == ("failed", 0.5)
    told = inbox(room, first)
    assert "Your result" in told
    assert "Your score is now 100%" in told
    assert "Your result" not in inbox(room, other)
    id = first.id
    with transaction():
        record.rebuild()
    assert state(session.get_one(Enrolment, id)) == ("completed", 1.0), "the ledger tells the same"
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "answers.decided")).one()
    assert event.detail == {"share": 1.0, "changed": 2}


def test_the_record_says_when_the_work_was_done_not_when_it_was_marked(room: Class) -> None:
    enrolment = room.answers("respect")
    room.decide("full")
    attempt = session.scalars(select(Attempt)).one()
    assert session.get_one(ActivityState, (enrolment.id, "quiz")).completed_at == attempt.submitted_at
    verbs = session.scalars(
        select(Statement.verb).where(Statement.registration == enrolment.id).order_by(Statement.stored_at)
    )
    assert list(verbs) == ["initialized", "failed", "voided", "passed"]


def test_the_same_answer_given_later_counts_at_once(room: Class) -> None:
    room.answers("respect")
    room.decide("half")
    later = room.answers("RESPECT")
    assert state(later) == ("completed", 0.75)
    assert "Nothing waits" in room.mentor.text("/marking/answers/")


def test_a_decision_is_the_missions_own(room: Class, sign_in: SignIn) -> None:
    elsewhere = Class(sign_in, version=room.cohort.course_version_id)
    room.answers("respect")
    there = elsewhere.answers("respect")
    room.decide("full")
    assert state(there) == ("failed", 0.5)
    assert "given once" in elsewhere.mentor.text("/marking/answers/")
    assert room.decide("full", marker=elsewhere.mentor) == 403


def test_a_question_worded_otherwise_is_another_question(room: Class, sign_in: SignIn) -> None:
    room.answers("respect")
    room.decide("full")
    reworded = a_course().model_dump(mode="json")
    reworded["pools"][0]["questions"][0]["prompt"] = words("One word for fear?")
    same = a_course(summary=words("Said otherwise"))
    versions = [a_published(CourseDocument.model_validate(reworded)), a_published(same)]
    scores = [state(Class(sign_in, room.mission, version).answers("respect"))[1] for version in versions]
    assert scores == [0.5, 1.0]


def test_refused_is_refused_for_all_and_nobody_waits_any_more(room: Class) -> None:
    enrolment = room.answers("respect")
    browser, attempt = room.sign_in(trainee_of(enrolment)), session.scalars(select(Attempt)).one()
    page = browser.text(f"/attempts/{attempt.id}/result")
    assert "A mentor looks at it" in page
    assert "dignit" not in page, "the key stays here"
    assert room.decide("none") == 302
    assert state(enrolment) == ("failed", 0.5)
    page = browser.text(f"/attempts/{attempt.id}/result")
    assert "Not right" in page
    assert "dignit" not in page


def test_taken_back_the_key_alone_counts_and_the_trail_stays(room: Class) -> None:
    enrolment = room.answers("respect")
    room.decide("full")
    assert room.take_back() == 302
    assert state(enrolment) == ("failed", 0.5)
    page = room.mentor.text("/marking/answers/")
    assert "given once" in page
    assert "Taken back" in page
    assert "With this, the test is not passed." in inbox(room, enrolment)
    assert room.decide("half") == 302
    assert state(enrolment) == ("completed", 0.75)
    assert session.scalar(select(func.count()).select_from(AnswerDecision)) == 2
    assert session.scalar(select(func.count()).where(AuditEvent.action == "answers.taken_back")) == 1


def test_two_markers_make_one_decision(room: Class, sign_in: SignIn) -> None:
    enrolment, colleague = room.answers("respect"), sign_in(deployed(room.mission))
    assert room.decide("full") == 302
    assert room.decide("full", marker=colleague) == 302, "the same once more changes nothing"
    assert room.decide("none", marker=colleague) == 422, "another is said, not done"
    assert state(enrolment) == ("completed", 1.0)
    assert session.scalar(select(func.count()).select_from(AnswerDecision)) == 1
    known = session.scalars(select(AnswerDecision)).one()
    twice = {name: getattr(known, name) for name in AnswerDecision.__table__.columns.keys() if name != "id"}  # noqa: SIM118
    with pytest.raises(IntegrityError), transaction():
        session.add(AnswerDecision(**twice))
        session.flush()


def test_sixteen_markers_at_once_make_one_decision(app: Flask, room: Class, sign_in: SignIn) -> None:
    given = [room.answers("respect") for _ in range(3)]
    question = session.scalars(select(UnmatchedAnswer.question).limit(1)).one()
    address = f"/missions/{room.mission.id}/answers"
    markers = [sign_in(deployed(room.mission)) for _ in range(16)]
    fields = {"question": question, "answer": "respect"}
    session.remove()

    def press(place: int) -> int:
        with app.app_context():
            return markers[place].send(address, worth="full" if place % 2 else "none", **fields).status_code

    with ThreadPoolExecutor(16) as room_full_of_markers:
        answers = list(room_full_of_markers.map(press, range(16)))
    assert sorted(answers) == [302] * 8 + [422] * 8, "all who decided like the first, and none of the others"
    decision = session.scalars(select(AnswerDecision)).one()
    expected = ("completed", 1.0) if decision.share else ("failed", 0.5)
    assert [state(session.merge(each)) for each in given] == [expected] * 3
    told = session.scalar(select(func.count()).where(Thread.kind == "result"))
    assert told == (3 if decision.share else 0), "nobody is told twice"


def test_a_closed_cohort_is_left_alone_but_in_a_correction(room: Class, sign_in: SignIn) -> None:
    other = Class(sign_in, room.mission, room.cohort.course_version_id)
    closed, still = room.answers("respect"), other.answers("respect")
    marker = deployed(room.mission)
    with transaction():
        closing.close(session.merge(room.cohort), by=marker.id)
    assert other.decide("full") == 302
    assert state(still) == ("completed", 1.0)
    assert state(closed) == ("failed", 0.5)
    browser = sign_in(marker)
    assert "Nothing waits" in browser.text("/marking/answers/")
    with transaction():
        closing.correct(session.merge(room.cohort), "An answer was overlooked.", by=marker.id)
    assert "given once" in browser.text("/marking/answers/")
    assert room.decide("full", marker=browser) == 302
    assert state(closed) == ("completed", 1.0)


def test_results_come_into_nobody_elses_inbox(room: Class) -> None:
    room.answers("respect")
    room.decide("full")
    assert "Your result" not in room.mentor.text("/messages/")
    neighbour = an_enrolment(room.cohort)
    assert "Your result" not in inbox(room, neighbour)


def test_an_answer_that_nobody_gave_is_not_decided_on(room: Class) -> None:
    room.answers("respect")
    assert room.decide("full", "obedience") == 422
    assert room.decide("splendid") == 422
    assert session.scalar(select(func.count()).select_from(AnswerDecision)) == 0


def test_a_second_answer_of_the_same_attempt_is_counted_with_the_first(sign_in: SignIn) -> None:
    short = next(each for each in a_question_of_each_kind() if each["kind"] == "short_text")
    data = a_course().model_dump(mode="json")
    data["pools"][0]["questions"] = [short, {**short, "id": "text-2", "prompt": words("Another word?")}]
    room = Class(sign_in, version=a_published(CourseDocument.model_validate(data)))
    enrolment = an_enrolment(room.cohort)
    browser = sign_in(trainee_of(enrolment))
    attempt = begin(browser, enrolment)
    for position in (1, 2):
        browser.send(f"/attempts/{attempt.id}/{position}", answer="respect")
    browser.send(f"/attempts/{attempt.id}/submit")
    questions = session.scalars(select(UnmatchedAnswer.question)).all()
    assert len(set(questions)) == 2
    for question, score in zip(questions, (0.5, 1.0), strict=True):
        sent = {"question": question, "answer": "respect", "worth": "full"}
        assert room.mentor.send(f"/missions/{room.mission.id}/answers", **sent).status_code == 302
        assert state(enrolment)[1] == score
    finals = session.scalars(select(Statement).where(Statement.verb.in_([Verb.PASSED, Verb.FAILED]))).all()
    assert len(finals) == 3
    assert all(each.occurred_at <= now() for each in finals)
