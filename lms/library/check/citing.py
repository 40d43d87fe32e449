"""Whether what is cited exists: the instrument, the article, and its place among the course's sources."""

import re
from collections.abc import Iterator
from typing import Any

from lms.core.words import N_, said
from lms.library.activities import Lesson, Scenario
from lms.library.check.wording import texts_of
from lms.library.document import CourseDocument
from lms.library.instruments import find, instruments, names
from lms.library.problems import Problem

_NAMES = "|".join(sorted(map(re.escape, names()), key=len, reverse=True))
_PASSAGE = r"\d+(?:\.\d+)*(?:\([0-9a-z]+\))*(?:[\u2013-](?:\d+(?:\([0-9a-z]+\))*|(?:\([0-9a-z]+\))+))?"
_TO, _AND = r"[ \u00a0](?:to|à|إلى)[ \u00a0]", r"[ \u00a0](?:and[ \u00a0]|or[ \u00a0]|et[ \u00a0]|ou[ \u00a0]|و ?)"
_PASSAGES = rf"{_PASSAGE}(?:(?:, |{_TO}|{_AND}){_PASSAGE})*"
# An instrument and its articles as texts write them: 'ICCPR 9(2)', 'CCLEO 5, 6', 'BPUFF 4 to 10', 'CAT 12 et 13';
# and as they would in a sentence: 'articles 19 et 21 du PIDCP', 'article 9 of the ICCPR', 'the ICCPR, article 9'.
_CITATION = re.compile(
    rf"\b({_NAMES})(?:,[ \u00a0]articles?)?[ \u00a0]({_PASSAGES})"
    rf"|\b[Aa]rticles?[ \u00a0]({_PASSAGES})[ \u00a0](?:of the |of |du |de la |de l’|de )({_NAMES})\b"
)


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
    """Citations in texts of an article that is not there, or of an instrument that is not among the sources."""
    sources = {source.id for source in document.sources}
    for file, path, text in _texts(document):
        for source, reference, start in cited(text):
            line = None if path else text.count("\n", 0, start) + 1
            if wrong := find(reference):
                yield Problem(file, _cites(reference, wrong), line, path)
            if source not in sources:
                words = N_("cites '%(reference)s': add %(source)s to the course's 'sources'")
                yield Problem(file, said(words, reference=reference, source=source), line, path)


def cited(text: str) -> Iterator[tuple[str, str, int]]:
    """``(id, reference, place)`` of every citation in a text, whatever language it is written in."""
    for found in _CITATION.finditer(text):
        id = names()[found[1] or found[4]]
        passages = re.sub(_AND, ", ", re.sub(_TO, "\u2013", found[2] or found[3]))
        yield id, f"{id} {passages}", found.start()


def different_citations(document: CourseDocument) -> Iterator[Problem]:
    """Articles that a page cites in its source language and not in another, or the other way round.

    Advice, as no list of words for "and" and "to" is that of every language.
    """
    for page, texts in document.markdown():
        source = _articles(texts.get(document.source_language, ""))
        for language, text in texts.items():
            for reference in sorted(source ^ _articles(text)):
                words = N_("'%(reference)s' is cited in one language and not in the other: cite it in both")
                yield Problem(f"{language}/{page}.md", said(words, reference=reference), advice=True)


def _articles(text: str) -> set[str]:
    return {
        f"{id} {passage}"
        for id, reference, _ in cited(text)
        for passage in reference.removeprefix(f"{id} ").split(", ")
    }


def _texts(document: CourseDocument) -> Iterator[tuple[str, str, str]]:
    """``(file, path, words)`` of all that is read: pages without a path, questions and what activities say with one."""
    for page, texts in document.markdown():
        for language, text in texts.items():
            yield f"{language}/{page}.md", "", text
    parts: list[tuple[str, str, Any]] = [
        (f"questions/{pool.id}.yaml", "questions", pool.questions) for pool in document.pools
    ]
    for activity in document.activities():
        if not isinstance(activity, Lesson):
            parts.append(("course.yaml", f"modules.activities[{activity.id}]", activity))
    for file, path, part in parts:
        for place, texts in texts_of(part, path):
            for language, words in texts.items():
                for text in words if isinstance(words, list) else [words]:
                    yield file, f"{place}.{language}", text
