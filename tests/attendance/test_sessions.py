"""Sessions by their pages: planning, checking in, marking, counting, calendars."""

import io
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy import select

from lms.accounts.models import User
from lms.attendance import flags, queries, room_code
from lms.attendance.models import TrainingSession
from lms.attendance.times import instant
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.errors import DomainError
from lms.record.models import ActivityState, Statement
from tests.builders import a_cohort, a_mission, a_session, an_enrolment, an_instructor, deployed, trainee_of
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


class Room:
    """A session that began five minutes ago, a mentor, and five trainees with a place."""

    def __init__(self, sign_in: SignIn) -> None:
        self.mission = a_mission()
        self.cohort = a_cohort(self.mission)
        self.enrolments = [an_enrolment(self.cohort) for _ in range(5)]
        with transaction():
            # By the clock that stands still, not by the machine's.
            for each in self.enrolments:
                session.get_one(Enrolment, each.id).enrolled_at = clock.now() - timedelta(hours=1)
        self.training = a_session(self.cohort)
        self.sign_in, self.staff = sign_in, deployed(self.mission)
        self.mentor, self.trainee = sign_in(self.staff), sign_in(trainee_of(self.enrolments[0]))
        self.page = f"/sessions/{self.training.id}"

    def days_pass(self, time: Clock, days: int) -> None:
        """Sessions of the browser end meanwhile."""
        time.forward(days=days)
        self.mentor = self.sign_in(self.staff)

    def open(self) -> None:
        assert self.mentor.send(f"{self.page}/check-in/open").status_code == 302

    def code(self) -> str:
        return room_code.code_at(self.training.code_key, str(self.training.id), clock.now())

    def marks(self) -> list[str]:
        """The mark of each of the five, as folded; an empty one for nobody's."""
        session.expire_all()
        states = {
            row.registration: row.status
            for row in session.scalars(
                select(ActivityState).where(ActivityState.activity_id == self.training.activity_id)
            )
        }
        return [states.get(each.id, "") for each in self.enrolments]

    def save(self, *marks: str, seen: tuple[str, ...] = (), **more: str) -> Any:
        fields = {f"mark-{each.id}": mark for each, mark in zip(self.enrolments, marks, strict=False) if mark}
        fields |= {f"seen-{each.id}": mark for each, mark in zip(self.enrolments, seen, strict=False)}
        return self.mentor.send(self.page, **fields, **more)


@pytest.fixture
def room(app: Flask, sign_in: SignIn, time: Clock) -> Room:
    time.moment = time.moment.replace(hour=12, minute=0, second=30, microsecond=0)
    return Room(sign_in)


def test_the_code_of_the_room_marks_whoever_types_it_as_present_once(room: Room) -> None:
    room.open()
    assert room.code() in room.mentor.text(f"{room.page}/code").replace(" ", "")
    assert "Check in" in room.trainee.text("/learn/")
    for _ in range(2):
        assert room.trainee.send("/check-in/", code=f"{room.code()[:3]} {room.code()[3:].lower()}").status_code == 302
    assert room.marks() == ["present", "", "", "", ""]
    assert len(session.scalars(select(Statement)).all()) == 1
    assert "You are marked: Present" in room.trainee.text("/check-in/")


def test_the_code_of_the_minute_before_fits_and_an_older_one_does_not(room: Room, time: Clock) -> None:
    room.open()
    old = room.code()
    time.forward(seconds=60)
    assert room.code() != old
    time.forward(seconds=60)
    assert "does not fit" in room.trainee.send("/check-in/", code=old).text
    time.forward(seconds=-60)
    assert room.trainee.send("/check-in/", code=old).status_code == 302


def test_no_code_fits_before_checking_in_is_opened_or_after_it_is_closed(room: Room) -> None:
    assert room.trainee.send("/check-in/", code=room.code()).status_code == 422
    room.open()
    room.mentor.send(f"{room.page}/check-in/close")
    assert room.trainee.send("/check-in/", code=room.code()).status_code == 422
    assert room.marks() == [""] * 5


