"""Complete and alike in every language: words, structure, descriptions of pictures, callouts."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from lms.core import markup
from lms.core.words import N_, said
from lms.library import rendering
from lms.library.document import CourseDocument
from lms.library.problems import Problem

CALLOUTS = frozenset(rendering.CALLOUTS)


# What is counted, as people read it; callouts are named by their kind.
WHAT = {
    "h2 headings": N_("headings of the first level"),
    "h3 headings": N_("headings of the second level"),
    "h4 headings": N_("headings of the third level"),
    "tables": N_("tables"),
    "table rows": N_("rows of tables"),
    "quotation blocks": N_("quotations"),
    "lists": N_("lists"),
    "list items": N_("items of lists"),
    "paragraphs": N_("paragraphs"),
    "tasks": N_("tasks of a list"),
    "pictures": N_("pictures"),
}


def texts_of(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text with its path; a text is a mapping whose keys are languages."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts_of(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, list):
        for each in part:
            yield from texts_of(each, f"{path}[{getattr(each, 'id', '')}]")
    elif isinstance(part, dict) and part and not path.endswith("media"):
        yield path, part


def untranslated(document: CourseDocument) -> Iterator[Problem]:
    """Words that a language lacks, and words in languages that the course does not name."""
    for path, text in texts_of(document):
        for language in document.languages:
            if language not in text:
                message = said(N_("has no words in '%(language)s': translate it"), language=language)
                yield Problem("course.yaml", message, path=path)
        for language in text:
            if language not in document.languages:
                message = said(N_("has words in '%(language)s', which the course does not name"), language=language)
                yield Problem("course.yaml", message, path=path)


def _structure(body: str) -> Counter[str]:
    """How many headings, paragraphs, tables, callouts, lists and pictures a text has."""
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
        elif token.type == "paragraph_open":
            counted["paragraphs"] += 1
        elif token.type == "list_item_open":
            counted["list items"] += 1
            counted["tasks"] += "task" in token.meta
    counted["pictures"] = len(markup.pictures(body))
    return counted


def different_structure(document: CourseDocument) -> Iterator[Problem]:
    """Pages whose headings, paragraphs, tables, callouts, lists and pictures are not those of the source.

    Paragraphs are advice: a translator may well make one of two.
    """
    for page, texts in document.markdown():
        if document.source_language not in texts:
            continue
        source = _structure(texts[document.source_language])
        for language, body in texts.items():
            other = _structure(body)
            for what in sorted(source.keys() | other.keys()):
                if source[what] != other[what]:
                    message = said(
                        N_("%(what)s: here %(here)s, in the source language %(there)s. Give both the same"),
                        what=said(WHAT.get(what, what)),
                        here=other[what],
                        there=source[what],
                    )
                    yield Problem(f"{language}/{page}.md", message, advice=what == "paragraphs")


def pictures_without_words(document: CourseDocument) -> Iterator[Problem]:
    """Pictures in pages that say nothing to who cannot see them; elsewhere the format asks for the words."""
    for page, texts in document.markdown():
        for language, body in texts.items():
            for address in markup.undescribed(body):
                message = said(N_("shows '%(file)s' without words: say what it shows"), file=address)
                yield Problem(f"{language}/{page}.md", message)


def unknown_callouts(document: CourseDocument) -> Iterator[Problem]:
    """Callouts of kinds that no page can show."""
    for page, texts in document.markdown():
        for language, body in texts.items():
            for token in markup.tokens(body):
                kind = token.meta.get("kind") if token.type == "blockquote_open" else None
                if kind is not None and kind not in CALLOUTS:
                    message = said(
                        N_("has a callout of the unknown kind '%(kind)s': use one of %(known)s"),
                        kind=kind.upper(),
                        known=", ".join(sorted(each.upper() for each in CALLOUTS)),
                    )
                    yield Problem(f"{language}/{page}.md", message, token.map[0] + 1 if token.map else None)
