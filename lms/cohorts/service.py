"""Making cohorts, and giving places in them."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select, tuple_

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.cohorts import queries
from lms.cohorts.closing import check_open, take_turn
from lms.cohorts.models import Cohort, CohortLead, Enrolment, Leaving, Teaching, Waiting
from lms.cohorts.prerequisites import REFUSE, Needed, Unready, judge, lacking, waive
from lms.core import audit, clock
from lms.core.dates import check_near
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.vault import Vault
from lms.core.words import N_
from lms.library.models import CourseVersion
from lms.missions.models import Mission, RollEntry
from lms.missions.service import put_on_roll


def create(
    mission: Mission,
    version_id: UUID,
    *,
    title: str,
    begins: date,
    ends: date,
    capacity: int,
    by: UUID | None,
    id: UUID | None = None,
) -> Cohort:
    """A new cohort of the mission, on a published course version; whoever makes it answers for it."""
    if ends < begins:
        raise DomainError(N_("The cohort ends before it begins. Change one of the dates."), field="ends")
    check_near(begins, field="begins")
    check_near(ends, field="ends")
    if session.get(CourseVersion, version_id) is None:
        raise DomainError(N_("Choose a course from the list."), field="course")
    known = select(Cohort.id).where(Cohort.mission_id == mission.id, Cohort.title == title)
    if session.scalar(known) is not None:
        raise DomainError(N_("The mission has a cohort with this title already. Choose another."), field="title")
    cohort = Cohort(
        id=id or new_id(),
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


def change(cohort: Cohort, *, title: str, begins: date, ends: date, capacity: int, by: UUID) -> None:
    """Other dates, another title or number of places; what is due moves with the first day."""
    take_turn(cohort, by=by)
    if ends < begins:
        raise DomainError(N_("The cohort ends before it begins. Change one of the dates."), field="ends")
    if begins != cohort.begins:
        check_near(begins, field="begins")
    if ends != cohort.ends:
        check_near(ends, field="ends")
    known = select(Cohort.id).where(Cohort.mission_id == cohort.mission_id, Cohort.title == title)
    if session.scalar(known.where(Cohort.id != cohort.id)) is not None:
        raise DomainError(N_("The mission has a cohort with this title already. Choose another."), field="title")
    if capacity < _taken(cohort):
        raise DomainError(
            N_("%(taken)s places are taken. Give at least as many."), field="capacity", taken=_taken(cohort)
        )
    cohort.title, cohort.begins, cohort.ends, cohort.capacity = title, begins, ends, capacity
    audit.record("cohorts.changed", actor_id=by, object_id=cohort.id)


def enrol(cohort: Cohort, username: str, *, by: UUID | None, unready: Unready = REFUSE) -> Enrolment:
    """Give a trainee a place in the cohort; enrolling twice is one enrolment."""
    return place(cohort, _trainee(cohort, username), by=by, unready=unready)


def _trainee(cohort: Cohort, username: str) -> User:
    trainee = session.scalar(select(User).where(User.username == username.strip().casefold()))
    if trainee is None or trainee.role != Role.TRAINEE or not _may_be_known_to(cohort, trainee):
        raise DomainError(
            N_("No trainee of this mission has this number. Check it, or add a new trainee."), field="number"
        )
    check_account(trainee)
    return trainee


def check_account(trainee: User) -> None:
    """Refuse a place to an account that is closed."""
    if not trainee.active:
        raise DomainError(N_("This account is closed. An administrator can open it again."), field="number")


def _may_be_known_to(cohort: Cohort, trainee: User) -> bool:
    """A mentor reaches the trainees of the mission's roll, and those on no roll yet."""
    rolls = session.scalars(select(RollEntry.mission_id).where(RollEntry.user_id == trainee.id)).all()
    return not rolls or cohort.mission_id in rolls