def test_a_code_lets_in_nobody_from_another_cohort(room: Room, sign_in: SignIn) -> None:
    room.open()
    stranger = sign_in(trainee_of(an_enrolment(a_cohort(room.mission, room.cohort.course_version_id))))
    assert stranger.send("/check-in/", code=room.code()).status_code == 422


def test_guessing_is_stopped_for_the_one_who_guesses_alone(room: Room, sign_in: SignIn) -> None:
    room.open()
    for _ in range(10):
        room.trainee.send("/check-in/", code="222222")
    assert "Too many codes" in room.trainee.send("/check-in/", code=room.code()).text
    assert sign_in(trainee_of(room.enrolments[1])).send("/check-in/", code=room.code()).status_code == 302
    assert room.marks() == ["", "present", "", "", ""]


def test_who_comes_late_is_marked_late(room: Room, time: Clock) -> None:
    time.forward(minutes=20)
    room.open()
    room.trainee.send("/check-in/", code=room.code())
    assert room.marks()[0] == "late"


def test_everybody_is_marked_with_one_press_but_the_exceptions(room: Room) -> None:
    assert room.save("", "late", "excused", "absent", rest="present").status_code == 302
    assert room.marks() == ["present", "late", "excused", "absent", "present"]


def test_a_correction_is_another_statement_and_the_newest_counts(room: Room, time: Clock) -> None:
    room.save("present")
    time.forward(seconds=5)
    room.save("absent", seen=("present",))
    assert room.marks()[0] == "absent"
    verbs = session.scalars(select(Statement.context).order_by(Statement.occurred_at)).all()
    assert [each["mark"] for each in verbs] == ["present", "absent"]


def test_what_others_marked_meanwhile_is_shown_before_it_is_overwritten(room: Room, time: Clock) -> None:
    room.open()
    room.trainee.send("/check-in/", code=room.code())
    time.forward(seconds=5)
    refused = room.save("absent", "present")
    assert refused.status_code == 422
    assert "Meanwhile marked by" in refused.text
    assert room.marks() == ["present", "", "", "", ""], "nothing is saved before it was looked at"
    assert room.save("absent", "present", seen=("present",)).status_code == 302
    assert room.marks()[:2] == ["absent", "present"]


def test_a_mark_that_was_not_touched_overwrites_nobody(room: Room, time: Clock) -> None:
    room.save("present", "present")
    time.forward(seconds=5)
    room.save("late", "present", seen=("present", "present"))
    time.forward(seconds=5)
    assert room.save("present", "absent", seen=("present", "present")).status_code == 302
    assert room.marks()[:2] == ["late", "absent"]


def test_the_rest_that_is_present_leaves_out_who_came_into_the_cohort_later(room: Room) -> None:
    room.training = a_session(room.cohort, -1)
    room.page = f"/sessions/{room.training.id}"
    with transaction():
        for each in room.enrolments[:2]:
            session.get_one(Enrolment, each.id).enrolled_at -= timedelta(days=3)
    assert room.save("late", "", "excused", rest="present").status_code == 302
    assert room.marks() == ["late", "present", "excused", "", ""]


def test_who_came_into_the_cohort_later_can_be_marked(room: Room) -> None:
    room.training = a_session(room.cohort, -1)
    room.page = f"/sessions/{room.training.id}"
    assert room.mentor.text(room.page).count("came later") == 5
    room.save("excused")
    assert room.marks()[0] == "excused"


def test_a_count_that_differs_is_pointed_out_and_accuses_nobody(room: Room) -> None:
    room.save("present", "present", "late", "absent", "absent")
    assert room.mentor.send(f"{room.page}/count", people="3").status_code == 302
    assert "Look at this" not in room.mentor.text(room.page)
    room.mentor.send(f"{room.page}/count", people="2")
    for page in (room.page, f"/cohorts/{room.cohort.id}/sessions"):
        assert "2 people were counted, 3 are marked as there" in room.mentor.text(page)


