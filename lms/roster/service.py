"""The mission's units and the trainees on its roll."""

from uuid import UUID

from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.core import audit
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.missions.models import HostForce, Mission, RollEntry, Unit
from lms.roster.words import CHOICES, LANGUAGE_CODE, LISTENS


def add_unit(
    mission: Mission,
    region: str,
    name: str,
    strength: int | None,
    women: int | None,
    *,
    by: UUID | None,
    force_id: UUID | None = None,
    id: UUID | None = None,
) -> Unit:
    """A unit of a host force in one of its regions; of the mission's first force if none is named."""
    active = select(HostForce.id).where(HostForce.mission_id == mission.id, HostForce.retired_on.is_(None))
    found = session.scalars(active.order_by(HostForce.id)).all()
    force = force_id or found[0]
    if force not in found:
        raise DomainError(N_("Choose a force from the list."), field="force")
    region, name = _words_of_unit(mission.id, region, name, strength, women)
    unit = Unit(
        id=id or new_id(),
        mission_id=mission.id,
        force_id=force,
        region=region,
        name=name,
        strength=strength,
        women=women,
    )
    session.add(unit)
    session.flush()
    audit.record("roll.unit_added", actor_id=by, object_id=unit.id)
    return unit


def _words_of_unit(
    mission_id: UUID, region: str, name: str, strength: int | None, women: int | None, but: UUID | None = None
) -> tuple[str, str]:
    region, name = " ".join(region.split()), " ".join(name.split())
    if women is not None and (strength is None or women > strength):
        raise DomainError(N_("More women than officers. Correct one of the two."), field="women")
    known = session.scalar(
        select(Unit.id).where(Unit.mission_id == mission_id, Unit.region == region, Unit.name == name)
    )
    if known is not None and known != but:
        raise DomainError(N_("This region has a unit of this name already."), field="name")
    return region, name


def change_unit(unit: Unit, region: str, name: str, strength: int | None, women: int | None, *, by: UUID) -> None:
    """Correct what a unit is called and how many serve in it; its trainees stay in it."""
    unit.region, unit.name = _words_of_unit(unit.mission_id, region, name, strength, women, but=unit.id)
    unit.strength, unit.women = strength, women
    session.flush()
    audit.record("roll.unit_changed", actor_id=by, object_id=unit.id)


def remove_unit(unit: Unit, *, by: UUID) -> None:
    """Take away a unit that no trainee is in."""
    if session.scalar(select(RollEntry.user_id).where(RollEntry.unit_id == unit.id).limit(1)) is not None:
        raise DomainError(N_("There are trainees in this unit. Give them another unit first."))
    session.delete(unit)
    audit.record("roll.unit_removed", actor_id=by, object_id=unit.id)


def add_trainee(mission: Mission, values: dict[str, str], *, by: UUID, id: UUID | None = None) -> User:
    """A new trainee on the roll."""
    trainee = accounts.create_trainee(by=by, id=id)
    entry = RollEntry(mission_id=mission.id, user_id=trainee.id)
    session.add(entry)
    describe(entry, values, by=by)
    return trainee


def describe(entry: RollEntry, values: dict[str, str], *, by: UUID) -> None:
    """Say what the roll keeps of a trainee: sex, rank, literacy, unit and languages; empty is not known."""
    if (entry.literacy or "") != values["literacy"]:
        # What the roll says is where the trainee begins; their own choice stands until the roll says something new.
        session.get_one(User, entry.user_id).audio_first = values["literacy"] in LISTENS
    for column in CHOICES:
        setattr(entry, column, values[column] or None)
    codes = values["languages"].split()
    if not all(LANGUAGE_CODE.fullmatch(code) for code in codes) or len(" ".join(codes)) > 60:
        raise DomainError(N_("Write language codes with spaces between, for example: fr ht"), field="languages")
    entry.languages = " ".join(codes) or None
    unit = session.get(Unit, UUID(values["unit"])) if values["unit"] else None
    if values["unit"] and (unit is None or unit.mission_id != entry.mission_id):
        raise DomainError(N_("Choose a unit from the list."), field="unit")
    entry.unit_id = unit.id if unit else None
    session.flush()
    audit.record("roll.described", actor_id=by, object_id=entry.user_id)
