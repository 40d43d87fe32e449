"""The way through the product: learn, be tested, receive a certificate, be checked by a stranger, be seen by staff."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from lms.demo import PASSWORD
from lms.library import folder
from lms.library.activities import Assignment
from lms.library.document import CourseDocument
from tests.browser.conftest import CLASS_TWO, ROOT, OpenPage, Site, a_trainee
from tests.browser.hands import Hands
from tests.player import Player, plain

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def course() -> CourseDocument:
    return folder.read(ROOT / "courses" / "democratic-policing-foundations")


def read(place: Locator) -> str:
    return plain(place.text_content() or "")


def mark_as_mentor(open_page: OpenPage, course: CourseDocument, assignment: Assignment) -> None:
    """The mentor finds it in the queue and chooses the best level of every criterion."""
    mentor = open_page("mentor", java_script_enabled=False)
    expect(mentor.get_by_role("link", name="Marking", exact=True)).to_have_attribute("href", "/marking/")
    Player(Hands(mentor), course, "en").mark(assignment)
    mentor.context.close()


def test_from_the_first_sign_in_to_a_certificate_that_strangers_can_check_without_javascript(
    site: Site, open_page: OpenPage, course: CourseDocument, tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False, accept_downloads=True)
    page.goto("/")
    page.get_by_label("Username").fill("trainee")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("My learning")

    # Every activity in its order, from where the home page sends the trainee.
    player = Player(Hands(page), course, "en")
    player.whole(lambda assignment: mark_as_mentor(open_page, course, assignment))
    assert player.kinds == {each.kind for pool in course.pools for each in pool.questions}, (
        "a kind of question never came"
    )

    page.get_by_role("button", name="Get my certificate").click()
    expect(page.locator("h1")).to_have_text("Certificates")
    code = read(page.locator("bdi.code"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    pdf = tmp_path / "certificate.pdf"
    download.value.save_as(pdf)
    assert pdf.read_bytes().startswith(b"%PDF")
    reader = PdfReader(pdf)
    assert len(reader.pages) == 1
    assert code in reader.pages[0].extract_text()
    page.goto("/account/")
    number = read(page.locator(".dl dd").nth(1))

    visitor = open_page(java_script_enabled=False)
    visitor.goto(f"/verify/{code}")
    expect(visitor.locator("h1")).to_have_text("This certificate is valid")
    expect(visitor.locator("main")).to_contain_text(course.title["en"])
    expect(visitor.locator("main")).not_to_contain_text(number)

    mentor = open_page("mentor", java_script_enabled=False)
    mentor.get_by_role("link", name=CLASS_TWO).click()
    mentor.get_by_label("Trainee number").fill(number)
    mentor.get_by_role("button", name="Show", exact=True).click()
    row = mentor.locator("table.matrix tbody tr").filter(has_text=number)
    total = sum(activity.required for activity in course.activities())
    expect(row.locator("td").first).to_have_text(f"{total}/{total}")
    expect(row.locator("td.cell-done")).to_have_count(len(list(course.activities())))
    mentor.get_by_role("link", name="Certificates").click()
    expect(mentor.locator("main")).to_contain_text(code)

    manager = open_page("manager", java_script_enabled=False)
    manager.get_by_role("link", name="Port-Salin policing assistance").click()
    expect(manager.locator("h1")).to_have_text("Port-Salin policing assistance")
    expect(manager.get_by_role("row").filter(has_text=CLASS_TWO)).to_contain_text("%")


def test_answers_are_there_again_after_the_page_was_closed(
    inside: Flask, open_page: OpenPage, course: CourseDocument
) -> None:
    *before, quiz = course.modules[0].activities
    with inside.app_context():
        enrolment = a_trainee("returning", CLASS_TWO, *(each.id for each in before)).id
    page = open_page("returning")
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("main h1")).to_have_text(quiz.title["en"])
    page.get_by_role("button", name="Begin").click()

    def given() -> list[tuple[str, str]]:
        """What the form would send, but for its token and the flag."""
        sent: list[list[str]] = page.locator("form[data-keep]").evaluate("form => [...new FormData(form)]")
        return [(name, value) for name, value in sent if name not in ("csrf_token", "flag")]

    player = Player(Hands(page), course, "en")
    player.answer_right()
    first = given()
    assert any(value for _, value in first)
    page.get_by_role("button", name="Save and go on").click()
    player.answer_right()
    second = given()
    page.reload()
    assert given() == second, "what was not sent yet is lost by reloading"
    page.get_by_role("button", name="Save and check answers").click()
    expect(page.locator("h1")).to_have_text("Check your answers")
    context = page.context
    page.close()

    page = context.new_page()
    page.goto(f"/learn/{enrolment}/{quiz.id}")
    expect(page.locator("main")).to_contain_text("You have begun this already")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_contain_text("Question 1")
    assert given() == first
    page.get_by_role("button", name="Save and go on").click()
    assert given() == second
