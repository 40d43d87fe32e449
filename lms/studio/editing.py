"""Saving what one page edits: several parts at once, all or none, each upon the revision its author saw."""

from dataclasses import dataclass
from uuid import UUID

from lms.studio import service, translation
from lms.studio.models import Draft


@dataclass
class Edit:
    """New content of one part, upon the revision ``expected``."""

    key: str
    content: str
    expected: int


def save(draft: Draft, edits: list[Edit], *, language: str, by: UUID, typed: bool = False) -> dict[str, int]:
    """Save every edit and return the new numbers by key; a translated part remembers its source words.

    Raises ``Conflict`` when someone else saved one of them first; then none is saved.
    """
    numbers = {}
    for edit in edits:
        numbers[edit.key] = service.save(draft, edit.key, edit.content, edit.expected, by=by, typed=typed)
        if language != draft.source_language:
            translation.remember(draft, edit.key, language)
    return numbers


def text_at(draft: Draft, key: str) -> tuple[str, int]:
    """The text of a part and its number; an unwritten one is empty with number 0."""
    part = service.part(draft, key)
    return (part.content, part.number) if part else ("", 0)
