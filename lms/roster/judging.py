"""What a line of a roll would do, told before it is done and again when it is."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.accounts.models import User
from lms.core.db import session
from lms.core.words import N_
from lms.missions.models import RollEntry, Unit
from lms.roster.words import CHOICES, COLUMNS, LANGUAGE_CODE, plain, value_of


class Plan(StrEnum):
    """What a line would do."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Verdict:
    """The plan, with what the roll is to hold, or why the line cannot be taken: ``(message, parameters)``."""

    plan: Plan
    values: Mapping[str, Any] = field(default_factory=dict)
    entry: RollEntry | None = None
    reason: tuple[str, dict[str, Any]] | None = None


class _Refused(Exception):
    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.reason = (message, params)


class Judge:
    """Judges the lines of one mission's roll, one after the other; two statements for however many."""

    def __init__(self, mission_id: UUID, numbers: set[str] | None = None) -> None:
        known = select(User.number, RollEntry).join(User, User.id == RollEntry.user_id)
        known = known.where(RollEntry.mission_id == mission_id)
        if numbers is not None:
            known = known.where(User.number.in_(numbers))
        self._entries = dict(session.execute(known).all())
        # Under its region and name, and under its name alone: as they are written, and as they are compared.
        self._written: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self._alike: dict[tuple[str, str], list[Any]] = defaultdict(list)
        units = select(Unit.id, Unit.region, Unit.name).where(Unit.mission_id == mission_id)
        for unit in session.execute(units):
            for region in {unit.region, ""}:
                self._written[_composed(region), _composed(unit.name)].append(unit)
                self._alike[plain(region), plain(unit.name)].append(unit)
        self._seen: dict[str, int] = {}

    def judge(self, line: int, cells: Mapping[str, str]) -> Verdict:
        """What this line does; only columns that the file has are touched, and an empty cell means not known."""
        try:
            values = self._values(cells)
            number = cells.get("number", "").upper()
            if not number:
                return Verdict(Plan.ADD, values)
            if number in self._seen:
                raise _Refused(N_("This number stands in line %(line)s already."), line=self._seen[number])
            self._seen[number] = line
            entry = self._entries.get(number)
            if entry is None:
                raise _Refused(N_("No trainee of this mission has this number. Correct it, or leave it empty."))
        except _Refused as refused:
            return Verdict(Plan.REFUSE, reason=refused.reason)
        same = all(getattr(entry, name) == value for name, value in values.items())
        return Verdict(Plan.SAME if same else Plan.CHANGE, values, entry)

    def _values(self, cells: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column in CHOICES:
            if column in cells:
                values[column] = value_of(column, cells[column]) if cells[column] else None
                if cells[column] and values[column] is None:
                    raise _Refused(
                        N_("“%(word)s” is not known in the column “%(column)s”."),
                        word=cells[column],
                        column=COLUMNS[column],
                    )
        if "languages" in cells:
            codes = cells["languages"].replace(",", " ").replace(";", " ").split()
            if not all(LANGUAGE_CODE.fullmatch(code) for code in codes) or len(" ".join(codes)) > 60:
                raise _Refused(N_("Write language codes with spaces between, for example: fr ht"))
            values["languages"] = " ".join(codes) or None
        if "unit" in cells:
            values["unit_id"] = self._unit(cells.get("region", ""), cells["unit"])
        return values

    def _unit(self, region: str, name: str) -> UUID | None:
        if not name:
            return None
        found = self._written.get((_composed(region), _composed(name))) or self._alike.get((plain(region), plain(name)))
        if not found:
            raise _Refused(N_("There is no unit “%(unit)s”. Add it to the units first."), unit=name)
        if len({unit.name for unit in found}) > 1:
            raise _Refused(
                N_("Several units are called almost “%(unit)s”. Write the name as the list of units has it."), unit=name
            )
        if len(found) > 1:
            raise _Refused(N_("Several units are called “%(unit)s”. Give the region too."), unit=name)
        unit_id: UUID = found[0].id
        return unit_id


def _composed(text: str) -> str:
    """An accented letter in one way: systems differ, and nobody sees it."""
    return unicodedata.normalize("NFC", text)
