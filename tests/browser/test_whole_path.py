"""The way through the product: learn, be tested, receive a certificate, be checked by a stranger, be seen by staff."""

from pathlib import Path

import pytest
from flask import Flask
from markupsafe import Markup
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from lms.demo import PASSWORD
from lms.library import activities, folder
from lms.library.activities import Assignment, Choice, Frame, GradedTest, Lesson, Scenario
from lms.library.document import CourseDocument
from lms.library.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from lms.library.rendering import inline
from lms.library.texts import Text
from tests.browser.conftest import CLASS_TWO, ROOT, OpenPage, Site, a_trainee

pytestmark = pytest.mark.browser

PROMPT = ".question legend, .question .legend"
PARTS = "fieldset .option, .question-line label"


@pytest.fixture(scope="module")
def course() -> CourseDocument:
    return folder.read(ROOT / "courses" / "democratic-policing-foundations")


def words(text: Text) -> str:
    """A text of the course as it reads on a page in English."""
    return Markup(inline(text["en"])).striptags()


def read(place: Locator) -> str:
    return " ".join((place.text_content() or "").split())


def select(page: Page, line: str, option: str) -> None:
    """Choose an option in the select of a line; its words as a reader sees them."""
    row = page.locator(".question-line").filter(has=page.get_by_text(line, exact=True))
    row.locator("select").select_option(label=option)


def read_all(place: Locator) -> list[str]:
    return [" ".join(text.split()) for text in place.all_text_contents()]


def what_is_asked(page: Page) -> tuple[str, ...]:
    """The question as a reader sees it: prompt, scenario, and the words to choose from in any order."""
    prompt, scenario, parts = (read_all(page.locator(each)) for each in (PROMPT, "form .callout-scenario", PARTS))
    return (*prompt, *scenario, *sorted(parts))


def as_asked(question: Question) -> tuple[str, ...]:
    """The same of a question of the course."""
    match question:
        case SingleChoice() | MultipleChoice():
            parts = [words(option.text) for option in question.options]
        case Matching():
            parts = [words(pair.term) for pair in question.pairs]
        case Ordering():
            parts = [words(item.text) for item in question.items]
        case TrueFalse():
            parts = ["True", "False"]
        case _:
            parts = []
    scenario = [words(question.scenario)] if question.scenario else []
    return (words(question.prompt), *scenario, *sorted(parts))


def answer_right(page: Page, course: CourseDocument) -> str:
    """Answer the question on the page as someone who knows; returns its kind."""
    asked = what_is_asked(page)
    (question,) = [each for pool in course.pools for each in pool.questions if as_asked(each) == asked]
    match question:
        case SingleChoice() | MultipleChoice():
            for option in question.options:
                if option.correct:
                    page.locator("fieldset").get_by_label(words(option.text), exact=True).check()
        case TrueFalse():
            page.get_by_label("True" if question.answer else "False", exact=True).check()
        case Numeric():
            page.locator("#answer").fill(f"{question.answer:g}")
        case ShortText():
            page.locator("#answer").fill(question.accepted["en"][0])
        case Matching():
            for pair in question.pairs:
                select(page, words(pair.term), words(pair.match))
        case Ordering():
            for place, item in enumerate(question.items, start=1):
                select(page, words(item.text), str(place))
    return question.kind


def take(page: Page, course: CourseDocument, test: activities.Test) -> set[str]:
    """A test from its first page to its result; returns the kinds of question that came."""
    sizes = {pool.id: len(pool.questions) for pool in course.pools}
    count = sum(draw.count or sizes[draw.pool] for draw in test.draws)
    page.get_by_role("button", name="Begin").click()
    kinds = set()
    for position in range(1, count + 1):
        expect(page.locator("h1")).to_have_text(f"Question {position} of {count}")
        kinds.add(answer_right(page, course))
        page.get_by_role("button", name="Save and go on").click()
    expect(page.locator("h1")).to_have_text("Check your answers")
    expect(page.locator(".alert-title")).to_have_text("Every question has an answer")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("h1")).to_have_text("You passed" if isinstance(test, GradedTest) else "Thank you")
    assert "100" in read(page.locator(".result-score bdi"))
    return kinds


