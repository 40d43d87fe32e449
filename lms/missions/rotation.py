"""The rotation calendar: who is there when, who overlaps with whom, and when nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lms.accounts.models import Role
from lms.missions.models import Mission

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bar:
    """A deployment as a part of the mandate: begins ``offset`` days after its first day and lasts ``days``."""

    username: str
    role: str
    begins: date
    ends: date
    offset: int
    days: int
    # Days shared with the mentor who takes over; absent for who is last, and for managers.
    overlap: int | None


@dataclass(frozen=True)
class Rotation:
    """The calendar of a mission; ``gaps`` are spans still to come in which no mentor is there, ``(first, last)``."""

    days: int
    today: int
    bars: list[Bar]
    gaps: list[tuple[date, date]]


def rotation(mission: Mission, deployments: Sequence[Any], today: date) -> Rotation:
    """Lay deployments ``(…, username, role, begins, ends)`` out over the mandate, by first day."""
    rows = sorted(deployments, key=lambda each: (each.begins, each.username))
    mentors = [each for each in rows if each.role == Role.MENTOR]
    bars = []
    for row in rows:
        following = [each for each in mentors if each.begins > row.begins and each.ends > row.ends]
        overlap = None
        if row.role == Role.MENTOR and following:
            # Who comes last before the departure takes over, else who comes first after it.
            met = [each for each in following if each.begins <= row.ends] or following[:1]
            overlap = max(0, (row.ends - met[-1].begins).days + 1)
        offset, days = (row.begins - mission.mandate_begins).days, (row.ends - row.begins).days + 1
        bars.append(Bar(row.username, row.role, row.begins, row.ends, offset, days, overlap))
    whole = (mission.mandate_ends - mission.mandate_begins).days + 1
    return Rotation(whole, (today - mission.mandate_begins).days, bars, _gaps(mission, mentors, today))


def _gaps(mission: Mission, mentors: Sequence[Any], today: date) -> list[tuple[date, date]]:
    gaps, free_from = [], max(today, mission.mandate_begins)
    for row in mentors:
        if row.begins > free_from:
            gaps.append((free_from, row.begins - DAY))
        if row.ends >= mission.mandate_ends:
            return gaps
        free_from = max(free_from, row.ends + DAY)
    if free_from <= mission.mandate_ends:
        gaps.append((free_from, mission.mandate_ends))
    return gaps
