"""The studio in a browser: a course is written, checked, read by another, published, and a trainee passes it."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Role
from lms.cohorts import service as cohorts
from lms.core import clock
from lms.core.db import session, transaction
from lms.demo import PASSWORD
from lms.library.models import Course, CourseVersion
from lms.missions import service as missions
from lms.missions.models import Mission
from lms.studio.models import Draft
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def authors(inside: Flask) -> tuple[str, str]:
    """Two mentors of the demonstration's mission, for this module alone."""
    with inside.app_context(), transaction():
        mission = session.scalars(select(Mission)).first()
        assert mission is not None
        for name in ("studio-one", "studio-two"):
            accounts.create(name, Role.MENTOR, by=None, password=PASSWORD)
            missions.deploy(mission, name, mission.mandate_begins, mission.mandate_ends, by=None)
    return "studio-one", "studio-two"


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "PNG")
    return out.getvalue()


def begin(page: Page, title: str) -> str:
    """A new course in English; returns its address."""
    page.goto("/studio/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Code", exact=True).fill("LP01")
    page.get_by_label("Language it is written in").fill("en")
    page.get_by_role("button", name="Begin the course").click()
    expect(page.locator("h1")).to_have_text(title)
    return page.url


def add(page: Page, root: str, kind: str, title: str) -> None:
    """Add an activity to the only module and open it."""
    page.goto(root)
    page.get_by_text("Add to this module").click()
    page.get_by_label("What", exact=True).select_option(label=kind)
    page.locator(".studio-add [name=title]").first.fill(title)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("h1")).to_have_text(title)


def write(page: Page, text: str) -> None:
    """Put a lesson's text into its field as Markdown."""
    page.get_by_role("button", name="Markdown", exact=True).click()
    page.locator("#text").fill(text)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".alert-success")).to_contain_text("Saved.")


LESSONS = {
    "Greeting people": "![The gate of the station](media/gate.png)\n\nGreet first.\n",
    "What to say": "| Say | Do not say |\n| --- | --- |\n| Good morning | You there |\n",
    "In Arabic": "> [!SCENARIO] على البوابة\n> السلام عليكم. أنا الشرطي 305.\n\nGreet in the language of the place.\n",
}

QUESTIONS: dict[str, dict[str, str]] = {
    "One right answer": {
        "options-0-text": "Greet",
        "options-0-feedback": "Yes, always.",
        "options-1-text": "Shout",
        "options-1-feedback": "No, it frightens.",
        "correct": "0",
    },
    "Several right answers": {
        "options-0-text": "Name",
        "options-0-feedback": "Yes.",
        "options-1-text": "Reason",
        "options-1-feedback": "Yes.",
        "options-2-text": "Threat",
        "options-2-feedback": "No.",
        "correct": "0 1",
    },
    "True or false": {"answer": "true", "when_true": "Yes.", "when_false": "No: it holds."},
    "Number": {"answer": "48", "feedback_right": "Yes.", "feedback_wrong": "48 hours."},
    "Short text": {"accepted": "consent", "feedback_right": "Yes.", "feedback_wrong": "Consent."},
    "Matching": {
        "pairs-0-term": "Stop",
        "pairs-0-match": "Ground",
        "pairs-1-term": "Search",
        "pairs-1-match": "Warrant",
        "feedback_right": "Yes.",
        "feedback_wrong": "Read again.",
    },
    "Ordering": {
        "items-0-text": "Greet",
        "items-1-text": "Explain",
        "feedback_right": "Yes.",
        "feedback_wrong": "Greet first.",
    },
}


