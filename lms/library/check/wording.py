"""Complete and alike in every language: words, structure, descriptions of pictures, callouts."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from lms.core import markup
from lms.library.document import CourseDocument
from lms.library.problems import Problem

CALLOUTS = frozenset({"note", "tip", "important", "warning", "scenario", "law", "practice"})


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


def untranslated(document: CourseDocument) -> Iterator[Problem]:
    """Words that a language lacks, and words in languages that the course does not name."""
    for path, text in _texts(document):
        for language in document.languages:
            if language not in text:
                yield Problem("course.yaml", f"has no words in '{language}': translate it", path=path)
        for language in text:
            if language not in document.languages:
                yield Problem("course.yaml", f"has words in '{language}', which 'languages' does not name", path=path)


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
    counted["pictures"] = len(markup.pictures(body))
    return counted


def different_structure(document: CourseDocument) -> Iterator[Problem]:
    """Pages whose headings, tables, callouts, lists and pictures are not those of the source."""
    for page, texts in document.markdown():
        if document.source_language not in texts:
            continue
        source = _structure(texts[document.source_language])
        for language, body in texts.items():
            other = _structure(body)
            for what in sorted(source.keys() | other.keys()):
                if source[what] != other[what]:
                    yield Problem(
                        f"{language}/{page}.md",
                        f"has {other[what]} {what} where the source has {source[what]}: give both the same",
                    )


def pictures_without_words(document: CourseDocument) -> Iterator[Problem]:
    """Pictures in pages that say nothing to who cannot see them; elsewhere the format asks for the words."""
    for page, texts in document.markdown():
        for language, body in texts.items():
            for address in markup.undescribed(body):
                yield Problem(
                    f"{language}/{page}.md", f"shows '{address}' without words: say between [ ] what it shows"
                )


def unknown_callouts(document: CourseDocument) -> Iterator[Problem]:
    """Callouts of kinds that no page can show."""
    for page, texts in document.markdown():
        for language, body in texts.items():
            for token in markup.tokens(body):
                kind = token.meta.get("kind") if token.type == "blockquote_open" else None
                if kind is not None and kind not in CALLOUTS:
                    yield Problem(
                        f"{language}/{page}.md",
                        f"has a callout of the unknown kind '{kind.upper()}': use one of "
                        + ", ".join(sorted(each.upper() for each in CALLOUTS)),
                        token.map[0] + 1 if token.map else None,
                    )
