"""`flask courses book`: a book from a published course or from a folder."""

import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from lms.library import folder
from tests.books import courses
from tests.builders import a_published
from tests.documents import a_document


@pytest.fixture
def course(tmp_path: Path) -> Path:
    document = courses.arabic()
    folder.write(document, tmp_path / document.slug, courses.media)
    return tmp_path / document.slug


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["courses", "book", *map(str, arguments)])


def test_a_folder_becomes_an_epub_in_its_own_language(app: Flask, course: Path, tmp_path: Path) -> None:
    for name in ("Post.PNG", "greeting.mp3"):
        assert (course / "media" / name).exists()
    (course / "media" / "Post.PNG").unlink()  # shown nowhere, which reading refuses
    done = run(app, course, tmp_path / "book.epub")
    assert done.exit_code == 0, done.output
    assert "DP02 in ar" in done.output
    with zipfile.ZipFile(tmp_path / "book.epub") as book:
        assert b'dir="rtl"' in book.read("EPUB/title.xhtml")


def test_a_published_course_becomes_a_pdf_with_answers(app: Flask, tmp_path: Path) -> None:
    a_published()
    done = run(app, "a-course", tmp_path / "mentor", "--format", "pdf", "--language", "fr", "--answers")
    assert done.exit_code == 0, done.output
    assert "DP01 in fr, with answers" in done.output
    assert (tmp_path / "mentor").read_bytes().startswith(b"%PDF")


def test_what_cannot_be_done_says_why_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    a_published(a_document())
    output = tmp_path / "book.epub"
    for arguments, words in (
        (("no-course", output), "'no-course' is neither a published course nor a course folder."),
        (("a-course", output, "--language", "ar"), "not written in 'ar': choose one of en, fr"),
        (("a-course", "/proc/no/book.epub"), "/proc/no/book.epub cannot be written"),
        (("a-course", tmp_path / "book.doc"), "Name a format with --format, or let the file end in .epub or .pdf."),
    ):
        refused = run(app, *arguments)
        assert refused.exit_code != 0
        assert words in " ".join(refused.output.split())
    assert list(tmp_path.iterdir()) == []


def test_a_bad_folder_tells_its_problems_and_writes_nothing(app: Flask, course: Path, tmp_path: Path) -> None:
    (course / "course.yaml").write_text("format: 1\n")
    refused = run(app, course, tmp_path / "book.pdf")
    assert refused.exit_code != 0
    assert "arabic-course/course.yaml" in refused.output
    assert "has problems; no book was written." in refused.output
    assert not (tmp_path / "book.pdf").exists()
