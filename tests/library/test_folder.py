"""Course folders: what is good passes, and what is wrong is told with its place and its mend."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from pydantic import ValidationError

from lms.library import check, folder
from lms.library.cli import COURSES
from lms.library.document import CourseDocument
from lms.library.folder import CourseError
from lms.library.media import refusal
from tests.documents import a_document

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A good folder, written from the tests' own document."""
    path = tmp_path / "a-course"
    folder.write(a_document(), path, lambda name: b"")
    return path


def change(file: Path, old: str, new: str) -> int:
    """Replace words in a file; gives the line at which they stood."""
    text = file.read_text()
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def problems(path: Path) -> list[str]:
    """Each problem as it is printed; none for a good folder."""
    try:
        folder.read(path)
    except CourseError as error:
        return [str(each) for each in error.problems]
    return []


def test_the_real_courses_check_clean(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["courses", "check"])
    assert answer.exit_code == 0, answer.output
    assert [line.partition(": ")[2] for line in answer.output.splitlines()] == ["good"] * len(
        list(COURSES.glob("*/course.yaml"))
    )


def test_the_readme_s_table_is_the_one_that_the_command_prints(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["courses", "table"]).output
    assert printed.count("\n") == 2 + len(list(COURSES.glob("*/course.yaml")))
    assert printed in (COURSES / "README.md").read_text()


@pytest.mark.parametrize(
    "path", sorted(each.parent for each in COURSES.glob("*/course.yaml")), ids=lambda each: each.name
)
def test_a_real_course_survives_being_written_and_read(path: Path, tmp_path: Path) -> None:
    document = folder.read(path)
    folder.write(document, tmp_path / path.name, folder.media_of(path))
    assert folder.read(tmp_path / path.name).content_hash() == document.content_hash()


def test_a_good_folder_has_no_problems(course: Path) -> None:
    assert problems(course) == []


def test_the_check_command_says_every_place_and_fails(app: Flask, course: Path) -> None:
    line = change(course / "course.yaml", "hours: 16", "hours: many")
    (course / "stray.txt").write_text("?")
    answer = app.test_cli_runner().invoke(args=["courses", "check", str(course)])
    assert answer.exit_code == 1
    assert f"a-course/course.yaml:{line}: hours: is not a whole number" in answer.output
    assert "a-course/stray.txt: belongs to nothing in course.yaml" in answer.output
    assert "a-course: 2 problems" in answer.output


