"""Sound first, then pictures, then words: for trainees who read with difficulty."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, current_app

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import session, transaction
from lms.library import service as library
from lms.library.document import CourseDocument
from lms.missions.models import Mission, RollEntry
from lms.roster import service as roster
from tests.assessment.test_aloud import begin_aloud
from tests.assessment.test_take import begin
from tests.builders import a_cohort, a_mission, an_enrolment, committed, deployed, done, trainee_of
from tests.documents import a_document
from tests.pages import Browser

SignIn = Callable[[User], Browser]
OGG = b"OggS" + bytes(84_000)
BODY = """## At the gate

Say who you are.

![A gate](media/gate.png)

![The lesson read aloud](media/lesson.ogg)

> [!TRANSCRIPT]
> Say who you are and why.

Then ask."""


def a_file(content: bytes, type: str) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "type": type, "bytes": len(content)}


def an_audible_course(**audio: Any) -> dict[str, Any]:
    """The course with a recording in its first lesson, and in its first question, of the prompt and of one option."""
    data = a_document().model_dump(mode="json")
    data["modules"][0]["activities"][0]["body"] = {"en": BODY, "fr": "Dis qui tu es."}
    question = next(each for each in data["pools"][0]["questions"] if each["id"] == "f-0")
    question["audio"] = {"en": "question.ogg"} | audio
    question["options"][1]["audio"] = {"en": "option.ogg"}
    data["media"] = {
        "gate.png": a_file(b"\x89PNG", "image/png"),
        **{name: a_file(OGG + name.encode(), "audio/ogg") for name in ("lesson.ogg", "question.ogg", "option.ogg")},
    }
    return data


@committed
def published(data: dict[str, Any]) -> Any:
    document = CourseDocument.model_validate(data)
    contents = {name: OGG + name.encode() for name in document.media} | {"gate.png": b"\x89PNG"}
    version, _ = library.publish(document, contents.__getitem__, current_app.config["MEDIA"], by=None)
    return version.id


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def enrolment(mission: Mission) -> Enrolment:
    return an_enrolment(a_cohort(mission, published(an_audible_course())))


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


def places(page: str, *words: str) -> list[int]:
    found = [page.index(each) for each in words]
    assert min(found) >= 0
    return found


def test_a_lesson_begins_with_its_sound_once_the_trainee_wants_it(trainee: Browser, enrolment: Enrolment) -> None:
    address = f"/learn/{enrolment.id}/greeting"
    page = trainee.get(address).text
    order = places(page, "Say who you are.</p>", "<img", "<audio", "Say who you are and why", "Then ask")
    assert order == sorted(order), "as the author wrote it"
    sent = trainee.send("/account/", language="en", direction="auto", audio_first="y")
    assert sent.status_code == 302
    page = trainee.get(address).text
    order = places(page, "<audio", "Say who you are and why", "<img", "Say who you are.</p>", "Then ask")
    assert order == sorted(order), "sound with its transcript, then the picture, then words"
    assert 'preload="none"' in page
    assert "The lesson read aloud · 84 KB" in trainee.text(address), "what it costs is said before"


def test_the_copy_in_the_browser_is_not_kept_over_a_change_of_mind(trainee: Browser, enrolment: Enrolment) -> None:
    address = f"/learn/{enrolment.id}/greeting"
    etag = trainee.get(address).headers["ETag"]
    assert trainee.get(address, headers={"If-None-Match": etag}).status_code == 304
    with transaction():
        session.get_one(User, enrolment.user_id).audio_first = True
    assert trainee.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_a_lesson_without_sound_stays_as_its_author_wrote_it(trainee: Browser, enrolment: Enrolment) -> None:
    before = trainee.text(f"/learn/{enrolment.id}/greeting")
    with transaction():
        person = session.get_one(User, enrolment.user_id)
        person.audio_first, person.language = True, "fr"
    assert "Dis qui tu es." in trainee.text(f"/learn/{enrolment.id}/greeting")
    assert "Then ask." in before


def test_a_question_is_heard_where_it_was_recorded(trainee: Browser, enrolment: Enrolment) -> None:
    done(enrolment, "greeting", "asking", "quiz")
    attempt = begin(trainee, enrolment, "final")
    pages = [trainee.get(f"/attempts/{attempt.id}/{place}").text for place in range(1, 5)]
    for entry, page in zip(attempt.paper, pages, strict=True):
        assert ("Listen to the question" in page) == (entry["question"] == "f-0")
    assert not any("question.ogg" in page for page in pages), "a file's name could tell the key"


def an_open_quiz(enrolment: Enrolment) -> None:
    done(enrolment, "greeting", "asking", "quiz")


def one_question(data: dict[str, Any]) -> dict[str, Any]:
    """The final with nothing but the question that was recorded."""
    pool = data["pools"][0]
    pool["questions"] = [each for each in pool["questions"] if each["id"] == "f-0"]
    data["modules"][1]["activities"][0]["draws"] = [{"pool": "final"}]
    return data


def test_prompt_and_options_say_what_they_cost_and_who_reads_aloud_hears_them_too(
    mission: Mission, sign_in: SignIn
) -> None:
    enrolment = an_enrolment(a_cohort(mission, published(one_question(an_audible_course()))))
    an_open_quiz(enrolment)
    browser = sign_in(trainee_of(enrolment))
    attempt = begin(browser, enrolment, "final")
    page = browser.text(f"/attempts/{attempt.id}/1")
    place = attempt.paper[0]["order"].index("b") + 1
    assert "Listen to the question · 84 KB" in page
    assert f"Listen to choice {place} · 84 KB" in page
    aloud = begin_aloud(sign_in(deployed(mission)), enrolment, "final")
    assert aloud.id == attempt.id
    assert "Listen to the question" in sign_in(deployed(mission)).text(f"/attempts/{aloud.id}/aloud/1")


def test_words_in_another_language_are_not_played(mission: Mission, sign_in: SignIn) -> None:
    enrolment = an_enrolment(a_cohort(mission, published(one_question(an_audible_course()))))
    an_open_quiz(enrolment)
    with transaction():
        session.get_one(User, enrolment.user_id).language = "fr"
    browser = sign_in(trainee_of(enrolment))
    attempt = begin(browser, enrolment, "final")
    assert "<audio" not in browser.get(f"/attempts/{attempt.id}/1").text


@pytest.mark.parametrize("file", ["gate.png", "missing.ogg"])
def test_a_question_is_heard_with_a_sound_of_the_course_only(file: str) -> None:
    with pytest.raises(ValueError, match=f"heard with '{file}', which is no sound"):
        CourseDocument.model_validate(an_audible_course(fr=file))


def values(literacy: str) -> dict[str, str]:
    return {"sex": "", "rank": "", "unit": "", "languages": "", "literacy": literacy}


def wants_sound(user_id: Any) -> bool:
    session.expire_all()
    return session.get_one(User, user_id).audio_first


def test_the_roll_is_where_a_trainee_begins_and_their_own_choice_stands(mission: Mission, sign_in: SignIn) -> None:
    mentor = deployed(mission)
    with transaction():
        trainee = roster.add_trainee(mission, values("audio"), by=mentor.id)
        id = trainee.id
    assert wants_sound(id)
    browser = sign_in(session.get_one(User, id))
    assert " checked" in browser.get("/account/").text
    browser.send("/account/", language="en", direction="auto")
    assert not wants_sound(id)
    with transaction():
        entry = session.get_one(RollEntry, (mission.id, id))
        roster.describe(entry, values("audio") | {"rank": "constable"}, by=mentor.id)
    assert not wants_sound(id), "the roll says nothing new of how they read"
    with transaction():
        roster.describe(session.get_one(RollEntry, (mission.id, id)), values("help"), by=mentor.id)
    assert wants_sound(id)


def test_mentors_are_not_asked(mission: Mission, sign_in: SignIn) -> None:
    assert "Sound and pictures first" not in sign_in(deployed(mission)).text("/account/")
