"""A mark has a trail: given back, changed, appealed against; and words are kept to use again."""

import re
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from lms.assignments import judging, queries, service
from lms.assignments.models import HandIn
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.schedule import Days, set_days
from lms.core.db import session, transaction
from lms.record import service as record
from lms.record.models import ActivityState, Statement
from tests.assignments.room import Room, SignIn, close, handed_in_by_another, judge, seen
from tests.builders import an_enrolment, trainee_of
from tests.conftest import Clock
from tests.documents import words
from tests.pages import Browser


def test_work_given_back_is_done_again_without_a_mark(room: Room) -> None:
    room.hand_in("Too short")
    assert judge(room.mentor, room, "back")[0] == 422, "the trainee must know what to do better"
    assert judge(room.mentor, room, "back", remark="Say who was there.")[0] == 302
    assert room.state() == ("given back", None)
    page = room.trainee.text(room.page)
    assert "Given back for another try" in page
    assert "Say who was there." in page
    room.hand_in("Longer")
    assert room.last().number == 2
    room.mark("full", "full")
    assert room.state() == ("completed", 1.0)


def seen_of_it(room: Room) -> list[str]:
    """What the course, the mentor's table, the trainee's page there and the file say of the assignment, in one word."""
    enrolment = room.enrolment
    cohort = f"/cohorts/{enrolment.cohort_id}"
    found = [
        re.search(r'class="meta">([A-Z][a-z ]+) · ', room.trainee.get(f"/learn/{enrolment.id}/").text),
        re.search(r'<td class="cell-.*?hidden">([a-z ]+)<', room.mentor.get(cohort).text),
        re.search(r'class="badge.*?([A-Z][a-z ]+)</span>', room.mentor.get(f"/enrolments/{enrolment.id}").text),
    ]
    return [
        *(each[1].casefold() for each in found),
        room.mentor.send(f"{cohort}/export").text.split(",")[-1].split()[0],
    ]


def test_whose_turn_it_is_is_said_alike_everywhere(room: Room) -> None:
    room.hand_in("Too short")
    assert seen_of_it(room) == ["waits for a mark"] * 3 + ["waits"]
    judge(room.mentor, room, "back", remark="Say who was there.")
    assert seen_of_it(room) == ["given back"] * 3 + ["returned"]
    page = room.mentor.text(f"/enrolments/{room.enrolment.id}")
    assert "Given back 1 try" in page
    assert "got back for another try A report" in page
    room.hand_in("Longer")
    assert seen_of_it(room) == ["waits for a mark"] * 3 + ["waits"]
    room.mark("part", "none")
    assert seen_of_it(room) == ["not passed yet"] * 3 + ["failed"]
    room.hand_in("Once more")
    assert seen_of_it(room) == ["waits for a mark"] * 3 + ["waits"]
    judge(room.mentor, room, "back", remark="Times are missing.")
    assert seen_of_it(room) == ["given back"] * 3 + ["returned"]
    before = room.state()
    with transaction():
        record.rebuild()
    assert room.state() == before == ("given back", 0.25), "the ledger tells the same"


def test_giving_back_twice_is_once_on_record(room: Room) -> None:
    room.hand_in("Too short")
    for _ in range(2):
        assert judge(room.mentor, room, "back", remark="Say who was there.")[0] == 302
    assert sorted(session.scalars(select(Statement.verb))) == ["initialized", "returned"]
    history = room.mentor.text(f"/enrolments/{room.enrolment.id}/grades/report")
    assert history.count("Say who was there.") == 1


def test_what_is_given_back_comes_first_again_at_home(app: Flask, sign_in: SignIn) -> None:
    lesson = {"kind": "lesson", "id": "after", "title": words("Afterwards"), "minutes": 5, "body": words("Read on.")}
    room = Room(sign_in, then=[lesson])
    room.hand_in("Too short")
    assert "Afterwards about" in room.trainee.text("/learn/")
    judge(room.mentor, room, "back", remark="Say who was there.")
    assert "A report about" in room.trainee.text("/learn/")
    room.hand_in("Longer")
    assert "Afterwards about" in room.trainee.text("/learn/")


