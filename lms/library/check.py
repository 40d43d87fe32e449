"""What makes a course good beyond being readable: complete in every language, cited, assessed, light."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from lms.core import markup
from lms.library import rendering
from lms.library.activities import FinalAssessment, Lesson
from lms.library.document import CourseDocument
from lms.library.problems import Problem

# A page of a lesson on a slow network; pictures come after it.
HEAVIEST_LESSON = 40_000


def problems(document: CourseDocument) -> list[Problem]:
    """Everything to mend before the course is published, each with its place."""
    found: list[Problem] = []
    for check in (
        _untranslated,
        _different_structure,
        _pictures_without_words,
        _unknown_callouts,
        _heavy_lessons,
        _unassessed_objectives,
        _uncited_questions,
        _modules_without_law,
        _finals_without_choice,
    ):
        found += check(document)
    return found


def _texts(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text with its path; a text is a mapping whose keys are languages."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _texts(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each, f"{path}[{getattr(each, 'id', '')}]")
    elif isinstance(part, dict) and part and not path.endswith("media"):
        yield path, part


def _untranslated(document: CourseDocument) -> Iterator[Problem]:
    for path, text in _texts(document):
        for language in document.languages:
            if language not in text:
                yield Problem("course.yaml", f"has no words in '{language}': translate it", path=path)
        for language in text:
            if language not in document.languages:
                yield Problem("course.yaml", f"has words in '{language}', which 'languages' does not name", path=path)


def _lessons(document: CourseDocument) -> Iterator[Lesson]:
    for activity in document.activities():
        if isinstance(activity, Lesson):
            yield activity


def _structure(body: str) -> Counter[str]:
    """How many headings, tables, callouts, lists and pictures a text has."""
    counted: Counter[str] = Counter()
    for token in markup.tokens(body):
        if token.type == "heading_open":
            counted[f"{token.tag} headings"] += 1
        elif token.type == "table_open":
            counted["tables"] += 1
        elif token.type == "tr_open":
            counted["table rows"] += 1
        elif token.type == "blockquote_open":
            counted[f"{token.meta.get('kind', 'quotation')} blocks"] += 1
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            counted["lists"] += 1
        elif token.type == "list_item_open" and "task" in token.meta:
            counted["tasks"] += 1
    counted["pictures"] = len(markup.pictures(body))
    return counted


def _different_structure(document: CourseDocument) -> Iterator[Problem]:
    for lesson in _lessons(document):
        if document.source_language not in lesson.body:
            continue
        source = _structure(lesson.body[document.source_language])
        for language, body in lesson.body.items():
            other = _structure(body)
            for what in sorted(source.keys() | other.keys()):
                if source[what] != other[what]:
                    yield Problem(
                        f"{language}/{lesson.id}.md",
                        f"has {other[what]} {what} where the source has {source[what]}: give both the same",
                    )


def _pictures_without_words(document: CourseDocument) -> Iterator[Problem]:
    for lesson in _lessons(document):
        for language, body in lesson.body.items():
            for address in markup.undescribed(body):
                yield Problem(
                    f"{language}/{lesson.id}.md", f"shows '{address}' without words: say between [ ] what it shows"
                )


CALLOUTS = frozenset(rendering.CALLOUTS)


def _unknown_callouts(document: CourseDocument) -> Iterator[Problem]:
    for lesson in _lessons(document):
        for language, body in lesson.body.items():
            for token in markup.tokens(body):
                kind = token.meta.get("kind") if token.type == "blockquote_open" else None
                if kind is not None and kind not in CALLOUTS:
                    yield Problem(
                        f"{language}/{lesson.id}.md",
                        f"has a callout of the unknown kind '{kind.upper()}': use one of "
                        + ", ".join(sorted(each.upper() for each in CALLOUTS)),
                        token.map[0] + 1 if token.map else None,
                    )


def _heavy_lessons(document: CourseDocument) -> Iterator[Problem]:
    for lesson in _lessons(document):
        for language, body in lesson.body.items():
            if len(body.encode()) > HEAVIEST_LESSON:
                yield Problem(
                    f"{language}/{lesson.id}.md",
                    f"weighs {len(body.encode()):,} bytes of {HEAVIEST_LESSON:,}: make two lessons of it",
                )


def _unassessed_objectives(document: CourseDocument) -> Iterator[Problem]:
    assessed = {question.objective for pool in document.pools for question in pool.questions}
    for objective in document.objectives:
        if objective.id not in assessed:
            path = f"objectives[{objective.id}]"
            yield Problem("course.yaml", "no question assesses it: give a question this objective", path=path)


def _uncited_questions(document: CourseDocument) -> Iterator[Problem]:
    for pool in document.pools:
        for question in pool.questions:
            if not question.references:
                file, path = f"questions/{pool.id}.yaml", f"questions[{question.id}]"
                yield Problem(file, "cites nothing: name a source and its article under 'references'", path=path)


def _modules_without_law(document: CourseDocument) -> Iterator[Problem]:
    for module in document.modules:
        lessons = [activity for activity in module.activities if isinstance(activity, Lesson)]
        if lessons and not any(lesson.law for lesson in lessons):
            path = f"modules[{module.id}]"
            yield Problem(
                "course.yaml", "asks nowhere for the law in force: give one of its lessons a 'law'", path=path
            )


def _finals_without_choice(document: CourseDocument) -> Iterator[Problem]:
    sizes = {pool.id: len(pool.questions) for pool in document.pools}
    for activity in document.activities():
        if isinstance(activity, FinalAssessment):
            for draw in activity.draws:
                if draw.count is None or draw.count >= sizes[draw.pool]:
                    path = f"modules.activities[{activity.id}].draws[{draw.pool}]"
                    yield Problem("course.yaml", "draws the whole pool: draw fewer, so that papers differ", path=path)