def test_the_check_command_says_what_a_readable_course_lacks(app: Flask, course: Path) -> None:
    (course / "fr" / "greeting.md").write_text("No heading here.")
    answer = app.test_cli_runner().invoke(args=["courses", "check", str(course)])
    assert answer.exit_code == 1
    unlike = "fr/greeting.md: headings of the first level: here 0, in the source language 1. Give both the same"
    assert unlike in answer.output
    assert "objectives[o]: no question assesses it" in answer.output
    assert "questions[f-0]: cites nothing" in answer.output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hours: 16", "hours: [16", "is not YAML"),
        ("hours: 16", "hours: 16\nhours: 17", "has the key 'hours' twice: keep one"),
        ("hours: 16", "hours: &n 16", "uses & or * references: write the value out"),
        ("hours: 16", "horus: 16", "horus: is not known here: check its spelling or delete it"),
        ("hours: 16", "horus: 16", "hours: is missing: add it"),
        ("hours: 16", "hours: 0", "hours: must be 1 or more"),
        ("hours: 16", "hours: 16\nslug: other", "slug: does not stand here: it follows from the folder"),
        ("code: DP01", "code: dp1", "code: is not of the form"),
        ("  en: A course", "  en: 3", "title.en: is not text: put it in quotes"),
        ("pass_mark: 60", "pass_mark: 160", "modules[0].activities[2].pass_mark: must be 100 or less"),
        ("kind: quiz", "kind: riddle", "modules[0].activities[2]: has the unknown kind 'riddle'"),
        ("pool: kinds", "pool: none", "activity 'quiz' draws from the unknown pool 'none'"),
        ("count: 4", "count: 40", "draws 40 questions from pool 'final', which has 8"),
        ("    - asking", "    - nothing", "activity 'quiz' requires 'nothing', which does not come before it"),
        ("    - greeting", "    - quiz", "activity 'asking' requires 'quiz', which does not come before it"),
        ("    - greeting", "    - asking", "activity 'asking' requires 'asking', which does not come before it"),
        ("id: asking", "id: greeting", "the activity 'greeting' stands twice"),
        ("languages:\n- en\n- fr", "languages: 5", "languages: must be a list"),
        ("modules:\n", "modules: 3\nx:\n", "modules: must be a list"),
        ("  activities:\n", "  activities: 5\n  x:\n", "modules[0].activities: must be a list"),
        ("hours: 16", f"hours: {'9' * 5000}", "hours: is not a whole number"),
        ("pass_mark: 60", "pass_mark: .nan", "pass_mark: is not a whole number"),
        ("  en: A course", '  en: "A\\0course"', "title.en: holds the control character U+0000: delete it"),
        ("  en: A course", '  en: "\\ud800"', "title.en: holds the control character U+D800: delete it"),
        ("  en: A course", '  en: "  "', "title.en: is empty: write something"),
        ("source_language: en", "source_language: ar", "add the source language 'ar' to 'languages'"),
    ],
)
def test_what_is_wrong_in_the_course_file_is_told_with_its_mend(course: Path, old: str, new: str, said: str) -> None:
    change(course / "course.yaml", old, new)
    found = problems(course)
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("old", "new", "below"),
    [
        ("hours: 16", "horus: 16", 0),
        ("hours: 16", "hours: &n 16", 0),
        ("hours: 16", "hours: 16\nhours: 17", 1),
        ("pass_mark: 60", "pass_mark: 160", 0),
        ("minutes: 5", "minutes: soon", 0),
    ],
)
def test_a_problem_names_the_line(course: Path, old: str, new: str, below: int) -> None:
    line = change(course / "course.yaml", old, new) + below
    assert any(each.startswith(f"course.yaml:{line}: ") for each in problems(course))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("correct: true", "correct: false", "mark exactly one option with 'correct: true'"),
        ("  answer: 48.0\n", "", "answer: is missing: add it"),
        ("  answer: true\n", "", "answer: is missing: add it"),
        ("answer: 48.0", "answer: two days", "answer: is not a number"),
        ("id: multiple", "id: single", "the question 'single' stands twice"),
        ("kind: ordering", "kind: ordering\n  objective: unknown", "question 'order' names the unknown objective"),
        ("kind: ordering", "kind: ordering\n  references: [ICCPR 9]", "cites 'ICCPR 9': add its source to 'sources'"),
        (
            "kind: ordering",
            "kind: ordering\n  image: {file: no.png, alt: {en: A}}",
            "question 'order' shows 'no.png', which is not in media/",
        ),
        (
            "kind: ordering",
            "kind: ordering\n  image: {file: ../../../etc/hostname, alt: {en: A}}",
            "question 'order' shows '../../../etc/hostname', which is not in media/",
        ),
        ("questions:", "questoins:", "questoins: is not known here"),
    ],
)
def test_what_is_wrong_in_a_question_is_told_with_its_mend(course: Path, old: str, new: str, said: str) -> None:
    change(course / "questions" / "kinds.yaml", old, new)
    found = problems(course)
    assert any(said in each for each in found), found


def test_a_problem_in_a_question_names_its_file_line_and_path(course: Path) -> None:
    line = change(course / "questions" / "kinds.yaml", "answer: 48.0", "answer: two days")
    assert problems(course) == [f"questions/kinds.yaml:{line}: questions[3].answer: is not a number"]


def test_everything_wrong_is_told_at_once(course: Path) -> None:
    change(course / "course.yaml", "hours: 16", "hours: 0")
    change(course / "questions" / "kinds.yaml", "answer: 48.0", "answer: two days")
    (course / "fr" / "asking.md").write_bytes(b"\xff\xfe")
    (course / "media").mkdir()
    (course / "media" / "a.png").write_bytes(b"GIF89a")
    files = {each.split(":")[0] for each in problems(course)}
    assert files == {"course.yaml", "questions/kinds.yaml", "fr/asking.md", "media/a.png"}


def test_a_lesson_without_its_file_is_told(course: Path) -> None:
    (course / "en" / "asking.md").unlink()
    assert problems(course) == ["en/asking.md: is missing: write the lesson's text there"]


def test_a_missing_translation_is_for_the_check_not_for_the_reading(course: Path) -> None:
    (course / "fr" / "asking.md").unlink()
    assert problems(course) == []
    said = [str(each) for each in check.problems(folder.read(course))]
    assert any("has no words in 'fr': translate it" in each and "asking" in each for each in said)