def test_the_same_sheet_on_two_days_is_pointed_out(room: Room, time: Clock) -> None:
    other, full = a_session(room.cohort, 1), a_session(room.cohort, 2)
    room.days_pass(time, 3)
    for training in (room.training, other):
        for each, mark in zip(room.enrolments, ("present", "late", "absent", "present", "present"), strict=True):
            room.mentor.send(f"/sessions/{training.id}", **{f"mark-{each.id}": mark})
    room.mentor.send(f"/sessions/{full.id}", rest="present")
    assert room.mentor.text(f"/cohorts/{room.cohort.id}/sessions").count("the same sheet") == 2


def test_everybody_present_on_two_days_is_nothing_odd(room: Room) -> None:
    sheets = {day: {each.id: "present" for each in room.enrolments} for day in ("one", "two")}
    assert flags.alike(sheets) == {}


def test_five_who_check_in_within_seconds_are_pointed_out(room: Room, sign_in: SignIn) -> None:
    room.open()
    for each in room.enrolments[:4]:
        sign_in(trainee_of(each)).send("/check-in/", code=room.code())
    assert "within five seconds" not in room.mentor.text(room.page)
    sign_in(trainee_of(room.enrolments[4])).send("/check-in/", code=room.code())
    assert "5 people checked in within five seconds" in room.mentor.text(room.page)


def test_a_time_that_the_clocks_skip_is_refused_with_the_next_one(app: Flask) -> None:
    with pytest.raises(DomainError) as refused:
        instant(date(2026, 3, 29), time(2, 30), "Europe/Warsaw", field="begins")
    assert refused.value.params == {"wall": "02:30", "later": "03:30"}
    assert instant(date(2026, 10, 25), time(2, 30), "Europe/Warsaw", field="begins").hour == 0, "the first of the two"


def test_a_session_is_planned_on_the_clock_of_the_place(room: Room) -> None:
    day = clock.today() + timedelta(days=1)
    fields = {"topic": "", "day": day.isoformat(), "begins": "08:30", "ends": "12:00", "venue": "Hall"}
    sent = room.mentor.send(
        f"/cohorts/{room.cohort.id}/sessions/new", zone="Asia/Kabul", venue_code="K1", trainer="", **fields
    )
    assert sent.status_code == 302, sent.text
    made = session.scalars(select(TrainingSession).where(TrainingSession.venue_code == "K1")).one()
    assert made.starts_at.astimezone(ZoneInfo("Asia/Kabul")).hour == 8
    assert "8:30" in room.mentor.text("/sessions/")


def test_a_session_outside_the_cohorts_days_is_refused_with_those_days(room: Room) -> None:
    day = room.cohort.ends + timedelta(days=1)
    fields = {"day": day.isoformat(), "begins": "08:30", "ends": "12:00", "venue": "Hall", "zone": "UTC"}
    refused = room.mentor.send(f"/cohorts/{room.cohort.id}/sessions/new", trainer="", **fields)
    assert refused.status_code == 422
    assert room.cohort.ends.isoformat() in refused.text


def test_the_calendar_tells_when_and_where_and_nothing_of_who_and_what(room: Room) -> None:
    made = room.trainee.send("/calendar/").text
    address = re.search(r"http://localhost(/calendar/[\w-]+\.ics)", made)
    assert address
    answer = room.trainee.get(address[1])
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["summary"]) == "Training session B2"
    assert event["dtstart"].dt == room.training.starts_at
    text = answer.text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    for private in (
        room.training.topic,
        room.training.venue,
        room.cohort.title,
        trainee_of(room.enrolments[0]).username,
    ):
        assert private not in text
    assert address[1] not in room.trainee.get("/calendar/").text, "shown once"
    room.mentor.send(f"{room.page}/cancel")
    (event,) = Calendar.from_ical(room.trainee.get(address[1]).data).walk("VEVENT")
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)
    room.trainee.send("/calendar/end")
    assert room.trainee.get(address[1]).status_code == 404


