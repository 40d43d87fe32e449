"""What stands between a draft and its publication, each with the place where it is mended."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lms.core import markup
from lms.core.errors import DomainError
from lms.core.words import N_, said
from lms.library import check
from lms.library.document import RESERVED, CourseDocument
from lms.library.folder import words_of
from lms.library.problems import Problem
from lms.studio import parts, reading, service
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


def document_of(draft: Draft) -> CourseDocument:
    """The draft as a whole document; refused while something in it is unfinished."""
    try:
        return CourseDocument.model_validate(data_of(draft))
    except ValidationError:
        raise DomainError(N_("Some things must be mended first. The checklist links to each of them.")) from None


def _shown(data: Data) -> set[str]:
    names = set()
    for page in parts.PAGES:
        for text in (data[page] or {}).values():
            names |= {address.removeprefix("media/") for address in markup.files(text)}
    for module in data["modules"]:
        for activity in module["activities"]:
            names |= {frame["image"]["file"] for frame in activity.get("frames", []) if "image" in frame}
            for body in activity.get("body", {}).values():
                names |= {address.removeprefix("media/") for address in markup.files(body)}
    for pool in data["pools"]:
        names |= {question["image"]["file"] for question in pool["questions"] if "image" in question}
        names |= {name for question in pool["questions"] for name in reading.recordings(question)}
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
    for page, texts in document.markdown():
        for language, text in texts.items():
            for address in markup.dead_links(text):
                words = said(N_("links to '%(address)s', and no heading of this text is called so"), address=address)
                lines.append(Line(words, "handout" if page in RESERVED else "activity", page, language))
            for address in markup.files(text):
                if address.removeprefix("media/") not in document.media:
                    words = said(
                        N_("shows '%(file)s', which is not among the files: upload it or take it out"), file=address
                    )
                    lines.append(Line(words, "handout" if page in RESERVED else "activity", page, language))
    return lines


def _line(problem: Problem) -> Line:
    """A problem of the checks, with its file and path turned into a part."""
    blocking = not problem.advice
    if found := re.fullmatch(r"([\w-]+)/([\w-]+)\.md", problem.file):
        if found[2] in RESERVED:
            return Line(problem.message, "handout", found[2], found[1], blocking)
        return Line(problem.message, "activity", found[2], found[1], blocking)
    if found := re.search(r"questions\[([\w-]+)\]", problem.path):
        return Line(problem.message, "question", found[1], "", blocking)
    if found := re.search(r"activities\[([\w-]+)\]", problem.path):
        return Line(problem.message, "activity", found[1], "", blocking)
    kind = "handouts" if problem.path.startswith(("observations", "reading")) else "course"
    return Line(problem.message, kind, "", "", blocking)


def _invalid(error: Any, data: Data) -> Line:
    """An error of the document's shape, with the part it lies in."""
    words = words_of(error)
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
    return Line(said("%(where)s: %(words)s", where=named, words=words) if named else words, kind, id)


_FRAME = frozenset(
    "modules activities pools questions lesson quiz final_assessment pre_test post_test scenario assignment "
    "single_choice multiple_choice true_false numeric short_text matching ordering".split()
)
