"""Handing an assignment in, and marking it, by the pages."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from lms.assignments.models import HandIn
from lms.core.db import session
from lms.record.models import Statement
from tests.assignments.room import Room, SignIn, seen
from tests.builders import a_cohort, a_mission, an_enrolment, deployed, trainee_of
from tests.documents import words

PDF = b"%PDF-1.7\n%a page\n"


def a_photo() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "A camera that tells who took it"
    Image.effect_noise((80, 60), 90).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_what_is_handed_in_waits_for_the_mentor(room: Room) -> None:
    assert "Nothing waits" in room.mentor.text("/marking/")
    assert room.hand_in("At nine a man came to the gate.")[0] == 302
    assert "1 waits to be marked" in room.mentor.text("/marking/")
    assert "At nine a man came to the gate." in room.mentor.text(f"/marking/{room.last().id}")
    assert "Your mentor will mark it" in room.trainee.text(room.page)
    assert room.state() == ("handed in", None)


def test_what_waits_for_a_mark_holds_nobody_up(app: Flask, sign_in: SignIn) -> None:
    lesson = {"kind": "lesson", "id": "after", "title": words("Afterwards"), "minutes": 5, "body": words("Read on.")}
    room = Room(sign_in, then=[lesson])
    home = room.trainee.text("/learn/")
    assert "A report about" in home
    room.hand_in("All of it")
    assert "Afterwards about" in room.trainee.text("/learn/")
    room.mark("part", "none")
    assert "A report about" in room.trainee.text("/learn/")


def test_a_pass_is_on_record_and_the_trainee_reads_what_the_mentor_said(room: Room) -> None:
    room.hand_in("All of it")
    room.mark("full", "part", "Clear and complete.")
    assert room.state() == ("completed", 0.75)
    page = room.trainee.text(room.page)
    assert "Clear and complete." in page
    assert "Some of it" in page
    assert "Nothing waits" in room.mentor.text("/marking/")


def test_who_has_not_passed_hands_in_again_and_both_tries_stay(room: Room) -> None:
    room.hand_in("First try")
    room.mark("part", "none")
    assert room.state() == ("failed", 0.25)
    room.hand_in("Second try")
    assert room.last().number == 2
    page = room.trainee.text(room.page)
    assert "First try" in page
    room.mark("full", "full")
    assert room.state() == ("completed", 1.0)


def test_what_is_passed_cannot_be_handed_in_again(room: Room) -> None:
    room.hand_in("All of it")
    room.mark("full", "full")
    status, page = room.hand_in("More")
    assert status == 422
    assert "You have passed this already." in page


def test_until_it_is_marked_the_newest_counts(room: Room) -> None:
    room.hand_in("First words")
    room.hand_in("Better words")
    assert session.scalar(select(func.count()).select_from(HandIn)) == 1
    assert room.last().words == "Better words"


def test_a_photo_loses_what_it_tells_and_keeps_no_name(room: Room) -> None:
    assert room.hand_in("", a_photo())[0] == 302
    got = room.mentor.get(f"/hand-ins/{room.last().id}/files/1")
    assert got.mimetype == "image/jpeg"
    assert not Image.open(io.BytesIO(got.data)).getexif()
    assert "Amina" not in str(room.last().files) + got.headers["Content-Disposition"]


def test_files_stay_when_only_the_text_is_changed(room: Room) -> None:
    room.hand_in("With a photo", a_photo())
    room.hand_in("With better words")
    assert len(room.last().files) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PDF, "is not asked for here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not asked for here"),
        (b"\xff\xd8\xff broken", "cannot be read"),
    ],
)
def test_a_file_that_is_not_asked_for_is_refused_and_the_text_stays_in_the_field(
    room: Room, content: bytes, said: str
) -> None:
    status, page = room.hand_in("My long report", content)
    assert status == 422
    assert said in page
    assert "My long report" in page
    assert session.scalar(select(func.count()).select_from(HandIn)) == 0


def test_a_document_is_downloaded_and_never_runs_here(app: Flask, sign_in: SignIn) -> None:
    room = Room(sign_in, "file")
    assert room.hand_in("", PDF)[0] == 302
    got = room.mentor.get(f"/hand-ins/{room.last().id}/files/1")
    assert got.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_nothing_handed_in_says_what_to_do(room: Room) -> None:
    status, page = room.hand_in("   ")
    assert status == 422
    assert "Write something or add a file." in page


def test_a_criterion_without_a_level_is_asked_for_and_the_rest_stays(room: Room) -> None:
    room.hand_in("All of it")
    page = room.mark("full", "", "Half written")
    assert "Choose a level for every criterion." in page
    assert "Half written" in page
    assert room.state() == ("handed in", None)


def test_a_second_click_marks_once_and_another_mark_is_refused(room: Room) -> None:
    room.hand_in("All of it")
    first = room.last().id
    work = seen(room.mentor, f"/marking/{first}")
    for _ in range(2):
        room.mentor.send(f"/marking/{first}", **work, **{"level-facts": "full", "level-words": "full"})
    assert sorted(session.scalars(select(Statement.verb))) == ["initialized", "passed"]
    other = room.mentor.send(f"/marking/{first}", **{"level-facts": "none", "level-words": "none"})
    assert "Somebody has marked this already." in other.text
    assert room.state() == ("completed", 1.0)


def test_marking_leads_to_the_next_that_waits(room: Room) -> None:
    room.hand_in("The first")
    first = room.last()
    other = an_enrolment(a_cohort(room.mission, first.course_version_id))
    page = f"/learn/{other.id}/report/assignment"
    browser = room.trainee.application.test_client()
    browser.become(trainee_of(other))  # type: ignore[attr-defined]
    browser.send(page, words="The second")  # type: ignore[attr-defined]
    work = seen(room.mentor, f"/marking/{first.id}")
    answer = room.mentor.send(f"/marking/{first.id}", **work, **{"level-facts": "full", "level-words": "full"})
    session.expire_all()
    second = session.scalars(select(HandIn).where(HandIn.enrolment_id == other.id)).one()
    assert answer.headers["Location"] == f"/marking/{second.id}"


def test_a_mentor_elsewhere_sees_nothing_of_it(room: Room, sign_in: SignIn) -> None:
    room.hand_in("Private", a_photo())
    stranger = sign_in(deployed(a_mission()))
    assert "Nothing waits" in stranger.text("/marking/")
    assert stranger.get(f"/hand-ins/{room.last().id}/files/1").status_code == 403
