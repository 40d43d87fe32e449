"""A course on paper: complete, numbered right, in its direction, and silent about the key."""

import io
import re
from functools import cache
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from lms.books import print as paper
from lms.library import folder
from lms.library.activities import Lesson, Quiz
from lms.library.cli import COURSES
from lms.library.document import CourseDocument
from tests.books import courses
from tests.documents import a_document

DP01 = COURSES / "democratic-policing-foundations"


def squeezed(words: str) -> str:
    return " ".join(words.split())


class Opened:
    """A PDF and the words of its pages."""

    def __init__(self, book: bytes) -> None:
        self.bytes = book
        self.reader = PdfReader(io.BytesIO(book))
        self.pages = [squeezed(page.extract_text()) for page in self.reader.pages]
        self.text = " ".join(self.pages)

    def page_of(self, words: str) -> int:
        """The number of the first page after the contents that says this."""
        return next(number for number, page in enumerate(self.pages, 1) if number > 2 and squeezed(words) in page)

    def fonts(self) -> set[str]:
        found: set[str] = set()
        for page in self.reader.pages:
            resources: Any = page["/Resources"]
            found |= {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
        return found


@cache
def dp01(language: str) -> Opened:
    return Opened(paper.write(folder.read(DP01), language, folder.media_of(DP01)))


def bookmarks(reader: PdfReader) -> list[tuple[int, str, int]]:
    """``(level, title, page)`` of each."""

    def flat(outline: list[Any], level: int = 1) -> list[tuple[int, str, int]]:
        found: list[tuple[int, str, int]] = []
        for each in outline:
            if isinstance(each, list):
                found += flat(each, level + 1)
            else:
                found.append((level, squeezed(str(each.title)), (reader.get_destination_page_number(each) or 0) + 1))
        return found

    return flat(list(reader.outline))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_lesson_is_in_it_and_the_contents_say_where(language: str) -> None:
    document, book = folder.read(DP01), dp01(language)
    contents = book.pages[1]
    for number, module in enumerate(document.modules, 1):
        lessons = [each for each in module.activities if isinstance(each, Lesson)]
        for place, lesson in enumerate(lessons, 1):
            title = f"{number}.{place} {squeezed(lesson.title[language])}"
            listed = re.search(re.escape(title) + r"\s*[. ]*?(\d+)\b", contents)
            assert listed, title
            assert int(listed[1]) == book.page_of(title), title
        for quiz in (each for each in module.activities if isinstance(each, Quiz)):
            title = squeezed(quiz.title[language])
            listed = re.search(re.escape(title) + r"\s*[. ]*?(\d+)\b", contents)
            assert listed, title
            assert int(listed[1]) == book.page_of(title), title


def test_every_page_but_the_cover_says_its_number_and_its_part() -> None:
    book = dp01("en")
    assert "DP01" in book.pages[0]
    assert "Democratic policing foundations" in book.pages[0]
    for words in ("Recruits and newly posted officers", "16", "English, Français", "November 1, 2026"):
        assert words in book.pages[0]
    for number, page in enumerate(book.pages[1:], 2):
        assert re.search(rf"Democratic policing foundations [^.]+ {number}$", page), number
    page = book.page_of("2.1 Treaty, standard, national law")
    assert book.pages[page].endswith(f"Democratic policing foundations Where rights come from {page + 1}")


def test_modules_begin_on_a_new_page() -> None:
    document, book = folder.read(DP01), dp01("en")
    for number, module in enumerate(document.modules, 1):
        page = book.page_of(f"Module {number} ")
        assert book.pages[page - 1].startswith(f"Module {number} {module.title['en']} {number}.1 ")


def test_it_is_a4_with_bookmarks_and_tags() -> None:
    document, book = folder.read(DP01), dp01("en")
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in book.reader.pages} == {(595, 842)}
    marked = bookmarks(book.reader)
    titles = [title for level, title, _ in marked if level == 1]
    assert titles == [
        "Democratic policing foundations",
        "Contents",
        "What you will be able to do",
        *(module.title["en"] for module in document.modules),
        "Job aid",
        "Glossary",
        "Sources",
    ]
    lessons = [each for each in document.activities() if isinstance(each, Lesson)]
    second = [re.sub(r"^\d\.\d ", "", title) for level, title, _ in marked if level == 2]
    assert [title for title in second if not title.startswith("Quiz")] == [each.title["en"] for each in lessons]
    assert all(title in book.pages[page - 1] for _, title, page in marked)
    root: Any = book.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"


