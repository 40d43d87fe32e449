"""Whether anything in the database speaks of a person: only whom nothing speaks of may be taken away."""

from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, select, union

from lms.accounts.models import OneTimeLink, User
from lms.core.db import Base
from lms.missions.models import RollEntry
from lms.roster.models import RollRow, Slip

# What is made with an account and goes with it.
_OWN = (OneTimeLink.__table__, RollRow.__table__, Slip.__table__)


def on_record(people: Select[Any], mission_id: UUID) -> CompoundSelect[Any]:
    """Those among the people to whom any table refers, whatever it is for, beyond their entry on this mission's roll.

    Every column that points at an account is asked, so that a table that comes later is not forgotten.
    """
    wanted = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if table in _OWN or not any(key.column.table is User.__table__ for key in column.foreign_keys):
                continue
            found = select(column.label("user_id")).where(column.in_(people))
            if table is RollEntry.__table__:
                found = found.where(RollEntry.mission_id != mission_id)
            wanted.append(found)
    return union(*wanted)
