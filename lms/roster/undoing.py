"""A wrong import taken back: the accounts that it made and that nobody has used yet go away again."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import case, delete, func, select, update

from lms.accounts.models import OneTimeLink, User
from lms.core import audit, jobs
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.missions.models import RollEntry
from lms.roster.importing import STEP
from lms.roster.models import RollImport, RollRow, Slip
from lms.roster.on_record import on_record


def outlook(brought: RollImport) -> Mapping[str, int]:
    """Of the trainees that the import made, how many can be taken away again and why others cannot; one statement.

    ``{"free": 3, "used": 1, "record": 0, "undoing": 0, "undone": 0}``: those with a password have signed in.
    """
    made = select(RollRow.user_id).where(RollRow.import_id == brought.id, RollRow.outcome.in_(("added", "kept")))
    touched = on_record(made, brought.mission_id).subquery()
    fate = case(
        (RollRow.outcome.in_(("undoing", "undone")), RollRow.outcome),
        (User.password_hash.is_not(None), "used"),
        (RollRow.user_id.in_(select(touched.c.user_id)), "record"),
        else_="free",
    )
    rows = session.execute(
        select(fate.label("fate"), func.count())
        .select_from(RollRow)
        .outerjoin(User, User.id == RollRow.user_id)
        .where(RollRow.import_id == brought.id, RollRow.outcome.in_(("added", "kept", "undoing", "undone")))
        .group_by("fate")
    )
    return dict.fromkeys(("free", "used", "record", "undoing", "undone"), 0) | dict(rows.all())


def start(brought: RollImport, *, by: UUID) -> None:
    """Begin to take away what the import made; asking twice is asking once."""
    if brought.done_at is None:
        raise DomainError(N_("This roll is still being taken. Wait until it is done."))
    made = update(RollRow).where(RollRow.import_id == brought.id, RollRow.outcome.in_(("added", "kept")))
    session.execute(made.values(outcome="undoing"))
    audit.record("roll.undo_started", actor_id=by, object_id=brought.mission_id)
    jobs.enqueue("roster.undo", f"undo of roll import {brought.id}", import_id=str(brought.id), by=str(by))


def undo_step(brought: RollImport, *, by: UUID) -> bool:
    """Take the next accounts away; whether there are more. Whoever has used theirs meanwhile keeps it."""
    rows = session.scalars(
        select(RollRow)
        .where(RollRow.import_id == brought.id, RollRow.outcome == "undoing")
        .order_by(RollRow.line)
        .limit(STEP)
        .with_for_update()
    ).all()
    if not rows:
        return False
    people = select(User.id).where(User.id.in_([row.user_id for row in rows]))
    # Locked, so that nobody gives them a place or chooses a password in between.
    locked = session.scalars(people.with_for_update()).all()
    kept = set(session.scalars(on_record(people, brought.mission_id)))
    kept |= set(session.scalars(people.where(User.password_hash.is_not(None))))
    gone = [id for id in locked if id not in kept]
    for row in rows:
        row.outcome = "kept" if row.user_id in kept else "undone"
    session.flush()
    remove(gone, by=by)
    return True


def remove(people: list[UUID], *, by: UUID) -> None:
    """Take away accounts of which nothing is on record, and their places on the roll."""
    session.execute(update(RollRow).where(RollRow.user_id.in_(people)).values(user_id=None))
    session.execute(delete(RollEntry).where(RollEntry.user_id.in_(people)))
    session.execute(delete(Slip).where(Slip.user_id.in_(people)))
    session.execute(delete(OneTimeLink).where(OneTimeLink.user_id.in_(people)))
    session.execute(delete(User).where(User.id.in_(people)))
    for id in people:
        audit.record("accounts.taken_away", actor_id=by, object_id=id)
