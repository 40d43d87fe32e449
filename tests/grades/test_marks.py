"""The final mark: what counts, with what weight, and what it is while not everything is done."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from lms.accounts.models import User
from lms.attendance import service as attendance
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.grades import service
from lms.grades.marks import FINAL
from lms.grades.queries import ATTENDANCE, mark_of, marks_of_cohort
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_published, a_session, an_enrolment, deployed, done
from tests.documents import with_practice, with_pre_and_post
from tests.pages import Browser


def weigh(cohort: Cohort, pass_mark: int = 70, **weights: int) -> None:
    """What counts; ``attendance`` is the share of sessions."""
    by = deployed(session.get_one(Mission, cohort.mission_id))
    named = {ATTENDANCE if id == "attendance" else id: weight for id, weight in weights.items()}
    with transaction():
        service.set_scheme(cohort, named, pass_mark, by=by.id)


def close(cohort: Cohort) -> None:
    by = deployed(a_mission())
    with transaction():
        closing.close(session.get_one(Cohort, cohort.id), by=by.id)


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return a_cohort(a_mission(), a_published(with_practice()), capacity=100)


@pytest.fixture
def enrolment(cohort: Cohort) -> Enrolment:
    return an_enrolment(cohort)


def test_by_default_every_required_activity_with_a_score_counts_the_same(enrolment: Enrolment) -> None:
    done(enrolment, "greeting")
    assert mark_of(enrolment).final is None
    done(enrolment, "quiz", score=0.8)
    done(enrolment, "gate", score=0.1)
    so_far = mark_of(enrolment)
    assert (so_far.final, so_far.passed) == (0.8, None)
    done(enrolment, "final", score=0.6)
    mark = mark_of(enrolment)
    assert (mark.final, mark.passed) == (0.7, True)
    assert {id: part.weight for id, part in mark.parts.items()} == {
        "quiz": 1,
        "final": 1,
        "gate": 0,
        "report": 0,
        ATTENDANCE: 0,
    }
    assert mark.parts["gate"].score == 0.1


def test_a_pre_test_never_counts(app: Flask) -> None:
    enrolment = an_enrolment(a_cohort(a_mission(), a_published(with_pre_and_post())))
    done(enrolment, "before", score=0.1)
    done(enrolment, "quiz", "after", score=0.9)
    mark = mark_of(enrolment)
    assert (mark.final, set(mark.parts)) == (0.9, {"quiz", "after", ATTENDANCE})


def test_weights_decide_and_the_mark_follows_when_they_change(cohort: Cohort, enrolment: Enrolment) -> None:
    done(enrolment, "quiz", score=1.0)
    done(enrolment, "final", score=0.5)
    weigh(cohort, quiz=1, final=3)
    assert (mark_of(enrolment).final, mark_of(enrolment).passed) == (0.625, False)
    weigh(cohort, pass_mark=60, quiz=1, final=3)
    assert mark_of(enrolment).passed is True
    weigh(cohort, quiz=4, final=1, gate=1)
    assert (mark_of(enrolment).final, mark_of(enrolment).passed) == (0.9, None)


def test_three_times_seventy_percent_is_seventy_percent(cohort: Cohort, enrolment: Enrolment) -> None:
    weigh(cohort, quiz=1, final=1, gate=1)
    done(enrolment, "quiz", "final", "gate", score=0.7)
    assert mark_of(enrolment).passed is True


def test_in_a_closed_cohort_what_was_not_done_counts_as_nothing(cohort: Cohort, enrolment: Enrolment) -> None:
    done(enrolment, "quiz", score=0.8)
    close(cohort)
    mark = mark_of(enrolment)
    assert (mark.final, mark.passed, mark.parts["final"].score) == (0.4, False, None)


def test_attendance_is_the_share_of_sessions_in_the_room(cohort: Cohort, enrolment: Enrolment) -> None:
    weigh(cohort, quiz=1, attendance=1)
    done(enrolment, "quiz", score=0.5)
    assert (mark_of(enrolment).final, mark_of(enrolment).passed) == (0.5, None)
    for days, mark in enumerate(("present", "late", "absent", "absent", "excused")):
        training = a_session(cohort, -days)
        with transaction():
            attendance.mark(training, {enrolment.id: mark}, {}, via="screen", by=enrolment.user_id)
    assert mark_of(enrolment).parts[ATTENDANCE].score == 0.5
    assert (mark_of(enrolment).final, mark_of(enrolment).passed) == (0.5, False)


def test_attendance_that_nobody_marked_is_nobodys_fault(cohort: Cohort, enrolment: Enrolment) -> None:
    weigh(cohort, quiz=1, attendance=9)
    done(enrolment, "quiz", score=0.8)
    close(cohort)
    assert (mark_of(enrolment).final, mark_of(enrolment).passed) == (0.8, True)


def test_a_cohorts_marks_are_those_of_each_with_a_place(
    cohort: Cohort, enrolment: Enrolment, statements: list[str]
) -> None:
    others = [an_enrolment(cohort) for _ in range(60)]
    left = an_enrolment(cohort)
    for number, each in enumerate([enrolment, *others, left]):
        done(each, "quiz", score=number / 100)
    with transaction():
        session.get_one(Enrolment, left.id).left_at = clock.now()
    session.expire_all()
    expected = {each.id: mark_of(each) for each in [enrolment, *others]}
    statements.clear()
    assert marks_of_cohort(session.get_one(Cohort, cohort.id)) == expected
    assert len(statements) <= 4


@pytest.mark.parametrize("percent", [28, 29, 57, 58, 70, 100])
def test_a_mark_equal_to_the_pass_mark_passes(cohort: Cohort, enrolment: Enrolment, percent: int) -> None:
    weigh(cohort, percent, quiz=1)
    with transaction():
        by = enrolment.user_id
        service.override(session.get_one(Enrolment, enrolment.id), FINAL, percent, "As agreed.", by=by)
    assert mark_of(enrolment).passed is True


@pytest.mark.parametrize(
    ("score", "shown"), [(0.58, "Passed: 58"), (0.5799, "Not passed: 57"), (0.57999, "Not passed: 57")]
)
def test_nobody_reads_the_pass_mark_beside_a_mark_that_did_not_pass(
    cohort: Cohort, enrolment: Enrolment, sign_in: Callable[[User], Browser], score: float, shown: str
) -> None:
    weigh(cohort, 58, quiz=1)
    done(enrolment, "quiz", score=score)
    percent = shown.split()[-1]
    mentor = sign_in(deployed(session.get_one(Mission, cohort.mission_id)))
    assert shown in mentor.text(f"/cohorts/{cohort.id}/grades")
    assert f"{percent}%" in mentor.text(f"/enrolments/{enrolment.id}")
    cells = mentor.get(f"/cohorts/{cohort.id}").text.split("<tbody>")[1].split("</tbody>")[0]
    assert set(re.findall(r"<bdi>(\d\d)</bdi>", cells)) == {percent}
    assert f"done {percent}%" in mentor.send(f"/cohorts/{cohort.id}/export").text
    book = load_workbook(io.BytesIO(mentor.send(f"/cohorts/{cohort.id}/export", format="xlsx").data))
    assert book["Marks"]["B2"].value == book["Progress"]["F2"].value == int(percent) / 100
