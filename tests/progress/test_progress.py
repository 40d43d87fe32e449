"""What mentors and managers see of a class, and what leaves the house."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session
from lms.core.sheets import safe_cell
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done, trainee_of
from tests.documents import a_document, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def test_the_table_shows_who_has_done_what(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    ahead, behind = an_enrolment(cohort), an_enrolment(cohort)
    done(ahead, "greeting", "asking")
    done(ahead, "quiz", score=0.85)
    page = sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}")
    assert f"{trainee_of(ahead).number} 3/4" in page
    assert f"{trainee_of(behind).number} 0/4" in page
    assert "85" in page


def test_it_can_be_searched_and_narrowed(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    finished, other = an_enrolment(cohort), an_enrolment(cohort)
    done(finished)
    mentor = sign_in(deployed(mission))
    first, second = str(trainee_of(finished).number), str(trainee_of(other).number)
    for query, shown, hidden in (
        (f"q={first.lower()}", first, second),
        ("show=complete", first, second),
        ("show=unfinished", second, first),
    ):
        page = mentor.text(f"/cohorts/{cohort.id}?{query}")
        assert f"{shown} " in page
        assert f"{hidden} " not in page
    assert "No trainee of this cohort fits" in mentor.text(f"/cohorts/{cohort.id}?q=PS-00000")


def test_a_large_class_comes_in_pages(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission, capacity=60)
    numbers = sorted(str(trainee_of(an_enrolment(cohort)).number) for _ in range(55))
    mentor = sign_in(deployed(mission))
    first, second = mentor.text(f"/cohorts/{cohort.id}"), mentor.text(f"/cohorts/{cohort.id}?page=2")
    assert [number for number in numbers if number in first] == numbers[:50]
    assert [number for number in numbers if number in second] == numbers[50:]
    assert mentor.get(f"/cohorts/{cohort.id}?page=999").status_code == 200


def test_an_empty_class_says_what_to_do(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    assert "No trainees yet" in sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}")


def test_the_export_is_whole_safe_for_spreadsheets_and_on_the_trail(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    document = a_document().model_dump(mode="json")
    document["modules"][0]["activities"][0]["title"] = words("=HYPERLINK(1)")
    cohort = a_cohort(mission, a_published(a_document(modules=document["modules"])))
    enrolment = an_enrolment(cohort)
    done(enrolment, "greeting")
    mentor = deployed(mission)
    browser = sign_in(mentor)
    assert browser.get(f"/cohorts/{cohort.id}/export").status_code == 405
    answer = browser.send(f"/cohorts/{cohort.id}/export")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][3] == "'=HYPERLINK(1)"
    assert rows[1] == [str(trainee_of(enrolment).number), "1", "4", "done", "todo", "locked", "locked"]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "progress.exported")).one()
    assert (event.actor_id, event.object_id, event.detail) == (mentor.id, cohort.id, {"trainees": 1})


def test_the_workbook_has_numbers_as_numbers_and_no_formulas(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    document = a_document().model_dump(mode="json")
    document["modules"][0]["activities"][0]["title"] = words("=HYPERLINK(1)")
    cohort = a_cohort(mission, a_published(a_document(modules=document["modules"])))
    enrolment = an_enrolment(cohort)
    done(enrolment, "greeting", "asking")
    done(enrolment, "quiz", score=0.85)
    mentor = deployed(mission)
    browser = sign_in(mentor)
    answer = browser.send(f"/cohorts/{cohort.id}/export", format="xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    progress, marks = book["Progress"], book["Marks"]
    number = str(trainee_of(enrolment).number)
    head, row = ([cell.value for cell in line] for line in progress.iter_rows())
    assert (head[:4], row) == (
        ["Number", "Done", "Required", "'=HYPERLINK(1)"],
        [number, 3, 4, "Done", "Done", 0.85, "not started"],
    )
    assert {cell.data_type for line in progress.iter_rows() for cell in line} == {"s", "n"}
    assert (progress["F2"].number_format, progress["B2"].number_format) == ("0%", "0")
    assert [cell.value for cell in marks[2]][:3] == [number, 0.85, None]
    assert (progress.freeze_panes, progress["A1"].font.b, progress.sheet_view.rightToLeft) == ("B2", True, False)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "progress.exported")).one()
    assert (event.actor_id, event.object_id, event.detail) == (mentor.id, cohort.id, {"trainees": 1})


def test_the_workbook_reads_from_the_right_for_who_does(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    an_enrolment(cohort)
    browser = sign_in(deployed(mission))
    browser.send("/language", language="ar", next="/")
    book = load_workbook(io.BytesIO(browser.send(f"/cohorts/{cohort.id}/export", format="xlsx").data))
    assert all(sheet.sheet_view.rightToLeft for sheet in book)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_no_cell_becomes_a_formula(formula: str) -> None:
    assert safe_cell(formula) == "'" + formula


@pytest.mark.parametrize("text", ["PS-7KQ2M", "Who the police serve", "3 = 3", ""])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_one_trainees_page_tells_the_whole_way(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    enrolment = an_enrolment(a_cohort(mission))
    done(enrolment, "greeting", "asking")
    done(enrolment, "quiz", score=0.9)
    page = sign_in(deployed(mission)).text(f"/enrolments/{enrolment.id}")
    assert "3 of 4" in page
    assert "Quiz Done 1 try 90%" in page
    assert "passed Quiz ( 90% )" in page
    assert "completed Greeting" in page


def test_a_mission_at_a_glance(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    done(an_enrolment(cohort))
    an_enrolment(cohort)
    page = sign_in(deployed(mission, Role.MANAGER)).text(f"/missions/{mission.id}")
    assert "2 Trainees on the roll" in page
    assert "1 Cohorts" in page
    assert "50%" in page


@pytest.mark.parametrize(("begins", "ends", "status"), [(-30, 0, 200), (0, 30, 200), (-30, -1, 403), (1, 30, 403)])
def test_a_mission_is_seen_from_the_first_day_of_a_deployment_to_its_last(
    app: Flask, sign_in: SignIn, begins: int, ends: int, status: int
) -> None:
    mission, today = a_mission(), clock.today()
    cohort = a_cohort(mission)
    mentor = deployed(mission, begins=today + timedelta(days=begins), ends=today + timedelta(days=ends))
    for path in (f"/missions/{mission.id}", f"/cohorts/{cohort.id}"):
        assert sign_in(mentor).get(path).status_code == status