def test_drawings_are_drawn_and_the_law_here_has_room_to_be_written() -> None:
    book = dp01("en")
    number = book.page_of("Three kinds of text")
    picture = pypdfium2.PdfDocument(book.bytes)[number - 1].render(scale=1).to_pil().convert("L")
    dark = sum(1 for value in picture.crop((150, 470, 450, 760)).get_flattened_data() if value < 120)
    assert dark > 1000, "the drawing of the sources"
    asked = [each.law["en"] for each in folder.read(DP01).activities() if isinstance(each, Lesson) and each.law]
    assert len(asked) == 5
    for law in asked:
        page = book.pages[book.page_of(law) - 1]
        assert "The law in force here" in page
        assert "write here what the law says" in page


def test_arabic_is_set_from_right_to_left_in_its_own_letters() -> None:
    made = paper.write(courses.arabic(), "ar", courses.media)
    book = Opened(made)
    assert any("Naskh" in name for name in book.fonts())
    root: Any = book.reader.trailer["/Root"]
    assert root["/Lang"] == "ar"
    lesson = book.text
    for words in ("المحتويات", "الدقيقة الأولى", "مسرد المصطلحات", "القانون الساري هنا"):
        assert words in lesson
    cover = pypdfium2.PdfDocument(made)[0].render(scale=1).to_pil().convert("L").crop((60, 60, 535, 160))
    left, right = cover.crop((0, 0, 237, 100)), cover.crop((238, 0, 475, 100))
    assert min(left.get_flattened_data()) > 200, "the emblem does not stand on the left"
    assert min(right.get_flattened_data()) < 100, "it stands on the right"


def test_a_trainees_book_asks_without_telling_and_a_mentors_tells() -> None:
    document = a_document()
    book = Opened(paper.write(document, "en", courses.media))
    mentors = Opened(paper.write(document, "en", courses.media, answers=True))
    for words in ("Which ones?", "Option a", "Term x", "Match z", "Step two", "How many hours?"):
        assert words in book.text
    for told in ("because of", "You have it", "Read it again", "48", "dignity", "Right answer"):
        assert told not in book.text
        assert told in mentors.text
    for opened in (book, mentors):
        assert "Question f-" not in opened.text, "the final assessment"
    assert "With answers, for mentors" in mentors.pages[0]


def test_equal_courses_give_equal_bytes() -> None:
    document = courses.arabic()
    again = CourseDocument.model_validate_json(document.canonical_json())
    assert paper.write(again, "ar", courses.media) == paper.write(document, "ar", courses.media)


def test_hostile_words_are_printed_as_words() -> None:
    book = Opened(paper.write(courses.hostile(), "en", courses.media))
    assert '<script>alert("run")</script>' in book.text
    assert "root:" not in book.text
    root: Any = book.reader.trailer["/Root"]
    assert "/JavaScript" not in str(root.get("/Names", ""))
    addresses = [
        str(note.get_object()["/A"]["/URI"])
        for page in book.reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object() and "/URI" in note.get_object()["/A"]
    ]
    assert addresses
    assert all(re.match(r"https?://|mailto:", address) for address in addresses)


def test_a_wide_table_stays_on_the_paper() -> None:
    cells = [f"Responsibility{n}" for n in range(9)]
    rows = "\n".join(f"| {' | '.join(each)} |" for each in (cells, ["-"] * 9, *[cells] * 30))
    made = paper.write(courses.with_lesson(rows), "en", courses.media)
    number = Opened(made).page_of("Greeting")
    picture = pypdfium2.PdfDocument(made)[number - 1].render(scale=1).to_pil().convert("L")
    text, margin = picture.crop((65, 300, 530, 700)), picture.crop((535, 40, 595, 800))
    assert min(text.get_flattened_data()) < 100
    assert min(margin.get_flattened_data()) > 240
