"""A week of a class: what its mentor does from the roll to the end, and a trainee sees of it on a cheap phone."""

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from lms.accounts import service as accounts
from lms.accounts.models import Role
from lms.core import clock
from lms.core.db import transaction
from lms.demo import PASSWORD
from lms.library.document import CourseDocument
from lms.missions import service as missions
from tests.browser.conftest import OpenPage, Site
from tests.builders import a_mission, a_published
from tests.documents import a_document, an_assignment, words

pytestmark = pytest.mark.browser

MENTOR, MISSION, CLASS, UNIT = "week-mentor", "A week's mission", "Class of the week", "Station 7"
NEW_PASSWORD = "four plain words here"
ANNOUNCEMENT = "Bring your notebooks on Thursday."
REASON = "The second page was handed in on paper."
LEARNT = "Two phones for a group of five are enough."


def a_course() -> CourseDocument:
    """A lesson, then a report to hand in, then a final assessment that is passed with one right answer."""
    data = a_document(slug="week", code="WK01", title=words("A short course")).model_dump(mode="json")
    lesson, *_ = data["modules"][0]["activities"]
    data["modules"][0]["activities"] = [lesson, {**an_assignment("report", "text"), "requires": [lesson["id"]]}]
    final = data["modules"][1]["activities"][0]
    final |= {"requires": ["report"], "draws": [{"pool": "final", "count": 1}]}
    return CourseDocument.model_validate(data)


@dataclass
class Class:
    """What the steps of the week hand on: where the mentor works, who the trainee is."""

    mentor: Page
    open_page: OpenPage
    username: str = ""
    first_password: str = ""


@pytest.fixture
def week(inside: Flask, open_page: OpenPage) -> Class:
    with inside.app_context():
        mission = a_mission(title=MISSION)
        a_published(a_course())
        with transaction():
            accounts.create(MENTOR, Role.MENTOR, by=None, password=PASSWORD)
            missions.deploy(mission, MENTOR, clock.today(), clock.today() + timedelta(days=60), by=None)
    return Class(open_page(MENTOR), open_page)


