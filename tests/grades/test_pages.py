"""The grade sheet, the weights, and how each mark came about."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.assignments import judging
from lms.assignments import service as assignments
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Enrolment
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.grades import history, service
from lms.grades.marks import FINAL
from lms.grades.models import GradeScheme
from lms.grades.queries import mark_of
from lms.library.document import CourseDocument
from lms.missions.models import Mission
from lms.progress import moving
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done, trainee_of
from tests.documents import a_document, an_assignment, with_practice
from tests.pages import Browser

SignIn = Callable[[User], Browser]
FULL, PART = {"facts": "full", "words": "full"}, {"facts": "full", "words": "none"}


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return a_cohort(a_mission(), a_published(with_practice()))


@pytest.fixture
def enrolment(cohort: Cohort) -> Enrolment:
    return an_enrolment(cohort)


@pytest.fixture
def mentor(cohort: Cohort) -> User:
    return deployed(session.get_one(Mission, cohort.mission_id))


def scheme_page(cohort: Cohort) -> str:
    return f"/cohorts/{cohort.id}/grades/scheme"


WEIGHTS = {"weight-quiz": "1", "weight-final": "3", "weight-gate": "0", "weight-report": "0", "weight-@attendance": "0"}


def test_the_sheet_shows_every_trainee_with_scores_and_the_final_mark(
    sign_in: SignIn, cohort: Cohort, enrolment: Enrolment, mentor: User
) -> None:
    other = an_enrolment(cohort)
    done(enrolment, "quiz", score=0.61)
    done(enrolment, "final", score=0.83)
    with transaction():
        service.override(other, "quiz", 40, "Copied", by=mentor.id)
    page = sign_in(mentor).text(f"/cohorts/{cohort.id}/grades")
    assert f"{trainee_of(enrolment).number} Passed: 72 61 83" in page
    assert f"{trainee_of(other).number} 40 Set by hand: 40 – no score yet" in page
    assert f"{trainee_of(enrolment).number} Final mark: 72% Passed" in page
    searched = sign_in(mentor).text(f"/cohorts/{cohort.id}/grades?q={trainee_of(other).number}")
    assert str(trainee_of(enrolment).number) not in searched
    assert "No match" in sign_in(mentor).text(f"/cohorts/{cohort.id}/grades?q=PS-00000")


def test_a_large_class_comes_in_pages(sign_in: SignIn) -> None:
    cohort = a_cohort(a_mission(), capacity=60)
    numbers = sorted(str(trainee_of(an_enrolment(cohort)).number) for _ in range(52))
    mentor = sign_in(deployed(session.get_one(Mission, cohort.mission_id)))
    first, second = mentor.text(f"/cohorts/{cohort.id}/grades"), mentor.text(f"/cohorts/{cohort.id}/grades?page=2")
    assert [number for number in numbers if number in first] == numbers[:50]
    assert [number for number in numbers if number in second] == numbers[50:]


def test_empty_sheets_say_what_to_do(sign_in: SignIn, cohort: Cohort, mentor: User) -> None:
    assert "No trainees yet" in sign_in(mentor).text(f"/cohorts/{cohort.id}/grades")


def test_weights_are_set_on_a_page_and_on_the_trail(
    sign_in: SignIn, cohort: Cohort, enrolment: Enrolment, mentor: User
) -> None:
    done(enrolment, "quiz", score=1.0)
    done(enrolment, "final", score=0.5)
    browser = sign_in(mentor)
    page = browser.text(scheme_page(cohort))
    assert "Quiz Quiz 50%" in page
    assert "Sum 2 100%" in page
    for _ in range(2):
        assert browser.send(scheme_page(cohort), **WEIGHTS, pass_mark="60").status_code == 302
    assert (mark_of(enrolment).final, mark_of(enrolment).passed) == (0.625, True)
    page = browser.text(scheme_page(cohort))
    assert "Final Final assessment 75%" in page
    assert f"{mentor.username} Quiz: 1 · Final: 3 · Passed from 60%" in page
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "grades.scheme_set")).one()
    assert (event.actor_id, event.object_id, event.detail["pass_mark"]) == (mentor.id, cohort.id, 60)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weight-quiz": "0", "weight-final": "0"}, "Nothing would count. Give at least one activity a weight."),
        ({"weight-quiz": "-1"}, "Give a number from 0 to 100."),
        ({"weight-quiz": "101"}, "Give a number from 0 to 100."),
        ({"weight-quiz": ""}, "Give a number; 0 is none."),
        ({"pass_mark": "120"}, "Give a number from 0 to 100."),
    ],
)
def test_weights_that_cannot_be_come_back_with_what_was_typed(
    sign_in: SignIn, cohort: Cohort, mentor: User, changes: dict[str, str], words: str
) -> None:
    sent = {**WEIGHTS, "pass_mark": "77", **changes}
    answer = sign_in(mentor).send(scheme_page(cohort), **sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{sent["pass_mark"]}"' in answer.text
    assert f'value="{sent["weight-final"]}"' in answer.text
    assert session.scalars(select(GradeScheme)).all() == []


def test_a_closed_cohorts_weights_change_only_in_a_correction(sign_in: SignIn, cohort: Cohort, mentor: User) -> None:
    with transaction():
        closing.close(session.get_one(Cohort, cohort.id), by=mentor.id)
    answer = sign_in(mentor).send(scheme_page(cohort), **WEIGHTS, pass_mark="60")
    assert (answer.status_code, "This cohort is closed" in answer.text) == (422, True)
    with transaction():
        closing.correct(session.get_one(Cohort, cohort.id), "The weights were agreed otherwise", by=mentor.id)
    assert sign_in(mentor).send(scheme_page(cohort), **WEIGHTS, pass_mark="60").status_code == 302


def test_what_a_newer_version_brings_counts_for_nothing_until_it_is_weighed(
    sign_in: SignIn, cohort: Cohort, enrolment: Enrolment, mentor: User
) -> None:
    sign_in(mentor).send(scheme_page(cohort), **WEIGHTS, pass_mark="60")
    data = with_practice().model_dump(mode="json")
    data["modules"][-1]["activities"].append(an_assignment("plan"))
    newer = a_published(CourseDocument.model_validate(data))
    with transaction():
        moving.move(session.get_one(Cohort, cohort.id), newer, by=mentor.id)
    session.expire_all()
    assert mark_of(enrolment).parts["plan"].weight == 0
    assert "A newer version of the course has more that could count A report" in sign_in(mentor).text(
        scheme_page(cohort)
    )


def judged(app: Flask, enrolment: Enrolment, first: User, second: User) -> None:
    """Handed in and marked, appealed against, and regraded by somebody else."""
    done(enrolment, "greeting", "asking", "quiz", "final")
    with transaction():
        hand_in = assignments.hand_in(enrolment, "report", "What happened", [], app.config["MEDIA"])
    with transaction():
        judging.mark(hand_in, PART, "Short", by=first.id)
    with transaction():
        judging.appeal(hand_in, "It is all there")
    with transaction():
        judging.regrade(hand_in, FULL, "Good", "It was on the second page", by=second.id)


def test_every_step_of_a_mark_is_told_with_who_and_why(
    app: Flask, sign_in: SignIn, cohort: Cohort, enrolment: Enrolment, mentor: User
) -> None:
    other = deployed(session.get_one(Mission, cohort.mission_id))
    judged(app, enrolment, mentor, other)
    for percent in (90, 95):
        with transaction():
            service.override(enrolment, "report", percent, f"Late: {percent}", by=mentor.id)
    with transaction():
        service.take_back(enrolment, "report", "It was in time", by=other.id)
    told = [
        (each.kind, each.by, each.before, each.after, each.reason)
        for each in reversed(history.of_activity(enrolment, "report"))
    ]
    assert told == [
        ("marked", mentor.username, None, 0.5, ""),
        ("appealed", None, 0.5, 0.5, "It is all there"),
        ("regraded", other.username, 0.5, 1.0, "It was on the second page"),
        ("overridden", mentor.username, 1.0, 0.9, "Late: 90"),
        ("overridden", mentor.username, 0.9, 0.95, "Late: 95"),
        ("taken back", other.username, 0.95, 1.0, "It was in time"),
    ]
    page = sign_in(mentor).text(f"/enrolments/{enrolment.id}/grades/report")
    assert f"{other.username} Score taken back; what was earned counts again It was in time" in page
    assert "What counts: 95%, then 100%" in page
    assert page.index("Score taken back") < page.index("The trainee does not agree") < page.rindex("Marked")


def test_the_final_marks_history_tells_what_moved_it(
    sign_in: SignIn, cohort: Cohort, enrolment: Enrolment, mentor: User
) -> None:
    done(enrolment, "quiz", score=0.8)
    done(enrolment, "gate", score=0.1)
    with transaction():
        service.set_scheme(session.get_one(Cohort, cohort.id), {"quiz": 1, "final": 1, "gate": 1}, 70, by=mentor.id)
        service.override(enrolment, FINAL, 60, "Board", by=mentor.id)
        service.take_back(enrolment, FINAL, "Board again", by=mentor.id)
        closing.close(session.get_one(Cohort, cohort.id), by=mentor.id)
    told = [(each.kind, each.final) for each in reversed(history.of_activity(enrolment, FINAL))]
    assert told == [
        ("recorded", (None, 0.8)),
        ("weighed", (0.8, 0.45)),
        ("overridden", (0.45, 0.6)),
        ("taken back", (0.6, 0.45)),
        ("closed", (0.45, 0.3)),
    ]
    assert mark_of(enrolment).final == 0.3
    assert "Final mark: 60%, then 45%" in sign_in(mentor).text(f"/enrolments/{enrolment.id}/grades/@final")
    whole = sign_in(mentor).text(f"/enrolments/{enrolment.id}/grades")
    assert "On record 10% · At the gate" in whole


def test_a_trainee_sees_their_own_marks_and_how_to_disagree(sign_in: SignIn, enrolment: Enrolment) -> None:
    trainee = sign_in(trainee_of(enrolment))
    assert "My marks" in trainee.text(f"/learn/{enrolment.id}/")
    page = trainee.text(f"/enrolments/{enrolment.id}/marks")
    assert "Final mark so far: –" in page
    done(enrolment, "quiz", score=0.8)
    page = trainee.text(f"/enrolments/{enrolment.id}/marks")
    assert "Final mark so far: 80%" in page
    assert "The course is passed from 70%." in page
    assert "Quiz 80% 50% Final – 50%" in page
    assert "You do not agree?" in page


def test_a_course_without_scores_says_so(sign_in: SignIn) -> None:
    data = a_document().model_dump(mode="json")
    lessons = [each for each in data["modules"][0]["activities"] if each["kind"] == "lesson"]
    cohort = a_cohort(a_mission(), a_published(a_document(modules=[{**data["modules"][0], "activities": lessons}])))
    mentor = deployed(session.get_one(Mission, cohort.mission_id))
    enrolment = an_enrolment(cohort)
    assert "Nothing has a score" in sign_in(mentor).text(f"/cohorts/{cohort.id}/grades")
    assert mark_of(enrolment).final is None
    assert "Nothing has a score yet." in sign_in(trainee_of(enrolment)).text(f"/enrolments/{enrolment.id}/marks")
