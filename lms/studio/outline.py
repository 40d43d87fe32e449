"""The tree of a draft: modules with activities, pools with questions; pure changes that keep ids."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from lms.core.errors import DomainError
from lms.core.words import N_

Data = dict[str, Any]
Change = Callable[[Data], Data]

# What the members of each kind of group are called.
MEMBERS = {"modules": "activities", "pools": "questions"}


class Gone(DomainError):
    """Something that somebody else took out meanwhile."""

    def __init__(self) -> None:
        super().__init__(N_("This is no longer part of the course. The page shows it as it stands now."))


def empty() -> Data:
    """A tree with nothing in it."""
    return {"modules": [], "pools": []}


def activity_ids(outline: Data) -> Iterator[str]:
    """Every activity in teaching order."""
    for module in outline["modules"]:
        yield from module["activities"]


def question_ids(outline: Data) -> Iterator[str]:
    """Every question, pool by pool."""
    for pool in outline["pools"]:
        yield from pool["questions"]


def _group(outline: Data, kind: str, id: str) -> Data:
    for group in outline[kind]:
        if group["id"] == id:
            found: Data = group
            return found
    raise Gone()


def _group_of(outline: Data, kind: str, id: str) -> list[str]:
    members = MEMBERS[kind]
    for group in outline[kind]:
        if id in group[members]:
            found: list[str] = group[members]
            return found
    raise Gone()


def add_group(kind: str, id: str, title: dict[str, str]) -> Change:
    """Add an empty module or pool at the end."""
    members = MEMBERS[kind]

    def change(outline: Data) -> Data:
        outline[kind].append({"id": id, "title": title, members: []})
        return outline

    return change


def rename_group(kind: str, id: str, language: str, words: str) -> Change:
    """Give a module or pool its title in one language."""

    def change(outline: Data) -> Data:
        title = _group(outline, kind, id)["title"]
        title[language] = words
        return outline

    return change


def add(kind: str, group_id: str, id: str, after: str | None = None) -> Change:
    """Put an activity into a module, or a question into a pool: after another, or at the end."""
    members = MEMBERS[kind]

    def change(outline: Data) -> Data:
        ids = _group(outline, kind, group_id)[members]
        ids.insert(ids.index(after) + 1 if after in ids else len(ids), id)
        return outline

    return change


def move(kind: str, id: str, to: str, place: int | None = None) -> Change:
    """Move an activity or question into a group, at a place there or at its end."""
    members = MEMBERS[kind]

    def change(outline: Data) -> Data:
        _group_of(outline, kind, id).remove(id)
        ids = _group(outline, kind, to)[members]
        ids.insert(len(ids) if place is None else max(0, min(place, len(ids))), id)
        return outline

    return change


def step(kind: str, id: str, by: int) -> Change:
    """Move one place up (-1) or down (1); past the edge of a module it goes on into the next one."""
    members = MEMBERS[kind]

    def change(outline: Data) -> Data:
        groups = [group[members] for group in outline[kind]]
        ids = _group_of(outline, kind, id)
        here, place = next(at for at, group in enumerate(groups) if group is ids), ids.index(id)
        if 0 <= place + by < len(ids):
            ids[place], ids[place + by] = ids[place + by], ids[place]
        elif 0 <= here + by < len(groups):
            ids.remove(id)
            groups[here + by].insert(len(groups[here + by]) if by < 0 else 0, id)
        return outline

    return change


def step_group(kind: str, id: str, by: int) -> Change:
    """Move a module or pool one place up (-1) or down (1)."""

    def change(outline: Data) -> Data:
        groups = outline[kind]
        place = groups.index(_group(outline, kind, id))
        if 0 <= place + by < len(groups):
            groups[place], groups[place + by] = groups[place + by], groups[place]
        return outline

    return change


def remove(kind: str, id: str) -> Change:
    """Take an activity or question out."""

    def change(outline: Data) -> Data:
        _group_of(outline, kind, id).remove(id)
        return outline

    return change


def remove_group(kind: str, id: str) -> Change:
    """Take a module or pool out, with all that is in it."""

    def change(outline: Data) -> Data:
        outline[kind].remove(_group(outline, kind, id))
        return outline

    return change


def changed(outline: Data, change: Change) -> Data:
    """The outline after a change; the one given stays as it is."""
    return change(copy.deepcopy(outline))
