"""Whether what is cited exists: the instrument, the article, and its place among the course's sources."""

import re
from collections.abc import Iterator

from lms.core.words import N_, said
from lms.library.activities import Scenario
from lms.library.document import CourseDocument
from lms.library.instruments import find, instruments
from lms.library.problems import Problem

_IDS = "|".join(sorted((re.escape(each.id) for each in instruments()), key=len, reverse=True))
_PASSAGE = r"\d+(?:\.\d+)*(?:\([0-9a-z]+\))*(?:[\u2013-](?:\d+(?:\([0-9a-z]+\))*|(?:\([0-9a-z]+\))+))?"
# An instrument and its articles as texts write them: 'ICCPR 9(2)', 'CCLEO 5, 6', 'GC35 33'.
_CITATION = re.compile(rf"\b({_IDS})[ \u00a0]({_PASSAGE}(?:, {_PASSAGE})*)")


def unfound_references(document: CourseDocument) -> Iterator[Problem]:
    """References of questions and decisions that the list of instruments does not know, or not so far.

    A course may rest on an instrument of its own, the law of its country for one; an article that is not there, never.
    """
    known = {each.id for each in instruments()}
    for file, path, references in _references(document):
        for reference in references:
            if wrong := find(reference):
                own = reference.partition(" ")[0] not in known
                yield Problem(file, _cites(reference, wrong), path=path, advice=own)


def _cites(reference: str, wrong: str) -> str:
    return said(N_("cites '%(reference)s': %(wrong)s"), reference=reference, wrong=wrong)


def _references(document: CourseDocument) -> Iterator[tuple[str, str, list[str]]]:
    """``(file, path, references)`` of whatever has some."""
    for pool in document.pools:
        for question in pool.questions:
            yield f"questions/{pool.id}.yaml", f"questions[{question.id}]", question.references
    for activity in document.activities():
        if isinstance(activity, Scenario):
            for frame in activity.frames:
                for choice in frame.choices:
                    path = f"modules.activities[{activity.id}].frames[{frame.id}].choices[{choice.id}]"
                    yield "course.yaml", path, choice.references


def unfound_in_texts(document: CourseDocument) -> Iterator[Problem]:
    """Citations in pages of an article that is not there, or of an instrument that is not among the sources."""
    sources = {source.id for source in document.sources}
    for page, texts in document.markdown():
        for language, text in texts.items():
            for found in _CITATION.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                file, reference = f"{language}/{page}.md", f"{found[1]} {found[2]}"
                if wrong := find(reference):
                    yield Problem(file, _cites(reference, wrong), line)
                if found[1] not in sources:
                    words = N_("cites '%(reference)s': add %(source)s to the course's 'sources'")
                    message = said(words, reference=reference, source=found[1])
                    yield Problem(file, message, line)