def a_roll() -> bytes:
    """Forty people of one station as their force's office writes them down, names and all."""
    book = Workbook()
    book.active.append(["Name", "Sex", "Rank", "Region", "Station", "Languages"])
    for number in range(40):
        book.active.append([f"Zebulon Quux {number}", "F" if number < 9 else "M", "Constable", "North", UNIT, "fr ht"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def import_roll(week: Class) -> None:
    page = week.mentor
    page.get_by_role("link", name="Missions").first.click()
    page.get_by_role("link", name=MISSION).first.click()
    page.get_by_role("link", name="Nominal roll").first.click()
    page.get_by_role("link", name="Units").click()
    page.get_by_label("Region").fill("North")
    page.get_by_label("Unit or station").fill(UNIT)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name=MISSION).first.click()
    page.get_by_role("link", name="Nominal roll").first.click()
    page.get_by_role("link", name="Import a roll").click()
    page.locator("input[type=file]").set_input_files({"name": "roll.xlsx", "mimeType": "", "buffer": a_roll()})
    page.get_by_role("button", name="Look into the file").click()
    page.get_by_role("button", name="Go on to the dry run").click()
    expect(page.locator("h1")).to_have_text("Dry run")
    expect(page.locator(".dl div").filter(has_text="New trainees")).to_contain_text("40")
    page.get_by_role("button", name="Take what can be taken").click()
    expect(page.locator("h1")).to_have_text("The roll is taken", timeout=20_000)


def make_cohort(week: Class) -> None:
    page = week.mentor
    page.get_by_role("link", name="Missions").first.click()
    page.get_by_role("link", name=MISSION).first.click()
    page.get_by_role("link", name="New cohort").first.click()
    page.get_by_label("Title").fill(CLASS)
    page.get_by_label("Course").select_option(label="WK01 · A short course")
    page.get_by_label("First day").fill(clock.today().isoformat())
    page.get_by_label("Last day").fill((clock.today() + timedelta(days=6)).isoformat())
    page.get_by_label("Places").fill("40")
    page.get_by_role("button", name="Make the cohort").click()
    page.get_by_role("link", name="Choose from the nominal roll").click()
    expect(page.locator("input[name=chosen]:checked")).to_have_count(40)
    page.get_by_role("button", name="Enrol those who are ticked").click()
    expect(page.locator(".alert-success")).to_contain_text("40 trainees are enrolled.")


def print_slips(week: Class, folder: Path) -> None:
    """The slips of the class; one of them goes to the trainee of this test."""
    page = week.mentor
    page.get_by_role("link", name="Missions").first.click()
    page.get_by_role("link", name=MISSION).first.click()
    page.get_by_role("link", name="Nominal roll").first.click()
    page.get_by_role("link", name="Sign-in slips").click()
    # Forty slips are printed in this request; a busy machine takes its time.
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Make up to 50 slips").click(timeout=60_000)
    download.value.save_as(folder / "slips.pdf")
    lines = [line.strip() for line in PdfReader(folder / "slips.pdf").pages[0].extract_text().splitlines()]
    week.username = lines[lines.index("Username") + 1]
    week.first_password = lines[lines.index("First password") + 1]


def first_sign_in(week: Class) -> Page:
    """A phone without JavaScript: the slip leads to a password of one's own, and that to the course."""
    phone = week.open_page(java_script_enabled=False, viewport={"width": 360, "height": 640})
    phone.get_by_label("Username").fill(week.username)
    phone.get_by_label("Password", exact=True).fill(week.first_password)
    phone.get_by_role("button", name="Sign in").click()
    phone.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    phone.get_by_label("New password again").fill(NEW_PASSWORD)
    phone.get_by_role("button", name="Set password").click()
    if phone.locator("#username").count():
        phone.get_by_label("Username").fill(week.username)
        phone.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
        phone.get_by_role("button", name="Sign in").click()
    expect(phone.locator("h1")).to_have_text("My learning")
    expect(phone.locator("main")).to_contain_text("A short course")
    return phone


def menu(phone: Page, name: str) -> None:
    """By way of the menu, which is folded on a narrow screen."""
    phone.locator(".menu summary").click()
    phone.locator(".menu").get_by_role("link", name=name).click()


def to_the_cohort(week: Class) -> Page:
    week.mentor.get_by_role("link", name="Cohorts").first.click()
    week.mentor.get_by_role("link", name=CLASS).first.click()
    return week.mentor


def hold_a_session(week: Class, phone: Page) -> None:
    page, now = to_the_cohort(week), clock.now()
    page.get_by_role("link", name="Sessions").last.click()
    page.get_by_role("link", name="Plan a session").click()
    page.get_by_label("Topic").fill("At the counter")
    page.get_by_label("Day").fill(now.date().isoformat())
    page.get_by_label("Begins at").fill("00:00" if now.hour == 0 else f"{now.hour - 1:02}:59")
    page.get_by_label("Ends at").fill("23:59")
    page.get_by_label("Time zone").select_option("UTC")
    page.get_by_label("Venue", exact=True).fill("Hall behind the station")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="At the counter").click()
    page.get_by_role("button", name="Check in by code").click()

    menu(phone, "My learning")
    phone.get_by_role("link", name="Check in").click()
    phone.get_by_label("Code").fill((page.locator(".room-code").text_content() or "").strip())
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_role("status").last).to_contain_text("You are checked in")

    page.get_by_role("link", name="To the attendance").click()
    expect(page.get_by_role("row").filter(has=page.get_by_text("by code"))).to_contain_text(week.username.upper())
    away = page.get_by_role("row").filter(has_not=page.get_by_text("by code")).last
    away.get_by_label("Absent").focus()
    page.keyboard.press("a")
    page.get_by_role("button", name="Save, the rest present").click()
    page.get_by_role("link", name="Sessions").last.click()
    expect(page.get_by_role("row").filter(has_text="At the counter")).to_contain_text("39/40")