def test_the_sheet_to_sign_has_every_number_and_no_name(room: Room) -> None:
    answer = room.mentor.send(f"{room.page}/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    for each in room.enrolments:
        assert trainee_of(each).shown_as in text
    assert "Signature" in text


def test_whoever_is_to_hold_a_session_is_named_where_staff_look(room: Room) -> None:
    mentor, name = room.mentor, room.staff.username
    pages = (room.page, f"/cohorts/{room.cohort.id}/sessions", "/sessions/")
    assert not any("Trainer:" in mentor.text(each) for each in pages)
    with transaction():
        session.get_one(TrainingSession, room.training.id).trainer_id = room.staff.id
    assert all(f"Trainer: {name}" in mentor.text(each) for each in pages)
    answer = mentor.send(f"{room.page}/sheet.pdf")
    assert name in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert name not in room.trainee.text("/learn/")


def test_in_a_closed_cohort_attendance_changes_by_a_correction_with_a_reason_alone(room: Room, time: Clock) -> None:
    room.save("present")
    room.mentor.send(f"/cohorts/{room.cohort.id}/close")
    time.forward(seconds=5)
    assert room.save("absent", seen=("present",)).status_code == 422
    assert room.mentor.send(f"/cohorts/{room.cohort.id}/close", reason=" ").status_code == 422
    assert room.mentor.send(f"/cohorts/{room.cohort.id}/close", reason="Two rows were swapped").status_code == 302
    assert room.save("absent", seen=("present",)).status_code == 302
    assert room.marks()[0] == "absent"
    assert "Two rows were swapped" in room.mentor.text(f"/cohorts/{room.cohort.id}/close")
    assert room.trainee.send(f"/learn/{room.enrolments[0].id}/greeting/done").status_code == 302
    assert len(session.scalars(select(Statement).where(Statement.activity_id == "greeting")).all()) == 0
    time.forward(minutes=31)
    assert room.save("present", seen=("absent",)).status_code == 422


def test_a_local_instructor_holds_sessions_of_their_cohort_until_it_closes(room: Room, sign_in: SignIn) -> None:
    person = an_instructor(room.cohort)
    instructor = sign_in(person)
    assert instructor.get(room.page).status_code == 200
    assert instructor.get(f"/cohorts/{room.cohort.id}/enrol").status_code == 403
    with transaction():
        closing.close(session.get_one(Cohort, room.cohort.id), by=person.id)
    assert instructor.get(room.page).status_code == 403


def test_who_left_before_the_session_is_not_on_its_sheet(room: Room, time: Clock) -> None:
    later = a_session(room.cohort, 1)
    room.mentor.send(f"/enrolments/{room.enrolments[0].id}/end", because="posted")
    here = {each.enrolment.id for each in queries.people(session.get_one(TrainingSession, later.id))}
    assert here == {each.id for each in room.enrolments[1:]}
    assert session.get_one(Enrolment, room.enrolments[0].id).left_because == "posted"


@pytest.mark.parametrize(("mark", "said"), [("absent", "Absent"), ("excused", "Excused")])
def test_who_is_marked_as_away_already_is_told_so_by_the_code(room: Room, mark: str, said: str) -> None:
    room.open()
    room.trainee.get("/check-in/")
    room.save(mark)
    assert room.trainee.send("/check-in/", code=room.code()).status_code == 302
    page = room.trainee.text("/check-in/")
    assert "You are checked in" not in page
    assert f"The code is right, but you are marked already: {said}. If you are here, ask your trainer" in page
    assert room.marks()[0] == mark
