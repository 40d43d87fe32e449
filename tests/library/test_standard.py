"""The courses that come with the product, held to the standard of their README, part by part."""

import re
from functools import cache
from pathlib import Path

import pytest

from lms.core import markup
from lms.library import folder
from lms.library.activities import Assignment, Lesson, PostTest, PreTest, Scenario
from lms.library.check.weight import words_of
from lms.library.check.wording import texts_of
from lms.library.cli import COURSES
from lms.library.document import CourseDocument, Module
from lms.library.instruments import instruments

REAL = sorted(each.parent for each in COURSES.glob("*/course.yaml"))
# How a lesson says that it follows one case from its beginning to its end.
EXAMPLE = {
    "en": ("Worked example", "Back to ", "A report that helps"),
    "fr": ("Exemple", "exemple", "Retour à ", "utile"),
}


@cache
def read(path: Path) -> CourseDocument:
    return folder.read(path)


@pytest.fixture(params=REAL, ids=lambda each: each.name)
def course(request: pytest.FixtureRequest) -> CourseDocument:
    return read(request.param)


def lessons(part: CourseDocument | Module) -> list[Lesson]:
    activities = part.activities if isinstance(part, Module) else part.activities()
    return [each for each in activities if isinstance(each, Lesson)]


def test_a_course_has_five_to_seven_modules_and_fifteen_to_twenty_five_lessons(course: CourseDocument) -> None:
    assert course.languages == ["en", "fr"]
    assert 5 <= len(course.modules) <= 7
    assert 15 <= len(lessons(course)) <= 25


def test_every_lesson_has_300_to_700_words_in_both_languages(course: CourseDocument) -> None:
    counts = {(each.id, language): words_of(body) for each in lessons(course) for language, body in each.body.items()}
    assert {place: count for place, count in counts.items() if not 300 <= count <= 700} == {}


def test_every_lesson_opens_on_a_street_or_in_a_station_and_ends_with_the_next_shift(course: CourseDocument) -> None:
    for lesson in lessons(course):
        for body in lesson.body.values():
            opener, _, rest = body.partition("\n## ")
            assert "> [!SCENARIO] " in opener, lesson.id
            assert "> [!PRACTICE] " in rest, lesson.id


def test_every_lesson_has_a_worked_example(course: CourseDocument) -> None:
    without = [
        (each.id, language)
        for each in lessons(course)
        for language, body in each.body.items()
        if not any(words in body for words in EXAMPLE[language])
    ]
    assert without == []


def test_every_module_has_a_scenario_a_drawing_and_room_for_the_law(course: CourseDocument) -> None:
    for module in course.modules:
        assert any(isinstance(each, Scenario) for each in module.activities), module.id
        assert any(markup.pictures(each.body["en"]) for each in lessons(module)), module.id
        assert any(each.law for each in lessons(module)), module.id
    assert {name.rpartition(".")[2] for name in course.media} == {"svg"}


def test_french_names_an_instrument_as_french_does(course: CourseDocument) -> None:
    foreign = [each.id for each in instruments() if "fr" in each.short]
    texts = [texts["fr"] for _, texts in texts_of(course) if isinstance(texts.get("fr"), str)]
    assert [text for text in texts if re.search(rf"\b({'|'.join(foreign)})\b", text)] == []


def test_forty_questions_each_with_an_objective_and_a_reference(course: CourseDocument) -> None:
    questions = [each for pool in course.pools for each in pool.questions]
    assert len(questions) >= 40
    assert [each.id for each in questions if not (each.objective and each.references)] == []


def test_pre_test_and_post_test_draw_alike_from_a_pool_twice_as_large(course: CourseDocument) -> None:
    (before,) = [each for each in course.activities() if isinstance(each, PreTest)]
    (after,) = [each for each in course.activities() if isinstance(each, PostTest)]
    assert before.draws == after.draws
    sizes = {pool.id: len(pool.questions) for pool in course.pools}
    assert all(draw.count and sizes[draw.pool] >= 2 * draw.count for draw in before.draws)


def test_what_a_mentor_needs_is_there(course: CourseDocument) -> None:
    (assignment,) = [each for each in course.activities() if isinstance(each, Assignment)]
    assert len(assignment.rubric) >= 4
    assert "text" in assignment.hand_in
    assert sum(item.critical for item in course.observations) >= 2
    assert course.guide
    assert all(words_of(text) > 1000 for text in course.guide.values())
    assert all((course.job_aid, course.glossary, course.reading))


def test_a_course_says_what_binds_and_what_guides_and_the_date_of_its_text(course: CourseDocument) -> None:
    assert {source.binding for source in course.sources} >= {"treaty", "standard"}
    assert course.text_date


def test_french_has_its_spaces_that_do_not_break(course: CourseDocument) -> None:
    """A space of any other kind would let a mark stand alone at the beginning of a line."""
    for page, texts in course.markdown():
        for mark in (" ;", " ?", " !", " »", "« ", "\u00a0;", "\u00a0?", "\u00a0!"):
            assert mark not in texts["fr"], (page, mark)