def hand_in_and_mark(week: Class, phone: Page) -> None:
    menu(phone, "My learning")
    phone.get_by_role("link", name="Begin").click()
    phone.get_by_role("button", name="Mark as done and go on").click()
    phone.get_by_label("Your text").fill("At 09:10 a woman came to the counter.")
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.locator("main")).to_contain_text("Your mentor will mark it")

    page = week.mentor
    page.get_by_role("link", name="Marking").first.click()
    page.locator("main").get_by_role("link", name="report").first.click()
    expect(page.locator("main")).to_contain_text("At 09:10 a woman came to the counter.")
    page.get_by_label("All of it").first.check()
    page.get_by_label("Some of it").last.check()
    page.get_by_label("What you say to the trainee").fill("Say also who was told.")
    page.get_by_role("button", name="Save and go to the next").click()
    expect(page.locator("main")).to_contain_text("Nothing waits")

    phone.reload()
    expect(phone.locator(".result-score")).to_contain_text("75")
    expect(phone.locator("main")).to_contain_text("Say also who was told.")


def announce(week: Class, phone: Page) -> None:
    page = to_the_cohort(week)
    page.get_by_role("link", name="Write to the cohort").click()
    page.locator("main textarea").fill(ANNOUNCEMENT)
    page.get_by_role("button", name="Send").click()
    menu(phone, "Messages")
    phone.get_by_role("button", name=ANNOUNCEMENT).click()
    expect(phone.locator("main")).to_contain_text(ANNOUNCEMENT)


def set_a_score(week: Class, phone: Page) -> None:
    """The mentor sets another score with a reason; the trainee reads both, and what was earned."""
    page = to_the_cohort(week)
    page.locator("table.matrix").get_by_role("link", name=week.username.upper()).click()
    page.locator("main").get_by_role("link", name="report").first.click()
    page.get_by_text("Set another score").click()
    page.get_by_role("button", name="Set this score").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_label("Score in percent").fill("85")
    page.get_by_label("Why").fill(REASON)
    page.get_by_role("button", name="Set this score").click()
    expect(page.locator(".result-score")).to_contain_text("85")
    expect(page.locator(".timeline")).to_contain_text(REASON)

    menu(phone, "My learning")
    phone.locator("main").get_by_role("link", name="A short course").first.click()
    phone.get_by_role("link", name="My marks").click()
    row = phone.get_by_role("row").filter(has_text="report")
    for said in ("85", "earned: 75", REASON):
        expect(row).to_contain_text(said)


def report(week: Class, folder: Path) -> None:
    """The report at the end, on the page and on paper, with what the mentor learnt and without anybody's name."""
    page = to_the_cohort(week)
    page.get_by_role("link", name="Report", exact=True).click()
    page.get_by_label("In your own words").fill(LEARNT)
    page.get_by_role("button", name="Save").click()
    enrolled = page.get_by_role("row").filter(has_text="Enrolled").last
    for count in ("40", "9", "31"):
        expect(enrolled).to_contain_text(count)
    page.get_by_role("button", name="Make the PDF").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="Download").click(timeout=60_000)
    download.value.save_as(folder / "report.pdf")
    paper = " ".join("".join(each.extract_text() for each in PdfReader(folder / "report.pdf").pages).split())
    for said in (CLASS, MISSION, LEARNT, "40"):
        assert said in paper
    assert week.username.upper() not in paper


def pass_the_final(phone: Page) -> None:
    menu(phone, "My learning")
    phone.get_by_role("link", name="Continue").first.click()
    phone.get_by_role("button", name="Begin").click()
    phone.get_by_label("Option b").check()
    phone.get_by_role("button", name="Save and go on").click()
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.locator(".result-score")).to_contain_text("100")


def test_a_course_week_from_the_roll_to_the_end(week: Class, site: Site, tmp_path: Path) -> None:
    import_roll(week)
    make_cohort(week)
    print_slips(week, tmp_path)
    phone = first_sign_in(week)
    hold_a_session(week, phone)
    hand_in_and_mark(week, phone)
    set_a_score(week, phone)
    announce(week, phone)
    pass_the_final(phone)
    report(week, tmp_path)
    kept = b"".join(path.read_bytes() for path in site.data.rglob("*") if path.is_file())
    assert b"Zebulon" not in kept, "names of the roll's file are forgotten"