def fill(page: Page, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        if name == "correct" or (name == "answer" and value in ("true", "false")):
            for each in value.split():
                page.locator(f"[name={name}][value='{each}']").check()
        else:
            page.locator(f"[name='{name}']").fill(value)


MOMENTS = (
    {
        "frames-0-text": "A man shouts at the gate. What do you do?",
        "frames-0-choices-0-text": "Greet him",
        "frames-0-choices-0-consequence": "He lowers his voice.",
        "frames-0-choices-1-text": "Shout back",
        "frames-0-choices-1-consequence": "A crowd gathers.",
    },
    {"frames-1-text": "He tells you what happened.", "frames-1-debrief": "A greeting costs nothing."},
    {"frames-2-text": "Stones fly.", "frames-2-debrief": "Nobody hears who shouts."},
)


def write_scenario(page: Page, root: str) -> None:
    """One decision with two ends, of which one is passed; a choice makes the moment that it leads to."""
    add(page, root, "Scenario", "Anger at the gate")
    fill(page, MOMENTS[0])
    for place in (0, 1):
        page.locator(f"[name='frames-0-choices-{place}-to']").select_option("*")
    save(page)
    for number, outcome in ((1, "good"), (2, "poor")):
        section = page.locator(f"#frame-{number + 1}")
        section.get_by_text("What this end teaches").click()
        fill(page, MOMENTS[number])
        page.locator(f"[name='frames-{number}-outcome']").select_option(outcome)
    save(page)


def write_course(page: Page, title: str) -> str:
    """Three lessons, a branching scenario and a final with a question of each kind; returns the draft's address."""
    root = begin(page, title)
    page.get_by_label("Title of a new module").fill("The first minute")
    page.get_by_role("button", name="Add the module").click()
    page.goto(f"{root}files")
    page.get_by_label("Picture, sound or film").set_input_files(
        {"name": "gate.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    page.get_by_label("What it shows").fill("The gate")
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".asset-list img")).to_have_count(1)
    for name, text in LESSONS.items():
        add(page, root, "Lesson", name)
        write(page, text)
        expect(page.locator("[data-save-state]")).to_have_text("Everything is saved.")
    write_scenario(page, root)
    page.goto(f"{root}questions")
    page.get_by_label("Title of a new pool").fill("All kinds")
    page.get_by_role("button", name="Add the pool").click()
    for kind, fields in QUESTIONS.items():
        page.goto(f"{root}questions")
        page.get_by_text("Add to this pool").click()
        page.locator(".studio-add [name=kind]").select_option(label=kind)
        page.locator(".studio-add [name=prompt]").fill(f"Asked as: {kind}?")
        page.get_by_role("button", name="Add", exact=True).click()
        fill(page, fields)
        save(page)
    add(page, root, "Final assessment", "What you know")
    page.get_by_label("All kinds (7 questions)").check()
    save(page)
    page.goto(f"{root}about")
    page.get_by_label("What it is about").fill("How to begin a talk.")
    page.get_by_label("For whom").fill("Recruits.")
    page.get_by_label("Objective 1").fill("Greets, says who they are and why.")
    save(page)
    return root


def test_a_course_is_written_read_by_another_published_and_passed(
    inside: Flask, authors: tuple[str, str], open_page: OpenPage
) -> None:
    author, reader = open_page(authors[0]), open_page(authors[1])
    root = write_course(author, "The first minute at the gate")
    author.goto(f"{root}review")
    expect(author.get_by_text("Nothing stands in the way of publishing.")).to_be_visible()
    author.get_by_role("button", name="Send to review").click()
    expect(author.locator(".alert-success[role=status]")).to_contain_text("in review")
    reader.goto(f"{root}preview")
    expect(reader.locator("article img")).to_have_attribute("alt", "The gate of the station")
    reader.goto(f"{root}review")
    reader.get_by_label("What is new in this version").fill("First edition.")
    reader.get_by_role("button", name="Publish", exact=True).click()
    expect(reader.get_by_role("button", name="Send to review")).to_be_visible()

    with inside.app_context(), transaction():
        draft = session.scalars(select(Draft).where(Draft.slug == "the-first-minute-at-the-gate")).one()
        version = session.scalars(
            select(CourseVersion).join(Course, Course.id == CourseVersion.course_id).where(Course.slug == draft.slug)
        ).one()
        mission, today = session.get_one(Mission, draft.mission_id), clock.today()
        cohort = cohorts.create(mission, version.id, title="Gate class", begins=today, ends=today, capacity=9, by=None)
        trainee = accounts.create("gate-trainee", Role.TRAINEE, by=None, password=PASSWORD)
        place = cohorts.place(cohort, trainee, by=None).id
    learn(open_page("gate-trainee", viewport={"width": 360, "height": 740}), f"/learn/{place}/")


def learn(page: Page, course: str) -> None:
    """Read the lessons, decide well, answer the final right, receive the certificate."""
    page.goto(course)
    page.get_by_role("link", name="Begin").click()
    for title in LESSONS:
        expect(page.locator("h1")).to_have_text(title)
        page.locator("form[action$='/done'] button").first.click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Greet him").check()
    page.get_by_role("button", name="Do this").click()
    expect(page.locator("main")).to_contain_text("A greeting costs nothing.")
    page.get_by_role("link", name="Go on with the course").click()
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name="Begin").click()
    for _ in QUESTIONS:
        kind = re.search(r"Asked as: (.+)\?", page.locator("main").inner_text())
        assert kind
        answer(page, kind[1])
        page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".result-score")).to_contain_text("100%")
    page.goto(course)
    page.get_by_role("button", name="Get my certificate").click()
    page.goto("/certificates/")
    expect(page.locator("main")).to_contain_text("The first minute at the gate")


