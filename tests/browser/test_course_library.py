"""A whole course in a real browser, from the class that its mentor makes to the certificate, in both its languages."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from lms.core import clock
from lms.library import folder
from tests.browser.conftest import CLASS_TWO, ROOT, OpenPage, Site, a_trainee
from tests.browser.hands import Hands
from tests.player import Player, plain

pytestmark = pytest.mark.browser

COURSES = ROOT / "courses"
COURSE = folder.read(COURSES / "integrity-accountability")
MISSION = "Port-Salin policing assistance"
# Words of pages and papers as they must stand there, not looked up in a catalogue.
HEADING = {"en": "Integrity and accountability", "fr": "Intégrité et obligation de rendre compte"}
LESSON = {
    "en": ("Mark as done and go on", "Course outline"),
    "fr": ("Marquer comme fait et continuer", "Plan du cours"),
}
PAPER = {"en": "Certificate of completion", "fr": "Certificat de fin de formation"}


@pytest.fixture(scope="module", autouse=True)
def _published(site: Site) -> None:
    assert "integrity-accountability: version 1" in site.run("courses", "publish", str(COURSES / COURSE.slug))


def has_done_dp01(inside: Flask, name: str) -> None:
    """A trainee with what the course asks for first."""
    foundations = folder.read(COURSES / "democratic-policing-foundations")
    with inside.app_context():
        a_trainee(name, CLASS_TWO, *(each.id for each in foundations.activities()))


def make_class(mentor: Page, title: str, trainee: str) -> None:
    """A class of the course from today on, with one trainee in it."""
    mentor.goto("/missions/")
    mentor.get_by_role("link", name=MISSION).click()
    mentor.get_by_role("link", name="New cohort").click()
    mentor.get_by_label("Title").fill(title)
    mentor.get_by_label("Course").select_option(label=f"{COURSE.code} · {COURSE.title['en']}")
    mentor.get_by_label("First day").fill(clock.today().isoformat())
    mentor.get_by_label("Last day").fill((clock.today() + timedelta(days=30)).isoformat())
    mentor.get_by_role("button", name="Make the cohort").click()
    mentor.get_by_label("Trainee number").fill(trainee)
    mentor.get_by_role("button", name="Enrol").click()
    expect(mentor.get_by_role("status").last).to_contain_text(f"{trainee.upper()} is enrolled")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_whole_course_from_the_pre_test_to_the_certificate(
    inside: Flask, open_page: OpenPage, tmp_path: Path, language: str
) -> None:
    trainee = f"whole-course-{language}"
    has_done_dp01(inside, trainee)
    mentor = open_page("mentor", java_script_enabled=False)
    make_class(mentor, f"Sergeants, {language}", trainee)

    page = open_page(trainee, language, java_script_enabled=False, accept_downloads=True)
    page.get_by_role("link", name=HEADING[language]).click()
    expect(page.locator("main h1")).to_have_text(HEADING[language])
    player = Player(Hands(page), COURSE, language)
    player.whole(Player(Hands(mentor), COURSE, "en").mark)
    assert page.locator("html").get_attribute("lang") == language

    player.hands.press(player.says("Get my certificate"))
    code = plain(page.locator("main bdi.code").first.text_content() or "")
    with page.expect_download() as download:
        player.hands.follow(player.says("Download PDF"))
    download.value.save_as(tmp_path / "certificate.pdf")
    (sheet,) = PdfReader(tmp_path / "certificate.pdf").pages
    paper = plain(sheet.extract_text())
    for words in (code, COURSE.code, HEADING[language], PAPER[language]):
        assert plain(words) in paper
