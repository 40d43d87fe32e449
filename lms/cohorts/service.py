"""Making cohorts and giving places in them."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, CohortLead, Enrolment
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.vault import Vault
from lms.core.words import N_
from lms.library.models import CourseVersion
from lms.missions.models import Mission, RollEntry
from lms.missions.service import put_on_roll


def create(
    mission: Mission, version_id: UUID, *, title: str, begins: date, ends: date, capacity: int, by: UUID | None
) -> Cohort:
    """A new cohort of the mission, on a published course version; whoever makes it answers for it."""
    if ends < begins:
        raise DomainError(N_("The cohort ends before it begins. Change one of the dates."), field="ends")
    if session.get(CourseVersion, version_id) is None:
        raise DomainError(N_("Choose a course from the list."), field="course")
    known = select(Cohort.id).where(Cohort.mission_id == mission.id, Cohort.title == title)
    if session.scalar(known) is not None:
        raise DomainError(N_("The mission has a cohort with this title already. Choose another."), field="title")
    cohort = Cohort(
        mission_id=mission.id,
        course_version_id=version_id,
        title=title,
        begins=begins,
        ends=ends,
        capacity=capacity,
    )
    session.add(cohort)
    session.flush()
    if by is not None:
        session.add(CohortLead(cohort_id=cohort.id, user_id=by))
    audit.record("cohorts.created", actor_id=by, object_id=cohort.id)
    return cohort


def enrol(cohort: Cohort, username: str, *, by: UUID | None) -> Enrolment:
    """Give a trainee a place in the cohort; enrolling twice is one enrolment."""
    trainee = session.scalar(select(User).where(User.username == username.strip().casefold()))
    if trainee is None or trainee.role != Role.TRAINEE or not _may_be_known_to(cohort, trainee):
        raise DomainError(
            N_("No trainee of this mission has this number. Check it, or add a new trainee."), field="number"
        )
    if not trainee.active:
        raise DomainError(N_("This account is closed. An administrator can open it again."), field="number")
    return place(cohort, trainee, by=by)


def _may_be_known_to(cohort: Cohort, trainee: User) -> bool:
    """A mentor reaches the trainees of the mission's roll, and those on no roll yet."""
    rolls = session.scalars(select(RollEntry.mission_id).where(RollEntry.user_id == trainee.id)).all()
    return not rolls or cohort.mission_id in rolls


def add_trainee(cohort: Cohort, *, by: UUID) -> tuple[User, str]:
    """A new trainee with a place in the cohort; returns the account and its one-time link's token."""
    _check_room(cohort)
    trainee = accounts.create_trainee(by=by)
    place(cohort, trainee, by=by)
    return trainee, accounts.make_link(trainee, by=by)


def place(cohort: Cohort, trainee: User, *, by: UUID | None) -> Enrolment:
    """The trainee's enrolment in the cohort: the one there is, taken up again if it was left, or a new one."""
    put_on_roll(cohort.mission_id, trainee.id)
    known = session.scalar(select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.user_id == trainee.id))
    if known is not None and known.left_at is None:
        return known
    _check_room(cohort)
    if known is not None:
        known.left_at = None
        enrolment = known
    else:
        enrolment = Enrolment(cohort_id=cohort.id, user_id=trainee.id, course_version_id=cohort.course_version_id)
        session.add(enrolment)
    session.flush()
    audit.record("cohorts.enrolled", actor_id=by, object_id=enrolment.id, cohort=str(cohort.id))
    return enrolment


def _check_room(cohort: Cohort) -> None:
    taken = session.scalar(
        select(func.count()).select_from(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
    )
    if (taken or 0) >= cohort.capacity:
        raise DomainError(N_("The cohort is full (%(capacity)s places)."), capacity=cohort.capacity)


def keep_name(enrolment: Enrolment, name: str, *, vault: Vault, by: UUID) -> None:
    """Keep the trainee's real name, where the mission keeps names at all."""
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    if not session.get_one(Mission, cohort.mission_id).keeps_names:
        raise DomainError(N_("This mission keeps no names."), field="name")
    accounts.keep_name(session.get_one(User, enrolment.user_id), name, vault=vault, by=by)


def end_enrolment(enrolment: Enrolment, *, by: UUID) -> None:
    """The trainee leaves the cohort; what was done stays on record."""
    if enrolment.left_at is None:
        enrolment.left_at = clock.now()
        audit.record("cohorts.left", actor_id=by, object_id=enrolment.id)


def choose_language(enrolment: Enrolment, language: str, available: list[str]) -> None:
    """The language in which the trainee takes the course."""
    if language not in available:
        raise DomainError(N_("The course is not written in this language. Choose one from the list."))
    enrolment.language = language
