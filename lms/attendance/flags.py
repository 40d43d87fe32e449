"""Patterns that are worth a second look; each has innocent causes, so none is more than that."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

# Fewer people than this are often marked alike by chance.
FEWEST = 5
MOMENT = timedelta(seconds=5)


def alike(sheets: Mapping[str, Mapping[UUID, str]]) -> dict[str, list[str]]:
    """The sessions with the same marks for the same people, each with the others.

    Where everybody was present nothing is odd about the next time everybody is.
    """
    groups: dict[frozenset[tuple[UUID, str]], list[str]] = defaultdict(list)
    for id, sheet in sheets.items():
        if len(sheet) >= FEWEST and len(set(sheet.values())) > 1:
            groups[frozenset(sheet.items())].append(id)
    return {id: [each for each in ids if each != id] for ids in groups.values() if len(ids) > 1 for id in ids}


def at_one_moment(arrivals: Collection[tuple[UUID, datetime]]) -> list[list[UUID]]:
    """Groups of at least five people who checked in within five seconds; nobody is in two groups."""
    groups: list[list[UUID]] = []
    group: list[tuple[UUID, datetime]] = []
    for arrival in sorted(arrivals, key=lambda each: (each[1], each[0])):
        if group and arrival[1] - group[0][1] > MOMENT:
            groups.append([id for id, _ in group])
            group = []
        group.append(arrival)
    groups.append([id for id, _ in group])
    return [each for each in groups if len(each) >= FEWEST]
