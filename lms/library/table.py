"""The courses of a folder as the table of their README."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lms.library import folder
from lms.library.activities import Lesson, Scenario
from lms.library.document import CourseDocument

_HEAD = ("Course", "Hours", "Modules", "Lessons", "Questions", "Scenarios", "Languages", "References")


def markdown(folders: Sequence[Path]) -> str:
    """The table: a course a line, by code; ``References`` counts the different articles that are cited."""
    courses = sorted(((folder.read(path), path) for path in folders), key=lambda each: each[0].code)
    rows = [_HEAD, ("---",) * len(_HEAD), *(_row(document, path) for document, path in courses)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(document: CourseDocument, path: Path) -> tuple[str, ...]:
    activities = list(document.activities())
    return (
        f"[{document.code} {document.title[document.source_language]}]({path.name}/course.yaml)",
        f"{document.hours}",
        f"{len(document.modules)}",
        f"{sum(isinstance(each, Lesson) for each in activities)}",
        f"{sum(len(pool.questions) for pool in document.pools)}",
        f"{sum(isinstance(each, Scenario) for each in activities)}",
        ", ".join(document.languages),
        f"{len(set(_cited(document)))}",
    )


def _cited(document: CourseDocument) -> Iterator[str]:
    for pool in document.pools:
        for question in pool.questions:
            yield from question.references
    for activity in document.activities():
        if isinstance(activity, Scenario):
            for frame in activity.frames:
                for choice in frame.choices:
                    yield from choice.references