def test_what_was_handed_in_on_time_is_not_asked_for_at_home(room: Room, sign_in: SignIn, time: Clock) -> None:
    first = session.get_one(Cohort, room.enrolment.cohort_id).begins
    due = (time.now().date() - first).days
    with transaction():
        set_days(session.get_one(Cohort, room.enrolment.cohort_id), {"report": Days(None, due)}, by=room.mentor_id)

    def pressing() -> bool:
        page = sign_in(trainee_of(session.get_one(Enrolment, room.enrolment.id))).text("/learn/")
        return "A report was due" in page or "A report due" in page

    assert pressing()
    room.hand_in("All of it")
    assert not pressing()
    time.forward(days=2)
    assert not pressing()
    with transaction():
        judging.give_back(room.last(), "Say who was there.", by=room.mentor_id)
    assert pressing()


@pytest.mark.parametrize("do", ["mark", "back"])
def test_work_that_was_handed_in_again_while_the_mentor_read_is_not_judged_unseen(room: Room, do: str) -> None:
    room.hand_in("The first words")
    read = seen(room.mentor, f"/marking/{room.last().id}")
    room.hand_in("Other words")
    status, page = judge(room.mentor, room, do, "full", "part", remark="Clear.", keep="yes", **read)
    assert status == 422
    assert "The trainee has handed in again" in page
    assert "Other words" in page
    assert 'name="level-words" value="part" checked' in page
    assert "Clear.</textarea>" in page
    assert 'name="keep" value="yes" checked' in page
    assert room.last().marked_at is None
    assert judge(room.mentor, room, do, "full", "part", remark="Clear.")[0] == 302, "now it is seen"
    assert room.last().remark == "Clear."


def test_the_same_work_handed_in_again_is_judged_as_it_was_seen(room: Room) -> None:
    room.hand_in("The same words")
    read = seen(room.mentor, f"/marking/{room.last().id}")
    room.hand_in("The same words")
    assert judge(room.mentor, room, "mark", "full", "full", **read)[0] == 302


def test_what_is_handed_in_while_a_mentor_saves_is_a_new_try(app: Flask, room: Room) -> None:
    room.hand_in("The first words")
    mentor_id, again = room.mentor_id, room.enrolment.id

    def hand_in_again() -> None:
        with app.app_context(), transaction():
            service.hand_in(session.get_one(Enrolment, again), "report", "Other words", [], app.config["MEDIA"])

    with ThreadPoolExecutor(1) as trainee:
        with transaction():
            judging.mark(room.last(), {"facts": "part", "words": "none"}, "", by=mentor_id)
            handing_in = trainee.submit(hand_in_again)
            sleep(0.3)
        handing_in.result()
    words = session.scalars(select(HandIn.words).order_by(HandIn.number)).all()
    assert words == ["The first words", "Other words"]


def test_a_changed_mark_counts_and_the_earlier_stays_on_the_trail(room: Room) -> None:
    room.hand_in("All of it")
    room.mark("full", "full")
    assert judge(room.mentor, room, "regrade", "part", "none")[0] == 422, "a change needs its reason"
    assert room.state() == ("completed", 1.0)
    status, _ = judge(room.mentor, room, "regrade", "part", "none", reason="I had the wrong paper before me.")
    assert status == 302
    assert room.state() == ("failed", 0.25)
    judge(room.mentor, room, "regrade", "full", "part", reason="Once more.")
    assert room.state() == ("completed", 0.75)
    page = room.mentor.text(f"/marking/{room.last().id}")
    assert "I had the wrong paper before me." in page
    assert page.count("Mark changed") == 2
    with transaction():
        record.rebuild()
    assert room.state() == ("completed", 0.75), "the ledger tells the same"


