"""Taking a roll in, in the background."""

from uuid import UUID

from lms.core.db import session, transaction
from lms.core.jobs import job, periodic
from lms.roster import importing, slips, undoing
from lms.roster.models import RollImport


@job("roster.take")
def take(import_id: str) -> None:
    """Take line after line; cut short, it goes on with the first line that was not taken."""
    more = True
    while more:
        with transaction():
            brought = session.get_one(RollImport, UUID(import_id), with_for_update=True)
            more = importing.take_step(brought)


@job("roster.undo")
def undo(import_id: str, by: str) -> None:
    """Take back step after step what a wrong import made."""
    more = True
    while more:
        with transaction():
            brought = session.get_one(RollImport, UUID(import_id), with_for_update=True)
            more = undoing.undo_step(brought, by=UUID(by))


@periodic
def forget_old() -> None:
    """Keep nothing of a file, nor of what was printed, longer than it is of use."""
    with transaction():
        importing.forget_old()
        slips.forget_old()
