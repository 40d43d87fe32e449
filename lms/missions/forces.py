"""The host forces of a mission: entered, renamed, retired, and how many posts they have."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.missions.models import Establishment, HostForce, Mission

KINDS = {
    "police": N_("National police"),
    "gendarmerie": N_("Gendarmerie"),
    "municipal": N_("Regional or municipal police"),
    "border": N_("Border police"),
    "prison": N_("Prison service"),
    "other": N_("Another service"),
}


def add(mission: Mission, name: str, kind: str, *, by: UUID | None, id: UUID | None = None) -> HostForce:
    """Enter a force that the mission works with."""
    plain, kind = _free_name(mission.id, name), _known(kind)
    force = HostForce(id=id or new_id(), mission_id=mission.id, name=plain, kind=kind)
    session.add(force)
    session.flush()
    audit.record("forces.added", actor_id=by, object_id=force.id)
    return force


def rename(force: HostForce, name: str, kind: str, *, by: UUID) -> None:
    """Another name or kind; certificates that are printed already keep the old one."""
    force.name, force.kind = _free_name(force.mission_id, name, force.id), _known(kind)
    audit.record("forces.renamed", actor_id=by, object_id=force.id)


def retire(force: HostForce, *, by: UUID) -> None:
    """The mission works with the force no longer; its units and what was counted stay. One force always remains."""
    active = select(func.count()).where(HostForce.mission_id == force.mission_id, HostForce.retired_on.is_(None))
    if force.retired_on is None and session.scalar(active) == 1:
        raise DomainError(N_("A mission works with one force at least. Enter the other one first."))
    if force.retired_on is None:
        force.retired_on = clock.today()
        audit.record("forces.retired", actor_id=by, object_id=force.id)


def take_up(force: HostForce, *, by: UUID) -> None:
    """The mission works with the force again."""
    if force.retired_on is not None:
        force.retired_on = None
        audit.record("forces.taken_up", actor_id=by, object_id=force.id)


def count(force: HostForce, on: date, posts: int, women: int | None, *, by: UUID | None) -> None:
    """How many posts the force had on a day, and how many women held one; counting a day again replaces it."""
    if on > clock.today():
        raise DomainError(N_("This day is in the future. Give the day it was done."), field="day")
    if women is not None and women > posts:
        raise DomainError(N_("More women than officers. Correct one of the two."), field="women")
    known = select(Establishment).where(Establishment.force_id == force.id, Establishment.day == on)
    counted = session.scalar(known)
    if counted is None:
        counted = Establishment(force_id=force.id, day=on, posts=posts, women=women)
        session.add(counted)
    counted.posts, counted.women = posts, women
    session.flush()
    audit.record("forces.counted", actor_id=by, object_id=force.id, day=on.isoformat(), posts=posts, women=women)


def _free_name(mission_id: UUID, name: str, but: UUID | None = None) -> str:
    plain = " ".join(name.split())
    known = session.scalar(select(HostForce.id).where(HostForce.mission_id == mission_id, HostForce.name == plain))
    if known is not None and known != but:
        raise DomainError(N_("The mission has a force of this name already."), field="name")
    return plain


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise DomainError(N_("Choose a kind from the list."), field="kind")
    return kind
