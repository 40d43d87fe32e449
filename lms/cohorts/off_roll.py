"""Taking one trainee off the roll of a mission."""

from uuid import UUID

from sqlalchemy import select, union_all

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, Waiting
from lms.core import audit
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.missions.models import RollEntry
from lms.roster.on_record import on_record
from lms.roster.words import OFF


def has_record(entry: RollEntry) -> bool:
    """Whether anything beyond this roll speaks of the trainee: then the account stays, for what is theirs."""
    person = select(User.id).where(User.id == entry.user_id)
    return session.scalars(on_record(person, entry.mission_id)).first() is not None


def take_off(entry: RollEntry, because: str, *, by: UUID) -> None:
    """End a trainee's place on the roll for one of the reasons of the list; an account without a record is closed.

    Whoever has a place in a cohort of the mission, or waits for one, leaves that first: it says what becomes of it.
    """
    if because not in OFF:
        raise DomainError(N_("Choose why the trainee leaves the roll."), field="because")
    places = [
        select(Cohort.title)
        .join(table, table.cohort_id == Cohort.id)
        .where(table.user_id == entry.user_id, Cohort.mission_id == entry.mission_id, Cohort.closed_at.is_(None), *only)
        for table, only in ((Enrolment, [Enrolment.left_at.is_(None)]), (Waiting, []))
    ]
    titles = session.scalars(union_all(*places)).all()
    if titles:
        raise DomainError(
            N_("This trainee has a place in %(cohorts)s, or waits for one. End that first."), cohorts=", ".join(titles)
        )
    stays = has_record(entry)
    mission_id, trainee = entry.mission_id, session.get_one(User, entry.user_id, with_for_update=True)
    session.delete(entry)
    session.flush()
    audit.record("roll.taken_off", actor_id=by, object_id=mission_id, person=str(trainee.id), because=because)
    if not stays:
        accounts.set_active(trainee, False, by)