def add_trainee(cohort: Cohort, *, by: UUID, unready: Unready = REFUSE, id: UUID | None = None) -> User:
    """A new trainee with a place in the cohort."""
    take_turn(cohort, by=by)
    _check_room(cohort)
    trainee = accounts.create_trainee(by=by, id=id)
    place(cohort, trainee, by=by, unready=unready)
    return trainee


def place(cohort: Cohort, trainee: User, *, by: UUID | None, unready: Unready = REFUSE) -> Enrolment:
    """The trainee's enrolment in the cohort: the one there is, taken up again if it was left, or a new one.

    Whoever had waited for the place waits no more. ``unready`` says what happens if something comes first.
    """
    take_turn(cohort, by=by)
    return _place(cohort, trainee, lacking(cohort, [trainee.id]).get(trainee.id, []), unready, by)


def _place(cohort: Cohort, trainee: User, found: list[Needed], unready: Unready, by: UUID | None) -> Enrolment:
    put_on_roll(cohort.mission_id, trainee.id)
    known = session.scalar(select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.user_id == trainee.id))
    if known is not None and known.left_at is None:
        return known
    waived = judge(found, unready)
    waiting = session.scalar(select(Waiting).where(Waiting.cohort_id == cohort.id, Waiting.user_id == trainee.id))
    _check_room(cohort, waiting)
    if waiting is not None:
        session.delete(waiting)
    if known is not None:
        known.left_at = known.left_because = None
        enrolment = known
    else:
        enrolment = Enrolment(cohort_id=cohort.id, user_id=trainee.id, course_version_id=cohort.course_version_id)
        session.add(enrolment)
    session.flush()
    audit.record("cohorts.enrolled", actor_id=by, object_id=enrolment.id, cohort=str(cohort.id))
    if waived:
        waive(enrolment, waived, unready.reason, by=by)
    return enrolment


def _taken(cohort: Cohort) -> int:
    taken = select(func.count()).select_from(Enrolment)
    return session.scalar(taken.where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))) or 0


def _check_room(cohort: Cohort, waiting: Waiting | None = None) -> None:
    """A free place is kept for who has waited longest, so nobody walks past the queue."""
    ahead = select(func.count()).select_from(Waiting).where(Waiting.cohort_id == cohort.id)
    if waiting is not None:
        ahead = ahead.where(tuple_(Waiting.asked_at, Waiting.id) < (waiting.asked_at, waiting.id))
    free, before = cohort.capacity - _taken(cohort), session.scalar(ahead) or 0
    if free <= 0:
        raise NoRoom(N_("The cohort is full (%(capacity)s places)."), capacity=cohort.capacity)
    if free <= before:
        raise NoRoom(N_("The free places are for those who have waited longer. See the queue below."))


class NoRoom(DomainError):
    """There is no place now, but one in the queue."""


def wait(cohort: Cohort, username: str, *, by: UUID) -> int:
    """Put a trainee at the end of the queue for a place; asking twice keeps the first turn. Returns whose turn it is.

    A place that becomes free is given by a mentor's click: the person must be told, and may have been posted away.
    """
    check_open(cohort.id, by=by)
    trainee = _trainee(cohort, username)
    placed = select(Enrolment.id).where(Enrolment.cohort_id == cohort.id, Enrolment.user_id == trainee.id)
    if session.scalar(placed.where(Enrolment.left_at.is_(None))) is not None:
        raise DomainError(N_("This trainee has a place already."), field="number")
    put_on_roll(cohort.mission_id, trainee.id)
    queue = session.scalars(
        select(Waiting.user_id).where(Waiting.cohort_id == cohort.id).order_by(Waiting.asked_at, Waiting.id)
    ).all()
    if trainee.id in queue:
        return queue.index(trainee.id) + 1
    session.add(Waiting(cohort_id=cohort.id, user_id=trainee.id))
    audit.record("cohorts.waits", actor_id=by, object_id=cohort.id, person=str(trainee.id))
    return len(queue) + 1


def waiting_in(cohort: Cohort, waiting_id: UUID) -> Waiting | None:
    """Who waits in the cohort's queue, unless that has ended; read in the cohort's turn, or two wait for each other."""
    return session.scalar(select(Waiting).where(Waiting.id == waiting_id, Waiting.cohort_id == cohort.id))


