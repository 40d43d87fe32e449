"""Mentors and trainees write to each other: who reads what, who answers, what is shared and what is hidden."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, an_enrolment, deployed, trainee_of
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission) -> Cohort:
    return a_cohort(mission)


@pytest.fixture
def asking(cohort: Cohort) -> Enrolment:
    return an_enrolment(cohort)


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def ask(browser: Browser, enrolment: Enrolment, words: str) -> str:
    answer = browser.send(f"/learn/{enrolment.id}/greeting/ask", words=words)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def new(browser: Browser) -> int:
    return browser.get("/messages/").text.count("badge-started")


def test_an_announcement_reaches_the_cohort_and_nobody_else(
    cohort: Cohort, asking: Enrolment, mentor: Browser, sign_in: SignIn
) -> None:
    told, stranger = sign_in(trainee_of(asking)), sign_in(trainee_of(an_enrolment()))
    address = mentor.send(f"/cohorts/{cohort.id}/announce", words="Bring your notebook on Sunday.").headers["Location"]
    assert "Bring your notebook" in told.get("/messages/").text
    assert "1 new message" in told.get("/learn/").text
    assert "Bring your notebook" in told.get(address).text
    assert 'name="words"' not in told.get(address).text
    assert told.send(address, words="Why?").status_code == 403
    assert "Bring your notebook" not in stranger.get("/messages/").text
    assert stranger.get(address).status_code == 403


def test_a_question_is_answered_and_the_answer_is_new_until_it_is_read(
    asking: Enrolment, mentor: Browser, sign_in: SignIn
) -> None:
    trainee = sign_in(trainee_of(asking))
    assert "Ask your mentor about this lesson" in trainee.get(f"/learn/{asking.id}/greeting").text
    address = ask(trainee, asking, "May I greet in my own language?")
    assert new(trainee) == 0, "one's own words are not news"
    assert "Waits for an answer" in mentor.get("/messages/").text
    assert trainee_of(asking).number in mentor.get(address).text
    assert mentor.send(address, words="Yes, always.").status_code == 302
    assert "Waits for an answer" not in mentor.get("/messages/").text
    assert new(trainee) == 1
    assert trainee.send(f"{address.partition('#')[0]}/open").status_code == 302
    assert new(trainee) == 0
    assert "Yes, always." in trainee.get(address).text
    trainee.send(address, words="And to women too?")
    assert "Waits for an answer" in mentor.get("/messages/?waiting=1").text


def test_a_question_is_private_until_a_mentor_shares_it_and_then_says_not_whose_it_is(
    cohort: Cohort, asking: Enrolment, mentor: Browser, sign_in: SignIn
) -> None:
    trainee, classmate = sign_in(trainee_of(asking)), sign_in(trainee_of(an_enrolment(cohort)))
    address = ask(trainee, asking, "What if my sergeant laughs?")
    assert classmate.get(address).status_code == 403
    mentor.send(f"{address}/share", shared="yes")
    seen = classmate.get(address).text
    assert "What if my sergeant laughs?" in seen
    assert trainee_of(asking).number not in seen
    assert "A trainee" in seen
    assert classmate.send(address, words="Mine too").status_code == 403
    assert classmate.send(f"{address}/share", shared="no").status_code == 403
    mentor.send(f"{address}/share", shared="no")
    assert classmate.get(address).status_code == 403


def test_a_hidden_post_is_seen_by_who_teaches_alone(asking: Enrolment, mentor: Browser, sign_in: SignIn) -> None:
    trainee = sign_in(trainee_of(asking))
    address = ask(trainee, asking, "A name that should not stand here")
    hide = re.search(r'action="(/messages/posts/[^"]+/hide)"', mentor.get(address).text)[1]
    assert trainee.send(hide, hidden="yes").status_code == 403
    mentor.send(hide, hidden="yes")
    assert "A name that should not stand here" not in trainee.get(address).text
    assert "A name that should not stand here" not in trainee.get("/messages/").text
    assert "A name that should not stand here" in mentor.get(address).text
    mentor.send(hide, hidden="no")
    assert "A name that should not stand here" in trainee.get(address).text


def test_who_left_the_cohort_reads_no_more_of_it(
    cohort: Cohort, asking: Enrolment, mentor: Browser, sign_in: SignIn
) -> None:
    trainee = sign_in(trainee_of(asking))
    address = mentor.send(f"/cohorts/{cohort.id}/announce", words="Sunday at eight.").headers["Location"]
    mentor.send(f"/enrolments/{asking.id}/end", because="posted")
    assert trainee.get(address).status_code == 403
    assert "Sunday at eight." not in trainee.get("/messages/").text


def test_another_missions_mentor_reads_nothing(asking: Enrolment, sign_in: SignIn) -> None:
    address = ask(sign_in(trainee_of(asking)), asking, "Only for us")
    stranger = sign_in(deployed(a_mission()))
    assert stranger.get(address).status_code == 403
    assert "Only for us" not in stranger.get("/messages/").text


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_message_is_refused_with_what_was_typed(
    asking: Enrolment, sign_in: SignIn, words: str
) -> None:
    trainee = sign_in(trainee_of(asking))
    answer = trainee.send(f"/learn/{asking.id}/greeting/ask", words=words)
    assert answer.status_code == 422
    assert "No messages yet" in trainee.get("/messages/").text


def test_words_are_shown_as_they_were_typed_and_never_run(asking: Enrolment, mentor: Browser, sign_in: SignIn) -> None:
    address = ask(sign_in(trainee_of(asking)), asking, "<script>alert(1)</script> **so**")
    page = mentor.get(address).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **so**" in page


def test_the_inbox_has_pages(cohort: Cohort, asking: Enrolment, mentor: Browser, sign_in: SignIn) -> None:
    for number in range(31):
        mentor.send(f"/cohorts/{cohort.id}/announce", words=f"Announcement number {number}.")
    trainee = sign_in(trainee_of(asking))
    first, second = trainee.get("/messages/").text, trainee.get("/messages/?page=2").text
    assert "Announcement number 30." in first
    assert "Announcement number 0." not in first
    assert "Announcement number 0." in second
    for beyond in ("3", "9" * 20):
        assert "Announcement number 0." in trainee.get(f"/messages/?page={beyond}").text


def test_an_announcement_sent_by_mistake_is_hidden(cohort: Cohort, mentor: Browser, sign_in: SignIn) -> None:
    trainee = sign_in(trainee_of(an_enrolment(cohort)))
    address = mentor.send(f"/cohorts/{cohort.id}/announce", words="Meant for others").headers["Location"]
    hide = re.search(r'action="(/messages/posts/[^"]+/hide)"', mentor.get(address).text)[1]
    mentor.send(hide, hidden="yes")
    assert "Meant for others" not in trainee.text(address) + trainee.text("/messages/")
    assert "Meant for others" in mentor.text(address)
