"""The whole roll as a file: a second person approves it, it says whose it is, and it can be had for a day."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from lms.accounts.models import User
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.sheets import safe_cell
from lms.core.words import N_
from lms.missions.models import Mission
from lms.roster.models import RollExport
from lms.roster.queries import whole_roll
from lms.roster.tables import MARK
from lms.roster.words import CHOICES, COLUMNS

LIFETIME = timedelta(days=1)
# Rows between two marks: no page of a printout is without one.
GROUP = 40


def ask(mission: Mission, kind: str, purpose: str, *, by: UUID, id: UUID | None = None) -> RollExport:
    """Ask for the roll as ``csv`` or ``xlsx``; nothing leaves yet."""
    asked = RollExport(id=id or new_id(), mission_id=mission.id, kind=kind, purpose=purpose.strip(), asked_by=by)
    session.add(asked)
    session.flush()
    audit.record("roll.export_asked", actor_id=by, object_id=mission.id)
    return asked


def approve(asked: RollExport, *, by: UUID) -> None:
    """Approve what somebody else asked for; approving twice does not make the day longer."""
    if asked.asked_by == by:
        raise DomainError(N_("Somebody else must approve this."))
    if asked.approved_at is None:
        asked.approved_by, asked.approved_at = by, clock.now()
        audit.record("roll.export_approved", actor_id=by, object_id=asked.mission_id, asked_by=str(asked.asked_by))


def is_ready(asked: RollExport) -> bool:
    """Whether the file can be had now."""
    return asked.approved_at is not None and clock.now() < asked.approved_at + LIFETIME


def file_of(asked: RollExport, say: Callable[[str], str], *, by: UUID) -> bytes:
    """The file, made now and kept nowhere; ``say`` puts our own words into the reader's language."""
    if not is_ready(asked):
        raise DomainError(N_("This export is not approved, or its day is over. Ask again."))
    assert asked.approved_by is not None
    asker, approver = session.get_one(User, asked.asked_by), session.get_one(User, asked.approved_by)
    mission = session.get_one(Mission, asked.mission_id)
    made = clock.now().strftime("%Y-%m-%d %H:%M UTC")
    mark = f"{MARK} {mission.title} · {asker.username} · {approver.username} · {made} · {asked.id.hex[-6:]}"
    people = whole_roll(asked.mission_id)
    lines: list[list[str]] = [[mark], [say(word) for word in COLUMNS.values()]]
    for place, row in enumerate(people, start=1):
        entry = row.RollEntry
        said = {name: say(CHOICES[name][code]) if (code := getattr(entry, name)) else "" for name in CHOICES}
        said |= {"number": row.number or row.username, "region": row.region or "", "unit": row.unit or ""}
        said["languages"] = entry.languages or ""
        lines.append([safe_cell(said[name]) for name in COLUMNS])
        if place % GROUP == 0:
            lines.append([mark])
    audit.record("roll.exported", actor_id=by, object_id=asked.mission_id, trainees=len(people), export=str(asked.id))
    return _xlsx(lines, mark) if asked.kind == "xlsx" else _csv(lines)


def _csv(lines: list[list[str]]) -> bytes:
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def _xlsx(lines: list[list[str]], mark: str) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Roll")
    sheet.oddHeader.center.text = mark.replace("&", "&&")
    for line in lines:
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