def stop_waiting(waiting: Waiting, *, by: UUID) -> None:
    """Take somebody out of the queue."""
    check_open(waiting.cohort_id, by=by)
    session.delete(waiting)
    audit.record("cohorts.waits_no_more", actor_id=by, object_id=waiting.cohort_id, person=str(waiting.user_id))


def keep_name(enrolment: Enrolment, name: str, *, vault: Vault, by: UUID) -> None:
    """Keep the trainee's real name, where the mission keeps names at all."""
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    if not session.get_one(Mission, cohort.mission_id).keeps_names:
        raise DomainError(N_("This mission keeps no names."), field="name")
    accounts.keep_name(session.get_one(User, enrolment.user_id), name, vault=vault, by=by)


def end_enrolment(enrolment: Enrolment, because: str, *, by: UUID) -> None:
    """The trainee leaves the cohort for one of the reasons of the list; what was done stays on record."""
    check_open(enrolment.cohort_id, by=by)
    if because not in set(Leaving):
        raise DomainError(N_("Choose why the trainee leaves."), field="because")
    if enrolment.left_at is None:
        enrolment.left_at, enrolment.left_because = clock.now(), because
        audit.record("cohorts.left", actor_id=by, object_id=enrolment.id, because=because)


def adjust(enrolment: Enrolment, *, extension_days: int, extra_time: int, by: UUID) -> None:
    """Give one trainee more days for what is due and more time in tests (percent); 0 takes it back.

    A test that has begun keeps the time it began with.
    """
    check_open(enrolment.cohort_id, by=by)
    enrolment.extension_days, enrolment.extra_time = extension_days, extra_time
    audit.record("enrolments.adjusted", actor_id=by, object_id=enrolment.id, days=extension_days, percent=extra_time)


def name_instructor(cohort: Cohort, username: str, *, by: UUID) -> User:
    """Let a local instructor teach in the cohort; naming twice is naming once."""
    check_open(cohort.id, by=by)
    person = accounts.find(username)
    if person is None or person.role != Role.INSTRUCTOR or not person.active:
        raise DomainError(
            N_("There is no local instructor with this username. An administrator makes the account."), field="username"
        )
    if session.get(Teaching, (cohort.id, person.id)) is None:
        session.add(Teaching(cohort_id=cohort.id, user_id=person.id))
        audit.record("cohorts.instructor_named", actor_id=by, object_id=cohort.id, person=str(person.id))
    return person


def remove_instructor(cohort: Cohort, person_id: UUID, *, by: UUID) -> None:
    """The instructor teaches here no more; their rights end at once."""
    check_open(cohort.id, by=by)
    teaching = session.get(Teaching, (cohort.id, person_id))
    if teaching is not None:
        session.delete(teaching)
        audit.record("cohorts.instructor_removed", actor_id=by, object_id=cohort.id, person=str(person_id))


def set_lead(cohort: Cohort, person_id: UUID, *, by: UUID) -> None:
    """Let another mentor of the mission answer for the cohort; one always does."""
    check_open(cohort.id, by=by)
    if person_id not in {each.id for each in queries.may_lead(cohort)}:
        raise DomainError(N_("Choose a mentor who is deployed to the mission today."), field="person")
    lead = session.get(CohortLead, cohort.id)
    if lead is None or lead.user_id != person_id:
        session.merge(CohortLead(cohort_id=cohort.id, user_id=person_id))
        audit.record("cohorts.lead_changed", actor_id=by, object_id=cohort.id, person=str(person_id))


def choose_language(enrolment: Enrolment, language: str, available: list[str]) -> None:
    """The language in which the trainee takes the course."""
    check_open(enrolment.cohort_id, by=enrolment.user_id)
    if language not in available:
        raise DomainError(N_("The course is not written in this language. Choose one from the list."))
    enrolment.language = language
