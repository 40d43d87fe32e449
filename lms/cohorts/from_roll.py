"""A whole class at once: trainees of the mission's roll get places in a cohort."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from lms.accounts.models import Role, User
from lms.cohorts import service
from lms.cohorts.closing import take_turn
from lms.cohorts.models import Cohort, Enrolment, Waiting
from lms.cohorts.prerequisites import REFUSE, Unready, judge, lacking, waive_many
from lms.core import audit
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.missions.models import RollEntry, Unit

# A class is forty; who wants more at once does it again.
MOST = 200


@dataclass
class Enrolled:
    """What became of each trainee that was chosen; ``refused`` is numbers and why."""

    placed: int = 0
    queued: int = 0
    refused: list[tuple[str, DomainError]] = field(default_factory=list)


def candidates(cohort: Cohort, unit: UUID | None, *, new: bool) -> tuple[Sequence[Any], int]:
    """Who is on the roll and neither in the cohort nor in its queue, by unit and number, and how many they are.

    ``new`` leaves only those who were never in any cohort. At most ``MOST`` are listed; two statements.
    """
    placed = exists().where(Enrolment.user_id == User.id)
    region, name = func.coalesce(Unit.region, ""), func.coalesce(Unit.name, "")
    wanted = (
        select(User.id, User.number, name.label("unit"), region.label("region"))
        .join(RollEntry, RollEntry.user_id == User.id)
        .outerjoin(Unit, Unit.id == RollEntry.unit_id)
        .where(
            RollEntry.mission_id == cohort.mission_id,
            User.role == Role.TRAINEE,
            User.active,
            ~placed if new else ~placed.where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None)),
            ~exists().where(Waiting.cohort_id == cohort.id, Waiting.user_id == User.id),
        )
    )
    if unit is not None:
        wanted = wanted.where(RollEntry.unit_id == unit)
    count = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    return session.execute(wanted.order_by(region, name, User.number).limit(MOST)).all(), count


def free_places(cohort: Cohort) -> int:
    """Places that are neither taken nor kept for the queue."""
    taken = select(func.count()).where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
    waiting = select(func.count()).where(Waiting.cohort_id == cohort.id)
    used = session.scalar(select(taken.scalar_subquery() + waiting.scalar_subquery())) or 0
    return max(0, cohort.capacity - used)


def units(mission_id: UUID) -> Sequence[Any]:
    """The mission's units, by region and name: ``(id, region, name)``."""
    return session.execute(
        select(Unit.id, Unit.region, Unit.name).where(Unit.mission_id == mission_id).order_by(Unit.region, Unit.name)
    ).all()


def enrol_many(cohort: Cohort, chosen: Sequence[UUID], *, by: UUID, unready: Unready = REFUSE) -> Enrolled:
    """Places for these trainees of the roll in the order given; when the places end, the others wait in the queue.

    One who cannot be enrolled keeps nobody else from it. Somebody who has a place already keeps it.
    """
    take_turn(cohort, by=by)
    if not chosen:
        raise DomainError(N_("Choose at least one trainee."))
    if len(chosen) > MOST:
        raise DomainError(N_("That is too many at once: choose %(most)s at most."), most=MOST)
    known = {
        person.id: person
        for person in session.scalars(
            select(User)
            .join(RollEntry, RollEntry.user_id == User.id)
            .where(RollEntry.mission_id == cohort.mission_id, User.id.in_(chosen), User.role == Role.TRAINEE)
        )
    }
    people = [known[each] for each in dict.fromkeys(chosen) if each in known]
    return _give(cohort, people, unready, by=by)


def _give(cohort: Cohort, people: Sequence[User], unready: Unready, *, by: UUID) -> Enrolled:
    """The same rules as for one, with everything read once: others wait for this turn to write."""
    places, queue = _places(cohort), _queue(cohort)
    taken = sum(each.left_at is None for each in places.values())
    found = lacking(cohort, [each.id for each in people])
    outcome, waived = Enrolled(), dict[UUID, list[str]]()
    for person in people:
        place = places.get(person.id)
        try:
            service.check_account(person)
            if place is not None and place.left_at is None:
                outcome.placed += 1
                continue
            slugs = judge(found.get(person.id, []), unready)
        except DomainError as refusal:
            outcome.refused.append((person.shown_as, refusal))
            continue
        ahead = list(queue).index(person.id) if person.id in queue else len(queue)
        if cohort.capacity - taken <= ahead:
            outcome.queued += 1
            if person.id not in queue:
                session.add(waiting := Waiting(cohort_id=cohort.id, user_id=person.id))
                queue[person.id] = waiting
                audit.record("cohorts.waits", actor_id=by, object_id=cohort.id, person=str(person.id))
            continue
        if person.id in queue:
            session.delete(queue.pop(person.id))
        if place is None:
            version_id = cohort.course_version_id
            place = Enrolment(id=new_id(), cohort_id=cohort.id, user_id=person.id, course_version_id=version_id)
            session.add(place)
        place.left_at = place.left_because = None
        waived[place.id] = slugs
        taken, outcome.placed = taken + 1, outcome.placed + 1
        audit.record("cohorts.enrolled", actor_id=by, object_id=place.id, cohort=str(cohort.id))
    session.flush()
    waive_many({id: slugs for id, slugs in waived.items() if slugs}, unready.reason, by=by)
    return outcome


def _places(cohort: Cohort) -> dict[UUID, Enrolment]:
    """Every place there is or was in the cohort, by trainee."""
    rows = session.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort.id))
    return {each.user_id: each for each in rows}


def _queue(cohort: Cohort) -> dict[UUID, Waiting]:
    """Who waits, by trainee, the longest first."""
    rows = session.scalars(select(Waiting).where(Waiting.cohort_id == cohort.id).order_by(Waiting.asked_at, Waiting.id))
    return {each.user_id: each for each in rows}