def test_an_appeal_is_decided_by_somebody_else_and_its_reason_is_read(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("part", "none")
    address = re.search(r'action="(/hand-ins/[^"]+/appeal)"', room.trainee.get(room.page).text)[1]
    room.trainee.send(address, words="The facts are all there.")
    assert "Somebody else than who marked it looks at it now." in room.trainee.text(room.page)
    assert "do not agree with a mark" not in room.mentor.text("/marking/")
    assert "do not agree with a mark" in colleague.text("/marking/")
    assert "The facts are all there." in colleague.text(f"/marking/{room.last().id}")
    status, page = judge(room.mentor, room, "regrade", "full", "full", reason="As you like")
    assert status == 422
    assert "Somebody else than who marked it decides" in page
    judge(colleague, room, "regrade", "full", "part", reason="The facts are complete.")
    assert room.state() == ("completed", 0.75)
    assert "The facts are complete." in room.trainee.text(room.page)
    assert "do not agree with a mark" not in colleague.text("/marking/")


def test_a_mark_is_upheld_with_a_reason_and_asked_about_once(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("part", "none")
    address = f"/hand-ins/{room.last().id}/appeal"
    room.trainee.send(address, words="Unfair.")
    assert judge(colleague, room, "uphold")[0] == 422
    judge(colleague, room, "uphold", reason="Times are missing.")
    assert room.state() == ("failed", 0.25)
    assert "Times are missing." in room.trainee.text(room.page)
    room.trainee.send(address, words="Again.")
    assert "do not agree with a mark" not in colleague.text("/marking/")


def test_nobody_appeals_for_another(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("part", "none")
    assert colleague.send(f"/hand-ins/{room.last().id}/appeal", words="For her").status_code == 403


def test_kept_words_are_offered_to_their_mentor_alone(room: Room, colleague: Browser) -> None:
    room.hand_in("First")
    judge(room.mentor, room, "back", remark="Write the time of each act.", keep="yes")
    room.hand_in("Second")
    page = room.mentor.get(f"/marking/{room.last().id}").text
    assert 'name="kept" value="Write the time of each act."' in page
    assert 'name="kept"' not in colleague.get(f"/marking/{room.last().id}").text
    judge(room.mentor, room, "mark", "full", "full", kept="Write the time of each act.", remark="And well done.")
    said = room.trainee.text(room.page)
    assert "Write the time of each act." in said
    assert "And well done." in said
    taken_out = re.search(r'name="remark" value="([0-9a-f-]+)"', room.mentor.get("/marking/").text)[1]
    colleague.send("/marking/remarks/forget", remark=taken_out)
    assert "Write the time of each act." in room.mentor.text("/marking/")
    room.mentor.send("/marking/remarks/forget", remark=taken_out)
    assert "Write the time of each act." not in room.mentor.text("/marking/")


def test_what_was_chosen_and_typed_stays_when_a_level_is_missing(room: Room) -> None:
    room.hand_in("All of it")
    status, page = judge(room.mentor, room, "mark", "full", remark="Half way")
    assert status == 422
    assert "Half way" in page
    assert re.search(r'name="level-facts" value="full" checked', page)
    session.rollback()
    assert session.scalars(select(ActivityState.status)).one() == "handed in"


def test_every_decision_on_their_work_reaches_the_trainees_inbox_without_a_name(room: Room, colleague: Browser) -> None:
    def newest() -> str:
        page = room.trainee.get("/messages/").text
        address = re.findall(r'action="(/messages/[0-9a-f-]{36})/open"', page)
        seen.append(len(address))
        return room.trainee.get(address[0]).text

    seen: list[int] = []
    room.hand_in("Too short")
    judge(room.mentor, room, "back", remark="Say who was there.")
    told = newest()
    assert "Your work is given back for another try." in told
    assert f'href="{room.page}"' in told
    assert "mentor-" not in told
    room.hand_in("Longer")
    room.mark("part", "none")
    assert "Your work is marked." in newest()
    room.mark("part", "none")
    judge(room.mentor, room, "regrade", "part", "part", reason="Read it again.")
    assert "Your mark has changed." in newest()
    address = re.search(r'action="(/hand-ins/[^"]+/appeal)"', room.trainee.get(room.page).text)[1]
    room.trainee.send(address, words="The facts are all there.")
    judge(colleague, room, "uphold", reason="They are not.")
    assert "Somebody else has looked at the mark" in newest()
    assert seen == [1, 2, 3, 4]
    assert "Your work is marked." not in room.mentor.text("/messages/"), "it is the trainee's alone"


def test_the_queue_says_how_many_wait_beyond_those_it_shows(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    room.hand_in("One")
    assert "1 waits to be marked" in room.mentor.text("/marking/")
    another = an_enrolment(session.get_one(Cohort, room.enrolment.cohort_id))
    with transaction():
        service.hand_in(another, "report", "Two", [], current_app.config["MEDIA"])
    page = room.mentor.text("/marking/")
    assert "2 wait to be marked" in page
    assert "1 of 2 are shown, the oldest first." in page
    assert "2 hand-ins wait." in room.mentor.text("/cohorts/")


def test_what_waits_in_a_closed_cohort_stands_in_nobodys_way(room: Room) -> None:
    room.hand_in("Left over")
    old = room.last().id
    first, second = handed_in_by_another(room, "First"), handed_in_by_another(room, "Second")
    close(room)
    queue = room.mentor.text("/marking/")
    assert "2 wait to be marked" in queue
    assert str(trainee_of(room.enrolment).number) not in queue
    assert "2 hand-ins wait." in room.mentor.text("/cohorts/")
    levels = {"level-facts": "full", "level-words": "full"}
    work = seen(room.mentor, f"/marking/{first}")
    assert room.mentor.send(f"/marking/{first}", **work, **levels).headers["Location"] == f"/marking/{second}"
    page = room.mentor.get(f"/marking/{old}").text
    assert "This cohort is closed." in page
    assert f'href="/cohorts/{room.enrolment.cohort_id}/close"' in page
    assert "Save and go to the next" not in page
    with transaction():
        closing.correct(session.get_one(Cohort, room.enrolment.cohort_id), "One was left over", by=room.mentor_id)
    assert "2 wait to be marked" in room.mentor.text("/marking/")
    work = seen(room.mentor, f"/marking/{old}")
    assert room.mentor.send(f"/marking/{old}", **work, **levels).status_code == 302


def test_appeals_and_second_marks_of_a_closed_cohort_are_not_asked_for(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("part", "none")
    address = f"/marking/{room.last().id}"
    room.trainee.send(f"/hand-ins/{room.last().id}/appeal", words="It is all there.")
    queue = colleague.get("/marking/").text
    assert "do not agree with a mark" in queue
    assert f"{address}/second" in queue
    close(room)
    queue = colleague.get("/marking/").text
    assert "do not agree with a mark" not in queue
    assert f"{address}/second" not in queue
    for page in (colleague.get(address).text, colleague.get(f"{address}/second").text):
        assert "This cohort is closed." in page
        assert 'name="level-facts"' not in page


def test_a_mark_changed_by_two_clicks_is_changed_once(room: Room) -> None:
    room.hand_in("All of it")
    room.mark("full", "full")
    for _ in range(2):
        status, _ = judge(room.mentor, room, "regrade", "part", "none", reason=" Wrong paper ", remark="Sorry.\n")
        assert status == 302
    assert room.mentor.text(f"/marking/{room.last().id}").count("Mark changed") == 1
    assert room.trainee.text("/messages/").count("Your mark has changed") == 1
    assert room.state() == ("failed", 0.25)
    judge(room.mentor, room, "regrade", "part", "none", reason="For another reason", remark="Sorry.")
    assert room.mentor.text(f"/marking/{room.last().id}").count("Mark changed") == 2


def test_a_mark_in_a_closed_cohort_is_not_appealed_against_and_the_words_stay(room: Room) -> None:
    room.hand_in("All of it")
    room.mark("part", "none")
    address = f"/hand-ins/{room.last().id}/appeal"
    assert address in room.trainee.get(room.page).text
    close(room)
    assert address not in room.trainee.get(room.page).text
    refused = room.trainee.send(address, words="My three careful paragraphs")
    assert refused.status_code == 422
    assert "This cohort is closed" in refused.text
    assert "My three careful paragraphs</textarea>" in refused.text
    assert "My three careful paragraphs" not in refused.text.split('id="words"')[1].split("</textarea>")[0]


def test_an_appeal_without_words_says_what_is_missing(room: Room) -> None:
    room.hand_in("All of it")
    room.mark("part", "none")
    refused = room.trainee.send(f"/hand-ins/{room.last().id}/appeal", words="  ")
    assert refused.status_code == 422
    assert "Say what you do not agree with." in refused.text