def test_an_empty_lesson_and_a_stray_one_are_told(course: Path) -> None:
    (course / "fr" / "asking.md").write_text(" \n")
    (course / "en" / "other.md").write_text("Nobody names me.")
    assert sorted(problems(course)) == [
        "en/other.md: belongs to nothing in course.yaml: name it there or delete it",
        "fr/asking.md: is empty: write its text there, or delete the file",
    ]


def test_the_guide_and_the_job_aid_are_files_beside_the_lessons(course: Path) -> None:
    before = folder.read(course)
    assert (before.guide, before.job_aid) == (None, None)
    (course / "en" / "guide.md").write_text("Bring chalk.")
    (course / "en" / "job-aid.md").write_text("Say who you are.")
    (course / "fr" / "job-aid.md").write_text("Présentez-vous.")
    read = folder.read(course)
    assert read.guide == {"en": "Bring chalk."}
    assert read.job_aid == {"en": "Say who you are.", "fr": "Présentez-vous."}
    change(course / "course.yaml", "hours: 16", "hours: 16\nguide: {en: Bring chalk.}")
    assert any("guide: does not stand here: it follows from the folder" in each for each in problems(course))


@pytest.mark.parametrize("id", ["guide", "job-aid"])
def test_no_activity_takes_the_name_of_the_course_s_own_page(course: Path, id: str) -> None:
    change(course / "course.yaml", "id: quiz", f"id: {id}")
    change(course / "course.yaml", "    - quiz", f"    - {id}")
    assert any(f"the activity id '{id}' is kept for the course's own page" in each for each in problems(course))


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("reading: [{title: {en: A}, source: ICCPR}]", "the reading list names 'ICCPR': add it to 'sources'"),
        (
            "observations: [{id: a, text: {en: A}, competency: C11, look_for: {en: A}}]",
            "observations[0].competency: is not of the form",
        ),
        (
            "observations: [{id: a, text: {en: A}, competency: C1, look_for: {en: A}}, "
            "{id: a, text: {en: A}, competency: C1, look_for: {en: A}}]",
            "the observation 'a' stands twice",
        ),
    ],
)
def test_what_is_wrong_with_reading_and_observations_is_told(course: Path, added: str, said: str) -> None:
    change(course / "course.yaml", "hours: 16", f"hours: 16\n{added}")
    assert any(said in each for each in problems(course)), problems(course)


@pytest.mark.parametrize(
    ("setting", "said"),
    [("pass_mark: 70", "pass_mark: is not known here"), ("attempts: 2", "attempts: must be one of 1")],
)
def test_a_pre_test_is_neither_passed_nor_taken_twice(course: Path, setting: str, said: str) -> None:
    change(course / "course.yaml", "kind: quiz", "kind: pre_test")
    change(course / "course.yaml", "    pass_mark: 60\n", "")
    assert problems(course) == []
    change(course / "course.yaml", "kind: pre_test", f"kind: pre_test\n    {setting}")
    assert any(said in each for each in problems(course)), problems(course)


def test_a_course_without_the_newer_fields_keeps_its_hash() -> None:
    assert a_document().content_hash() == "620c43c98f13241d86e697e11d38047a9aa07c6fb5fbfcf8a7c1fdc39332fc6d"


def test_a_folder_without_a_course_file_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path) == ["course.yaml: is missing: every course folder needs one"]


def test_a_picture_that_is_not_there_is_told(course: Path) -> None:
    (course / "en" / "asking.md").write_text("![A post](media/post.png)")
    assert problems(course) == ["en/asking.md: shows 'media/post.png': put that file into media/ or take it out"]


def test_a_picture_that_is_shown_nowhere_is_told(course: Path) -> None:
    (course / "media").mkdir()
    (course / "media" / "post.png").write_bytes(PNG)
    assert problems(course) == ["media/post.png: is shown nowhere: show it or delete it"]
    (course / "en" / "asking.md").write_text("![A post](media/post.png)")
    assert problems(course) == []


@pytest.mark.parametrize("address", ["media/../../secret.png", "media/../media/../../secret.png", "media//secret.png"])
def test_a_media_name_leads_nowhere_outside(course: Path, address: str) -> None:
    (course.parent / "secret.png").write_bytes(PNG)
    (course / "en" / "asking.md").write_text(f"![A secret]({address})")
    assert problems(course) == [f"en/asking.md: shows '{address}': put that file into media/ or take it out"]