def answer(page: Page, kind: str) -> None:
    """The right answer to the one question of this kind."""
    choices: dict[str, list[str]] = {
        "One right answer": ["Greet"],
        "Several right answers": ["Name", "Reason"],
        "True or false": ["True"],
    }
    lines: dict[str, dict[str, str]] = {
        "Matching": {"Stop": "Ground", "Search": "Warrant"},
        "Ordering": {"Greet": "1", "Explain": "2"},
    }
    for words in choices.get(kind, []):
        page.get_by_label(words, exact=True).check()
    for line, option in lines.get(kind, {}).items():
        row = page.locator(".question-line").filter(has=page.get_by_text(line, exact=True))
        row.locator("select").select_option(label=option)
    if kind in ("Number", "Short text"):
        page.locator("#answer").fill({"Number": "48", "Short text": "Consent"}[kind])


def test_a_second_author_loses_nothing_and_overwrites_nothing_unseen(
    authors: tuple[str, str], open_page: OpenPage
) -> None:
    first, second = open_page(authors[0]), open_page(authors[1])
    root = begin(first, "Two at one desk")
    first.get_by_label("Title of a new module").fill("One")
    first.get_by_role("button", name="Add the module").click()
    add(first, root, "Lesson", "Shared")
    second.goto(first.url)
    write(first, "The words of the first author.")
    expect(first.locator("[data-save-state]")).to_have_text("Everything is saved.")
    write(second, "The words of the second author.")
    expect(second.locator("[data-save-state]")).to_have_text("Not saved. Press Save to see why.")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".conflict pre")).to_have_text("The words of the first author.")
    expect(second.locator("#text")).to_have_value("The words of the second author.")
    save(second)
    second.get_by_role("link", name="History").click()
    expect(second.locator(".diff del")).to_have_text("The words of the first author.")
    expect(second.locator(".diff ins")).to_have_text("The words of the second author.")


def test_what_is_typed_while_the_network_is_away_is_saved_when_it_is_back(
    authors: tuple[str, str], open_page: OpenPage
) -> None:
    page = open_page(authors[0])
    root = begin(page, "Far from the mast")
    page.get_by_label("Title of a new module").fill("One")
    page.get_by_role("button", name="Add the module").click()
    add(page, root, "Lesson", "Alone")
    address = page.url
    page.route("**/activities/alone*", lambda route: route.abort())
    write(page, "Typed in the dark.")
    expect(page.locator("[data-save-state]")).to_contain_text("Not saved: there is no answer.")
    page.unroute("**/activities/alone*")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-save-state]")).to_have_text("Everything is saved.")
    page.goto(address)
    expect(page.locator("#text")).to_have_value("Typed in the dark.\n")


def test_what_is_typed_after_the_session_ended_stays_and_is_saved_after_signing_in(
    authors: tuple[str, str], open_page: OpenPage
) -> None:
    page = open_page(authors[0])
    root = begin(page, "Too long at lunch")
    page.get_by_label("Title of a new module").fill("One")
    page.get_by_role("button", name="Add the module").click()
    add(page, root, "Lesson", "Late")
    page.context.clear_cookies()
    write(page, "Typed after lunch.")
    expect(page.locator("[data-save-state]")).to_contain_text("Not saved: you are signed out.")
    other = page.context.new_page()
    other.goto("/sign-in")
    other.locator("#username").fill(authors[0])
    other.locator("#password").fill(PASSWORD)
    other.locator("main form button[type=submit]").click()
    other.locator(".account").wait_for()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-save-state]")).to_have_text("Everything is saved.")


def test_activities_are_dragged_as_well_as_moved_by_buttons(authors: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page(authors[0])
    root = begin(page, "Dragged about")
    page.get_by_label("Title of a new module").fill("One")
    page.get_by_role("button", name="Add the module").click()
    for title in ("First", "Second", "Third"):
        add(page, root, "Lesson", title)
    page.goto(root)
    page.locator("[data-drag=third]").drag_to(page.locator("[data-drag=first]"), target_position={"x": 40, "y": 2})
    expect(page.locator(".studio-link")).to_have_text(["Third", "First", "Second"])
    page.get_by_role("button", name="Move down: Third").click()
    expect(page.locator(".studio-link")).to_have_text(["First", "Third", "Second"])
    page.get_by_role("button", name="Take out: Third").click()
    expect(page.locator(".studio-link")).to_have_text(["First", "Second"])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".studio-link")).to_have_text(["First", "Third", "Second"])


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_studio_can_be_used_by_everyone(
    inside: Flask, authors: tuple[str, str], open_page: OpenPage, language: str, width: int
) -> None:
    options: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    page = open_page(authors[0], language, **options)
    with inside.app_context():
        draft = session.scalars(select(Draft).order_by(Draft.created_at)).first()
        assert draft is not None
        root = f"/studio/{draft.id}/"
        session.rollback()
    found = []
    for path in ("", "questions", "files", "about", "translations", "review", "preview", "history/outline"):
        page.goto(root + path)
        found += [f"{path}: {each}" for each in violations(page)]
    page.goto(root)
    page.locator(".studio-link").first.click()
    found += [f"editor: {each}" for each in violations(page)]
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        found.append("editor: scrolls sideways")
    assert not found, "\n".join(found)
