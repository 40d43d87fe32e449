"""Changing what a course is made of: adding, moving, copying and taking out, each one step that can be undone."""

from typing import Any
from uuid import UUID

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.document import RESERVED
from lms.library.texts import slug
from lms.studio import outline as tree
from lms.studio import parts, service
from lms.studio.models import Draft, Part

Data = dict[str, Any]
NOUNS = {"modules": "activity", "pools": "question"}
NEW: dict[str, Data] = {
    "lesson": {"kind": "lesson", "minutes": 15},
    "quiz": {"kind": "quiz", "minutes": 10, "draws": []},
    "scenario": {"kind": "scenario", "minutes": 10, "frames": []},
    "assignment": {"kind": "assignment", "minutes": 30, "hand_in": ["text"], "rubric": []},
    "final_assessment": {"kind": "final_assessment", "minutes": 30, "draws": []},
    "pre_test": {"kind": "pre_test", "minutes": 30, "draws": []},
    "post_test": {"kind": "post_test", "minutes": 30, "draws": []},
}
NEW_QUESTION: dict[str, Data] = {
    "single_choice": {"kind": "single_choice", "options": []},
    "multiple_choice": {"kind": "multiple_choice", "options": []},
    "true_false": {"kind": "true_false", "answer": True},
    "numeric": {"kind": "numeric", "answer": 0},
    "short_text": {"kind": "short_text", "accepted": {}},
    "matching": {"kind": "matching", "pairs": []},
    "ordering": {"kind": "ordering", "items": []},
}


def _outline(draft: Draft) -> Data:
    part = service.part(draft, parts.OUTLINE)
    assert part is not None
    found: Data = parts.load(part.content)
    return found


def add_group(draft: Draft, kind: str, title: str, *, by: UUID) -> tuple[int, int]:
    """Add a module or pool at the end."""
    if not title:
        raise DomainError(N_("Give it a title."), field="title")
    taken = [group["id"] for group in _outline(draft)[kind]]
    id = slug(title, taken, {"modules": "module", "pools": "pool"}[kind])
    return service.change_outline(draft, tree.add_group(kind, id, {draft.source_language: title}), by=by)


def add_activity(draft: Draft, module: str, kind: str, title: str, *, by: UUID) -> str:
    """Add an empty activity at the end of a module; returns its id."""
    if not title:
        raise DomainError(N_("Give it a title."), field="title")
    if kind not in NEW:
        raise DomainError(N_("Choose what to add."), field="kind")
    id = slug(title, service.taken_ids(draft) | RESERVED, kind.replace("_", "-"))
    data = {**NEW[kind], "title": {draft.source_language: title}}
    service.save(draft, parts.activity_key(id), parts.dump(data), 0, by=by)
    service.change_outline(draft, tree.add("modules", module, id), by=by)
    return id


def add_question(draft: Draft, pool: str, kind: str, prompt: str, *, by: UUID) -> str:
    """Add an empty question at the end of a pool; returns its id."""
    if not prompt:
        raise DomainError(N_("Write the question."), field="prompt")
    if kind not in NEW_QUESTION:
        raise DomainError(N_("Choose what to add."), field="kind")
    id = slug(prompt, service.taken_ids(draft), "question")
    data = {**NEW_QUESTION[kind], "prompt": {draft.source_language: prompt}}
    service.save(draft, parts.question_key(id), parts.dump(data), 0, by=by)
    service.change_outline(draft, tree.add("pools", pool, id), by=by)
    return id


def duplicate(draft: Draft, kind: str, id: str, *, by: UUID) -> str:
    """Copy an activity with its texts, or a question, to the place after it; returns the copy's id."""
    noun, taken = NOUNS[kind], service.taken_ids(draft)
    copy = slug(id, taken, noun)
    keys = [key for key in service.keys(draft) if key.split("/")[1:2] == [id] and _is_of(key, kind)]
    if not keys:
        raise tree.Gone()
    for key in keys:
        part: Part | None = service.part(draft, key)
        assert part is not None
        first, _, *rest = key.split("/")
        service.save(draft, "/".join([first, copy, *rest]), part.content, 0, by=by)
    outline = _outline(draft)
    members = tree.MEMBERS[kind]
    group = next((group["id"] for group in outline[kind] if id in group[members]), None)
    if group is None:
        raise tree.Gone()
    service.change_outline(draft, tree.add(kind, group, copy, after=id), by=by)
    return copy


def _is_of(key: str, kind: str) -> bool:
    return key.startswith(("activity/", "lesson/") if kind == "modules" else "question/")


def undo(draft: Draft, to: int, expected: int, *, by: UUID) -> int:
    """Bring the tree back to what it was, unless someone changed it meanwhile."""
    try:
        return service.restore(draft, parts.OUTLINE, to, expected, by=by)
    except service.Conflict:
        raise DomainError(N_("Someone changed the outline since, so it was not undone. Look at its history.")) from None
