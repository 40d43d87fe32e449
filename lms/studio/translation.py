"""Translations beside their source: what is missing, what is stale, what is done."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.studio import outline as tree
from lms.studio import parts, queries, service
from lms.studio.models import Draft, Translated

DONE, STALE, MISSING = "done", "stale", "missing"


def _base(key: str) -> str:
    """A lesson's text is one passage in all languages; any other part holds all of its languages."""
    return key.rpartition("/")[0] if parts.is_text(key) else key


def _words(key: str, contents: dict[str, str], language: str) -> list[str]:
    """Every word of a passage in one language; empty where the language is missing somewhere."""
    if parts.is_text(f"{key}/"):
        text = contents.get(f"{key}/{language}", "")
        return [text] if text.strip() else []
    return list(_texts(parts.load(contents[key]), language))


def _texts(data: Any, language: str) -> Iterator[str]:
    if isinstance(data, dict):
        if language in data and all(isinstance(each, str | list) for each in data.values()):
            yield str(data[language])
        else:
            # Recordings are names of files, and nobody has to speak every language.
            for each in (each for name, each in data.items() if name != "audio"):
                yield from _texts(each, language)
    elif isinstance(data, list):
        for each in data:
            yield from _texts(each, language)


def _passage(draft: Draft, key: str) -> dict[str, str]:
    """The contents that a passage is made of."""
    keys = [f"{key}/{each}" for each in draft.languages] if parts.is_text(f"{key}/") else [key]
    found = {each: service.part(draft, each) for each in keys}
    return {each: part.content for each, part in found.items() if part}


def remember(draft: Draft, key: str, language: str) -> None:
    """Note that the part was just translated from the source words as they stand."""
    base = _base(key)
    source = _words(base, _passage(draft, base), draft.source_language)
    service.note_translation(draft, base, language, "\n".join(source))


def remember_all(draft: Draft) -> None:
    """Note that whatever is there in other languages was translated from the source words as they stand."""
    contents = service.contents(draft)
    rows = []
    for language in draft.languages:
        if language == draft.source_language:
            continue
        for key in _passages(contents):
            if _words(key, contents, language):
                source = "\n".join(_words(key, contents, draft.source_language))
                rows.append({"draft_id": draft.id, "key": key, "language": language, "digest": service.digest(source)})
    if rows:
        session.execute(insert(Translated), rows)


def _passages(contents: dict[str, str]) -> list[str]:
    """The key of every passage, in teaching order."""
    outline = parts.load(contents[parts.OUTLINE])
    keys = [parts.COURSE, parts.OUTLINE]
    for id in tree.activity_ids(outline):
        keys.append(parts.activity_key(id))
        if parts.load(contents[parts.activity_key(id)])["kind"] == "lesson":
            keys.append(f"lesson/{id}")
    keys += [page for page in parts.PAGES.values() if any(key.startswith(f"{page}/") for key in contents)]
    return keys + [parts.question_key(id) for id in tree.question_ids(outline)]


def states(draft: Draft, language: str) -> dict[str, str]:
    """How each passage stands in a language, by key, in teaching order; two statements."""
    contents, known = service.contents(draft), queries.translated(draft)
    return {key: _state(key, contents, known, draft.source_language, language) for key in _passages(contents)}


def _state(key: str, contents: dict[str, str], known: dict[tuple[str, str], str], source: str, language: str) -> str:
    said, wanted = _words(key, contents, language), _words(key, contents, source)
    if len(said) < len(wanted):
        return MISSING
    remembered = known.get((key, language))
    # What came translated with a copied course was translated from the words it came with.
    if remembered is None or remembered == service.digest("\n".join(wanted)):
        return DONE
    return STALE


def add_language(draft: Draft, tag: str, *, by: UUID) -> None:
    """Give the course one more language; one that it has changes nothing."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", tag):
        raise DomainError(N_("Write the language's code, for example: fr"))
    if tag in draft.languages:
        return
    part = service.part(draft, parts.COURSE)
    assert part is not None
    data = parts.load(part.content)
    data["languages"] = [*data["languages"], tag]
    service.save(draft, parts.COURSE, parts.dump(data), part.number, by=by)
