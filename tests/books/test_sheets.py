"""What goes with a course: for everyone, for those who teach it, and on paper."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from lms.accounts.models import Role, User
from lms.books import epub, sheets
from lms.books import print as paper
from lms.library import folder
from lms.library.cli import COURSES
from tests.books import courses
from tests.books.test_epub import Opened
from tests.builders import a_mission, a_person, a_published, deployed
from tests.documents import a_document, with_handouts
from tests.pages import Browser

SignIn = Callable[[User], Browser]
REAL = sorted(each.parent for each in COURSES.glob("*/course.yaml"))


def words_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def no_media(name: str) -> bytes:
    raise KeyError(name)


def test_the_course_page_says_what_binds_and_what_guides(app: Flask, sign_in: SignIn) -> None:
    a_published(with_handouts())
    page = sign_in(a_person()).text("/courses/a-course/")
    binds, guides = page.index("Treaties bind the states"), page.index("Standards and guidance do not bind")
    assert binds < page.index("The Covenant") < guides < page.index("The Code")
    assert "1966-12-16" in page
    assert "The Code in full CCLEO Eight articles" in page


def test_a_trainee_reads_and_prints_the_job_aid_and_not_the_guide(app: Flask, sign_in: SignIn) -> None:
    a_published(with_handouts())
    trainee = sign_in(a_person())
    assert "Say who you are." in trainee.text("/courses/a-course/job-aid")
    (sheet,) = words_of(trainee.get("/courses/a-course/job-aid.pdf?language=fr").data)
    assert "Say who you are. (fr)" in sheet
    assert "Mentor's guide" not in trainee.text("/courses/a-course/")
    for path in ("guide", "checklist.pdf"):
        assert trainee.get(f"/courses/a-course/{path}").status_code == 403


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MANAGER])
def test_who_teaches_reads_the_guide_and_prints_the_checklist(app: Flask, sign_in: SignIn, role: Role) -> None:
    a_published(with_handouts())
    staff = sign_in(deployed(a_mission(), role))
    assert "Mentor's guide" in staff.text("/courses/a-course/")
    page = staff.text("/courses/a-course/guide")
    assert "Bring chalk." in page
    assert "critical: Identifies himself or herself" in page
    assert "Bring chalk. (fr)" in staff.text("/courses/a-course/guide?language=fr")
    (sheet,) = words_of(staff.get("/courses/a-course/checklist.pdf").data)
    assert "★ Identifies himself or herself C1" in sheet
    assert "Level 3: Name and unit first" in sheet
    assert "Not observed" in sheet
    assert sheet.count("☐") == 10


def test_a_course_without_handouts_offers_none(app: Flask, sign_in: SignIn) -> None:
    a_published(a_document())
    staff = sign_in(deployed(a_mission()))
    assert "Job aid" not in staff.text("/courses/a-course/")
    for path in ("job-aid", "job-aid.pdf", "guide", "checklist.pdf"):
        assert staff.get(f"/courses/a-course/{path}").status_code == 404


@pytest.mark.parametrize("answers", [False, True])
def test_a_book_holds_the_guide_and_the_checklist_for_mentors_only(answers: bool) -> None:
    printed = " ".join(words_of(paper.write(with_handouts(), "en", no_media, answers=answers)))
    files = Opened(epub.write(with_handouts(), "en", no_media, answers=answers)).all_text()
    for book in (printed, files):
        assert "Say who you are." in book
        assert "The Code in full" in book
        assert ("Bring chalk." in book) is answers
        assert ("Name and unit first" in book) is answers


@pytest.mark.parametrize("path", REAL, ids=lambda each: each.name)
def test_the_job_aid_of_a_real_course_is_one_page_in_every_language(path: Path) -> None:
    document = folder.read(path)
    for language in document.job_aid or {}:
        assert len(words_of(sheets.job_aid(document, language, folder.media_of(path)))) == 1


def test_sheets_in_arabic_run_from_right_to_left() -> None:
    document = courses.arabic().model_copy(
        update={"job_aid": {"ar": "تكلّم بوضوح."}, "observations": with_handouts().observations}
    )
    for sheet in (sheets.job_aid(document, "ar", no_media), sheets.checklist(document, "ar")):
        root = PdfReader(io.BytesIO(sheet)).trailer["/Root"]
        assert root["/Lang"] == "ar"