def way_to_a_good_end(scenario: Scenario) -> list[Choice]:
    """Decisions that lead from the first moment to an end that is passed."""
    frames = {frame.id: frame for frame in scenario.frames}

    def onwards(frame: Frame) -> list[Choice] | None:
        if frame.outcome:
            return [] if frame.outcome == "good" else None
        ways = ((choice, onwards(frames[choice.to])) for choice in frame.choices)
        return next(([choice, *way] for choice, way in ways if way is not None), None)

    way = onwards(scenario.frames[0])
    assert way, "no end is good"
    return way


def play(page: Page, scenario: Scenario) -> None:
    """A scenario from its first page to its good end."""
    page.get_by_role("button", name="Begin").click()
    for number, choice in enumerate(way_to_a_good_end(scenario), start=1):
        expect(page.locator("h1")).to_have_text(f"Decision {number}")
        page.get_by_label(words(choice.text), exact=True).check()
        page.get_by_role("button", name="Do this").click()
    expect(page.locator("h1")).to_have_text("How it ended")


def hand_in(page: Page, assignment: Assignment) -> None:
    """An assignment, in words."""
    page.get_by_label("Your text").fill("1. No exact time, so nobody can check it.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("main")).to_contain_text("Your mentor will mark it")


def mark_as_mentor(open_page: OpenPage, assignment: Assignment) -> None:
    """The mentor finds it in the queue and chooses the best level of every criterion."""
    mentor = open_page("mentor", java_script_enabled=False)
    mentor.get_by_role("link", name="Marking").click()
    mentor.locator("main").get_by_role("link", name=words(assignment.title)).first.click()
    for criterion in assignment.rubric:
        best = max(criterion.levels, key=lambda level: level.points)
        mentor.get_by_label(words(best.text)).check()
    mentor.get_by_role("button", name="Save and go to the next").click()
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
    page.get_by_role("link", name="Begin").click()
    kinds: set[str] = set()
    *_, last = course.activities()
    for activity in course.activities():
        if isinstance(activity, Lesson):
            expect(page.locator("article h1")).to_have_text(words(activity.title))
            page.get_by_role("button", name="Mark as done and go on").click()
            continue
        expect(page.locator("main h1")).to_have_text(words(activity.title))
        if isinstance(activity, Assignment):
            hand_in(page, activity)
            mark_as_mentor(open_page, activity)
            page.reload()
        elif isinstance(activity, Scenario):
            play(page, activity)
        else:
            kinds |= take(page, course, activity)
        if activity != last:
            page.get_by_role("link", name="Go on with the course").click()
            page.locator("main").get_by_role("link", name="Continue", exact=True).click()
    assert kinds == {each.kind for pool in course.pools for each in pool.questions}, "a kind of question never came"

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
    expect(visitor.locator("main")).to_contain_text(words(course.title))
    expect(visitor.locator("main")).not_to_contain_text(number)

    mentor = open_page("mentor", java_script_enabled=False)
    mentor.get_by_role("link", name=CLASS_TWO).click()
    mentor.get_by_label("Trainee number").fill(number)
    mentor.get_by_role("button", name="Filter").click()
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
    expect(page.locator("main h1")).to_have_text(words(quiz.title))
    page.get_by_role("button", name="Begin").click()

    def given() -> list[tuple[str, str]]:
        """What the form would send, but for its token and the flag."""
        sent: list[list[str]] = page.locator("form[data-keep]").evaluate("form => [...new FormData(form)]")
        return [(name, value) for name, value in sent if name not in ("csrf_token", "flag")]

    answer_right(page, course)
    first = given()
    assert any(value for _, value in first)
    page.get_by_role("button", name="Save and go on").click()
    answer_right(page, course)
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
