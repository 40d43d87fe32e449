"""A roll that comes as a file: its columns matched, tried dry, then taken in steps that can be cut short."""

import base64
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.vault import Vault
from lms.core.words import N_
from lms.missions.models import Mission, RollEntry
from lms.roster import tables
from lms.roster.judging import Judge, Plan
from lms.roster.models import RollImport, RollRow
from lms.roster.words import COLUMNS, LISTENS, column_of

# Lines in one transaction: others write in between, and what is lost by a cut is short.
STEP = 250
# What a line became, once it is taken; what an import made may be taken back later.
BECAME = {"added": Plan.ADD, "undoing": Plan.ADD, "undone": Plan.ADD, "kept": Plan.ADD, "changed": Plan.CHANGE}
BECAME |= {"same": Plan.SAME, "refused": Plan.REFUSE}
OUTCOMES = {Plan.ADD: "added", Plan.CHANGE: "changed", Plan.SAME: "same", Plan.REFUSE: "refused"}


def bring(mission: Mission, content: bytes, *, vault: Vault, by: UUID) -> RollImport:
    """Read a file's headings and guess what its columns hold; nothing of the roll changes."""
    headings, _ = tables.read(content)
    columns: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if (name := column_of(heading)) is not None:
            columns.setdefault(name, place)
    brought = RollImport(
        mission_id=mission.id,
        brought_by=by,
        file_sealed=vault.close(base64.b64encode(content).decode()),
        headings=headings,
        columns=columns,
    )
    session.add(brought)
    session.flush()
    audit.record("roll.brought", actor_id=by, object_id=mission.id)
    return brought


def match(brought: RollImport, columns: Mapping[str, int], *, vault: Vault) -> None:
    """Keep the matched columns alone, forget the file, and say of every line what it would do."""
    if brought.file_sealed is None:
        return
    if not columns:
        raise DomainError(N_("Choose at least one column."))
    if len(set(columns.values())) < len(columns):
        raise DomainError(N_("A column was chosen twice. Choose each only once."))
    content = vault.open(brought.file_sealed)
    if content is None:
        raise DomainError(N_("The file is no longer here. Choose it again."))
    _, rows = tables.read(base64.b64decode(content))
    judge = Judge(brought.mission_id)
    judged = []
    for line, found in rows:
        cells = {name: found[place] if place < len(found) else "" for name, place in columns.items()}
        if not any(cells.values()):
            continue
        verdict = judge.judge(line, cells)
        judged.append(
            {
                "import_id": brought.id,
                "line": line,
                "cells": cells,
                "plan": verdict.plan.value,
                "reason": list(verdict.reason) if verdict.reason else None,
            }
        )
    if not judged:
        raise DomainError(N_("The chosen columns are empty. Choose others."))
    session.execute(insert(RollRow), judged)
    brought.columns = {name: columns[name] for name in COLUMNS if name in columns}
    brought.file_sealed = None


def counts(brought: RollImport) -> dict[str, int]:
    """How many lines are taken in each way, and how many are done: ``{"add": 3, …, "done": 2, "total": 9}``.

    A line that was taken counts for what became of it: the roll may have changed since the dry run.
    """
    found = {plan.value: 0 for plan in Plan} | {"done": 0}
    rows = session.execute(
        select(RollRow.plan, RollRow.outcome, func.count())
        .where(RollRow.import_id == brought.id)
        .group_by(RollRow.plan, RollRow.outcome)
    )
    for plan, outcome, count in rows:
        found[BECAME[outcome].value if outcome else plan] += count
        found["done"] += count if outcome else 0
    return found | {"total": sum(found[plan.value] for plan in Plan)}


def start(brought: RollImport, *, whole: bool, by: UUID) -> None:
    """Begin to take the lines; ``whole`` asks for nothing at all where one line cannot be taken."""
    if brought.file_sealed is not None:
        raise DomainError(N_("Match the columns first."))
    if brought.started_at is not None:
        return
    found = counts(brought)
    if whole and found[Plan.REFUSE]:
        raise DomainError(
            N_("Nothing was taken, because some lines have a mistake. Mend the file and choose it again.")
        )
    brought.started_at = clock.now()
    audit.record("roll.import_started", actor_id=by, object_id=brought.mission_id, lines=found["total"])
    jobs.enqueue("roster.take", f"roll import {brought.id}", import_id=str(brought.id))


def take_step(brought: RollImport) -> bool:
    """Take the next lines; whether there are more. A line that was taken is never taken again."""
    rows = session.scalars(
        select(RollRow)
        .where(RollRow.import_id == brought.id, RollRow.outcome.is_(None))
        .order_by(RollRow.line)
        .limit(STEP)
        .with_for_update()
    ).all()
    if not rows:
        if brought.done_at is None:
            brought.done_at = clock.now()
            audit.record("roll.imported", actor_id=brought.brought_by, object_id=brought.mission_id, **counts(brought))
        return False
    judge = Judge(brought.mission_id, {row.cells.get("number", "").upper() for row in rows})
    verdicts = [(row, judge.judge(row.line, row.cells)) for row in rows if row.plan != Plan.REFUSE]
    new = accounts.create_trainees(sum(each.plan is Plan.ADD for _, each in verdicts), by=brought.brought_by)
    for row in rows:
        row.outcome = OUTCOMES[Plan.REFUSE]
    listens: dict[bool, list[UUID]] = {True: [], False: []}
    for row, verdict in verdicts:
        row.outcome = OUTCOMES[verdict.plan]
        if verdict.plan is Plan.ADD:
            row.user_id = new.pop(0).id
            session.add(RollEntry(mission_id=brought.mission_id, user_id=row.user_id, **verdict.values))
            if verdict.values.get("literacy") in LISTENS:
                listens[True].append(row.user_id)
        elif verdict.entry is not None:
            row.user_id = verdict.entry.user_id
            literacy = verdict.values.get("literacy", verdict.entry.literacy)
            if literacy != verdict.entry.literacy:
                listens[literacy in LISTENS].append(row.user_id)
            for name, value in verdict.values.items():
                setattr(verdict.entry, name, value)
        elif verdict.reason is not None:
            row.reason = list(verdict.reason)
    session.flush()
    for first, people in listens.items():
        if people:
            session.execute(update(User).where(User.id.in_(people)).values(audio_first=first))
    return True


def forget_old() -> None:
    """Drop files that nobody matched within a day, and the lines of files that were brought a week ago."""
    day, week = clock.now() - timedelta(days=1), clock.now() - timedelta(days=7)
    session.execute(delete(RollImport).where(RollImport.file_sealed.is_not(None), RollImport.brought_at < day))
    old = select(RollImport.id).where(RollImport.brought_at < week)
    session.execute(delete(RollRow).where(RollRow.import_id.in_(old)))
    session.execute(delete(RollImport).where(RollImport.brought_at < week))
