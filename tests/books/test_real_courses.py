"""The courses that come with the product, as books: whole, in every language, on paper and for reading devices."""

from pathlib import Path

import pytest

from lms.books import epub, sheets
from lms.books import print as paper
from lms.core.words import catalogue
from lms.library import folder
from lms.library.activities import Lesson
from lms.library.cli import COURSES
from lms.library.document import CourseDocument
from tests.books.test_epub import Opened as OpenedEpub
from tests.books.test_print import Opened, bookmarks, squeezed

REAL = sorted(each.parent for each in COURSES.glob("*/course.yaml"))
every_one = pytest.mark.parametrize(
    ("path", "language"),
    [(path, language) for path in REAL for language in ("en", "fr")],
    ids=lambda each: getattr(each, "name", each),
)


def titles(document: CourseDocument, language: str) -> list[str]:
    """What the contents must name: modules, lessons, and what follows them."""
    found = []
    for number, module in enumerate(document.modules, 1):
        found.append(module.title[language])
        lessons = [each for each in module.activities if isinstance(each, Lesson)]
        found += [f"{number}.{place} {lesson.title[language]}" for place, lesson in enumerate(lessons, 1)]
    found += [catalogue(language).gettext(each) for each in ("Job aid", "Glossary", "Sources")]
    return [squeezed(each) for each in found]


@every_one
def test_a_real_course_is_a_whole_book_on_paper(path: Path, language: str) -> None:
    document = folder.read(path)
    book = Opened(paper.write(document, language, folder.media_of(path)))
    marked = {title for _, title, _ in bookmarks(book.reader)}
    assert [each for each in titles(document, language) if each not in marked] == []
    modules = [module.title[language] for module in document.modules]
    assert [each for each in modules if squeezed(each) not in book.text] == []


@every_one
def test_a_real_course_is_a_whole_book_for_reading_devices(path: Path, language: str) -> None:
    document = folder.read(path)
    book = OpenedEpub(epub.write(document, language, folder.media_of(path), answers=True))
    contents, words = book.text("nav"), book.all_text()
    own = ("Mentor's guide", "Observation checklist", "Answers")
    expected = [*titles(document, language), *map(catalogue(language).gettext, own)]
    assert [each for each in expected if each not in contents] == []
    seen = [squeezed(text[language]) for item in document.observations for text in (item.text, item.look_for)]
    assert [each for each in seen if each not in words] == []


@every_one
def test_the_checklist_of_a_real_course_prints_each_item_with_its_star(path: Path, language: str) -> None:
    document = folder.read(path)
    sheet = Opened(sheets.checklist(document, language)).text
    assert sheet.count("★ ") >= sum(item.critical for item in document.observations) > 0
    assert sheet.count("☐") == 5 * len(document.observations)