@pytest.mark.parametrize("name", ["../../secret.png", "a b.png", "sub/a.png", ".png", "a\n.png", ""])
def test_a_course_cannot_name_a_media_file_elsewhere(course: Path, name: str) -> None:
    values = folder.read(course).model_dump(mode="json")
    values["media"] = {name: {"sha256": "0" * 64, "type": "image/png", "bytes": 1}}
    with pytest.raises(ValidationError, match="media"):
        CourseDocument.model_validate(values)


def test_a_media_file_with_an_odd_name_is_told(course: Path) -> None:
    (course / "media").mkdir(exist_ok=True)
    (course / "media" / "my photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert any(each.startswith("media/my photo.png: is not a plain name") for each in problems(course))


def test_a_link_out_of_the_folder_is_refused(course: Path) -> None:
    (course.parent / "secret.png").write_bytes(PNG)
    (course / "media").mkdir()
    (course / "media" / "post.png").symlink_to(course.parent / "secret.png")
    (course / "en" / "asking.md").write_text("![A post](media/post.png)")
    assert "media/post.png: is a link: put the file itself here" in problems(course)


def test_a_linked_folder_of_media_is_refused(course: Path) -> None:
    outside = course.parent / "outside"
    outside.mkdir()
    (outside / "post.png").write_bytes(PNG)
    (course / "media").symlink_to(outside)
    assert problems(course) == ["media: is a link: put the file itself here"]


def test_a_lesson_id_leads_nowhere_outside(course: Path) -> None:
    shutil.copy(course / "en" / "asking.md", course.parent / "outside.md")
    change(course / "course.yaml", "id: asking", "id: ../../outside")
    assert any("activities[1].id: is not of the form" in each for each in problems(course))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.png", b"GIF89a....", "is not image/png, though its name says so"),
        ("a.png", SVG % b"", "is not image/png, though its name says so"),
        ("a.jpg", PNG, "is not image/jpeg, though its name says so"),
        ("a.mp3", b"<script>", "is not audio/mpeg, though its name says so"),
        ("a.html", b"<p>", "is of a kind that is not taken"),
        ("a.exe", b"MZ", "is of a kind that is not taken"),
        ("a.png", PNG + b"\0" * 5_000_000, "is larger than 5 MB"),
        ("a.svg", b"<html><svg></svg></html>", "does not begin with <svg>"),
        ("a.svg", SVG % b"<script>alert(1)</script>", "holds '<script'"),
        ("a.svg", SVG % b"<SCRIPT>alert(1)</SCRIPT>", "holds '<SCRIPT'"),
        ("a.svg", b'<svg onload="alert(1)"></svg>', "holds 'onload='"),
        ("a.svg", SVG % b"<foreignObject/>", "holds '<foreignObject'"),
        ("a.svg", SVG % b'<image href="https://evil.example/a"/>', "holds '<image'"),
        ("a.svg", SVG % b'<rect fill="url(https://evil.example/a)"/>', "holds 'url(h'"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY x "y">]><svg>&x;</svg>', "does not begin with <svg>"),
        ("a.svg", SVG % b"<style>*{}</style>", "holds '<style'"),
        ("a.svg", SVG % b'<animate attributeName="href"/>', "holds '<animate'"),
        ("a.vtt", b"<script>", "does not begin with WEBVTT"),
        ("a.vtt", b"WEBVTTY", "does not begin with WEBVTT"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff", "is not UTF-8"),
        ("a.vtt", b"WEBVTT\n", "holds no captions"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"a" * 1_000_000, "is larger than 1 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_or_that_runs_is_refused(name: str, content: bytes, said: str) -> None:
    assert said in str(refusal(name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", PNG),
        ("a.svg", SVG % b'<title>A post</title><rect fill="url(#g)" width="2"/><text>R&amp;D</text>'),
        ("a.svg", b'<?xml version="1.0"?>\n' + SVG % b"<path d='M0 0'/>"),
        ("a.mp3", b"ID3\x04"),
        ("A.JPG", b"\xff\xd8\xff\xe0"),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT - greeting\r\n\r\n00:01.000 --> 00:02.000\r\nGood evening\r\n"),
    ],
)
def test_an_honest_file_is_taken(name: str, content: bytes) -> None:
    assert refusal(name, content) is None
