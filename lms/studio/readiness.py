"""What stands between a draft and its publication, each with the place where it is mended."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lms.core import markup
from lms.library import check
from lms.library.activities import Lesson
from lms.library.document import CourseDocument
from lms.library.folder import words_of
from lms.library.problems import Problem
from lms.studio import parts, service
from lms.studio.models import Draft

Data = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of the checklist: what is wrong, where (``kind`` and ``id`` of the part), in which language."""

    words: str
    kind: str
    id: str = ""
    language: str = ""
    blocking: bool = True


@dataclass(frozen=True)
class Readiness:
    """The whole checklist."""

    lines: list[Line]

    @property
    def blocking(self) -> list[Line]:
        """What must be mended before the course can be sent to review."""
        return [line for line in self.lines if line.blocking]

    @property
    def advice(self) -> list[Line]:
        """What makes the course better."""
        return [line for line in self.lines if not line.blocking]


def data_of(draft: Draft) -> Data:
    """The data of the draft's whole document, with the files that it shows and no others."""
    contents, files = service.contents(draft), service.media(draft)
    data = parts.join(draft.slug, contents, {})
    data["media"] = {name: file for name, file in files.items() if name in _shown(data)}
    return data


def _shown(data: Data) -> set[str]:
    names = set()
    for module in data["modules"]:
        for activity in module["activities"]:
            names |= {frame["image"]["file"] for frame in activity.get("frames", []) if "image" in frame}
            for body in activity.get("body", {}).values():
                names |= {address.removeprefix("media/") for address in markup.files(body)}
    for pool in data["pools"]:
        names |= {question["image"]["file"] for question in pool["questions"] if "image" in question}
    return names


def of(draft: Draft) -> Readiness:
    """Everything that is wrong with the draft as it stands."""
    return of_data(data_of(draft))


def of_data(data: Data) -> Readiness:
    """Everything that is wrong with a document's data."""
    try:
        document = CourseDocument.model_validate(data)
    except ValidationError as error:
        return Readiness([_invalid(each, data) for each in error.errors()])
    lines = [_line(problem) for problem in check.problems(document)]
    return Readiness([*_broken_links(document), *lines])


def _broken_links(document: CourseDocument) -> list[Line]:
    lines = []
    for activity in document.activities():
        if not isinstance(activity, Lesson):
            continue
        for language, body in activity.body.items():
            for address in markup.files(body):
                if address.removeprefix("media/") not in document.media:
                    words = f"shows '{address}', which is not among the files: upload it or take it out"
                    lines.append(Line(words, "activity", activity.id, language))
    return lines


# What a course may be published without, though it is better with it.
_ADVICE = re.compile(r"asks nowhere for the law|draws the whole pool|no question assesses it|cites nothing")


def _line(problem: Problem) -> Line:
    """A problem of the checks, with its file and path turned into a part."""
    blocking = _ADVICE.search(problem.message) is None
    if found := re.fullmatch(r"([\w-]+)/([\w-]+)\.md", problem.file):
        return Line(problem.message, "activity", found[2], found[1], blocking)
    if found := re.search(r"questions\[([\w-]+)\]", problem.path):
        return Line(problem.message, "question", found[1], "", blocking)
    if found := re.search(r"activities\[([\w-]+)\]", problem.path):
        return Line(problem.message, "activity", found[1], "", blocking)
    return Line(problem.message, "course", "", "", blocking)


def _invalid(error: Any, data: Data) -> Line:
    """An error of the document's shape, with the part it lies in."""
    words = str(error["ctx"]["error"]) if error["type"] == "value_error" else words_of(error)
    place: Any = data
    kind, id = "course", ""
    names = [str(step) for step in error["loc"]]
    for step in error["loc"]:
        if not (isinstance(place, list) and isinstance(step, int)) and not (isinstance(place, dict) and step in place):
            continue
        place = place[step]
        if isinstance(place, dict) and "kind" in place and "id" in place:
            kind, id = ("question" if "pools" in names else "activity"), place["id"]
        elif isinstance(place, dict) and "activities" in place:
            kind, id = "outline", place["id"]
    if not id and (found := re.search(r"(question|activity) '([\w-]+)'", words)):
        kind, id = found[1], found[2]
    if names and names[0] in ("modules", "pools") and not id:
        kind = "outline"
    named = ", ".join(name.replace("_", " ") for name in names if not name.isdecimal() and name not in _FRAME)
    return Line(f"{named}: {words}" if named else words, kind, id)


_FRAME = frozenset(
    "modules activities pools questions lesson quiz final_assessment single_choice multiple_choice true_false numeric "
    "short_text matching ordering scenario assignment".split()
)
