"""What comes before a cohort's course: asked at every door, and again whenever somebody goes on in it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort, Enrolment, Waiver
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.edition import edition
from lms.library.models import Course, CourseVersion
from lms.record.models import ActivityState, Status

# In characters, of a reason.
LONGEST = 300


class Needed(NamedTuple):
    """A course to be completed first; ``enrolment_id`` is the trainee's present place in it, ``title`` by language."""

    slug: str
    title: Mapping[str, str] | None
    enrolment_id: UUID | None = None


class Unready(NamedTuple):
    """What is done with a trainee who has not completed what comes first.

    ``refuse`` gives no place; ``lock`` gives one whose course opens when the rest is completed; ``waive`` asks it of
    this trainee no longer, for ``reason``.
    """

    how: str = "refuse"
    reason: str = ""


REFUSE = Unready()


class NotReady(DomainError):
    """Something comes first; ``missing`` says what."""

    def __init__(self, missing: list[Needed]) -> None:
        super().__init__(N_("Something comes before this course. Choose what is to be done."), field="unready")
        self.missing = missing


def own_of(cohort: Cohort) -> list[str]:
    """The courses that the cohort's course asks for by itself."""
    return edition(cohort.course_version_id).document.requires_courses


def asked_of(cohort: Cohort) -> list[str]:
    """The courses that this cohort asks for: its course's, but for those set aside, and more of its own."""
    told = cohort.prerequisites or {}
    own = [slug for slug in own_of(cohort) if slug not in told.get("without", {})]
    return own + [slug for slug in told.get("also", []) if slug not in own]


def lacking(cohort: Cohort, people: Collection[UUID]) -> dict[UUID, list[Needed]]:
    """What each of these people has not completed of it; three statements for however many, none for no prerequisite.

    A course is completed when every required activity is, in the version that the person took it in.
    """
    needed = asked_of(cohort)
    if not needed or not people:
        return {}
    titles = _titles(needed)
    completed, places = _completed(needed, people)
    return {
        person: [
            Needed(slug, titles.get(slug), places.get((person, slug)))
            for slug in needed
            if (person, slug) not in completed
        ]
        for person in people
    }


def _completed(
    slugs: Collection[str], people: Collection[UUID]
) -> tuple[set[tuple[UUID, str]], dict[tuple[UUID, str], UUID]]:
    """Which of these courses each person has completed, and their present place in each; two statements."""
    enrolments = session.execute(
        select(Enrolment.id, Enrolment.user_id, Enrolment.course_version_id, Enrolment.left_at, Course.slug)
        .join(CourseVersion, CourseVersion.id == Enrolment.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Enrolment.user_id.in_(people), Course.slug.in_(slugs))
        .order_by(Enrolment.enrolled_at)
    ).all()
    done = defaultdict(set)
    for registration, activity_id in session.execute(
        select(ActivityState.registration, ActivityState.activity_id).where(
            ActivityState.registration.in_([each.id for each in enrolments]),
            ActivityState.status == Status.COMPLETED.value,
        )
    ):
        done[registration].add(activity_id)
    completed = {
        (each.user_id, each.slug) for each in enrolments if edition(each.course_version_id).required <= done[each.id]
    }
    return completed, {(each.user_id, each.slug): each.id for each in enrolments if each.left_at is None}


def _titles(slugs: Collection[str]) -> dict[str, Mapping[str, str]]:
    other = aliased(CourseVersion)
    newest = select(func.max(other.number)).where(other.course_id == CourseVersion.course_id).correlate(CourseVersion)
    rows = session.execute(
        select(Course.slug, CourseVersion.title)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug.in_(slugs), CourseVersion.number == newest.scalar_subquery())
    )
    return dict(rows.all())


def shown_for(cohort: Cohort) -> list[Needed]:
    """What the cohort asks for, with titles; one statement, or none."""
    needed = asked_of(cohort)
    titles = _titles(needed) if needed else {}
    return [Needed(slug, titles.get(slug)) for slug in needed]


def missing(enrolment: Enrolment) -> list[Needed]:
    """What still comes before this trainee's course and is not waived; no prerequisite costs no statement more."""
    found = lacking(enrolment.cohort, [enrolment.user_id]).get(enrolment.user_id, [])
    if not found:
        return []
    waived = _waived([enrolment.id])
    return [each for each in found if (enrolment.id, each.slug) not in waived]


def barred(user_id: UUID, places: Mapping[UUID, Cohort]) -> set[UUID]:
    """Those of one person's enrolments before whose course another still comes; three statements, or none."""
    asked = {id: asked_of(cohort) for id, cohort in places.items()}
    slugs = {slug for needed in asked.values() for slug in needed}
    if not slugs:
        return set()
    completed, _ = _completed(slugs, [user_id])
    waived = _waived(places)
    return {
        id
        for id, needed in asked.items()
        if any((user_id, slug) not in completed and (id, slug) not in waived for slug in needed)
    }


def _waived(enrolments: Collection[UUID]) -> set[tuple[UUID, str]]:
    """``(enrolment, course)`` of what is waived and was not taken back."""
    rows = session.execute(
        select(Waiver.enrolment_id, Waiver.course_slug).where(
            Waiver.enrolment_id.in_(list(enrolments)), Waiver.taken_back_at.is_(None)
        )
    )
    return {(row.enrolment_id, row.course_slug) for row in rows}


def judge(found: list[Needed], unready: Unready) -> list[str]:
    """Refuse a place to who lacks something, unless told otherwise; the courses to be waived."""
    if not found or unready.how == "lock":
        return []
    if unready.how != "waive":
        raise NotReady(found)
    if not unready.reason.strip():
        raise DomainError(N_("Say why it is waived."), field="reason")
    return [each.slug for each in found]


def waive(enrolment: Enrolment, slugs: Collection[str], reason: str, *, by: UUID | None) -> None:
    """Ask these courses of this trainee no longer; waiving twice keeps the first reason."""
    check_open(enrolment.cohort_id, by=by)
    if not reason.strip():
        raise DomainError(N_("Say why it is waived."), field="reason")
    waive_many({enrolment.id: slugs}, reason, by=by)


def waive_many(wanted: Mapping[UUID, Collection[str]], reason: str, *, by: UUID | None) -> None:
    """The same for many places, by enrolment, whose cohort is known to be open; one statement besides the inserts."""
    if not wanted:
        return
    rows = session.scalars(select(Waiver).where(Waiver.enrolment_id.in_(list(wanted))))
    known = {(each.enrolment_id, each.course_slug): each for each in rows}
    for id, slugs in wanted.items():
        for slug in set(slugs):
            waiver = known.get((id, slug))
            if waiver is None:
                session.add(Waiver(enrolment_id=id, course_slug=slug, reason=reason.strip(), by=by))
            elif waiver.taken_back_at is not None:
                waiver.reason, waiver.by, waiver.at = reason.strip(), by, clock.now()
                waiver.taken_back_at = waiver.taken_back_because = None
            else:
                continue
            audit.record("prerequisites.waived", actor_id=by, object_id=id, course=slug)
    session.flush()


def take_back(enrolment: Enrolment, slug: str, reason: str, *, by: UUID) -> None:
    """Ask a waived course of this trainee again; what they have done meanwhile stays on record."""
    check_open(enrolment.cohort_id, by=by)
    if not reason.strip():
        raise DomainError(N_("Say why it is taken back."), field="reason")
    if len(reason.strip()) > LONGEST:
        raise DomainError(N_("A reason has 300 characters at most. Make it shorter."))
    waiver = session.get(Waiver, (enrolment.id, slug))
    if waiver is None or waiver.taken_back_at is not None:
        raise DomainError(N_("This is not waived any more."))
    waiver.taken_back_at, waiver.taken_back_because = clock.now(), reason.strip()
    audit.record("prerequisites.waiver_taken_back", actor_id=by, object_id=enrolment.id, course=slug)


def waivers_of(enrolment: Enrolment) -> Sequence[Any]:
    """What was waived for a trainee: ``(Waiver, by whom)``, oldest first."""
    return session.execute(
        select(Waiver, User.username)
        .outerjoin(User, User.id == Waiver.by)
        .where(Waiver.enrolment_id == enrolment.id)
        .order_by(Waiver.at)
    ).all()


def ask(cohort: Cohort, also: Collection[str], without: Mapping[str, str], *, by: UUID) -> None:
    """Say which courses the cohort asks for beyond its course's own, and which of those it sets aside, with reasons."""
    check_open(cohort.id, by=by)
    own = own_of(cohort)
    if any(not reason.strip() for slug, reason in without.items() if slug in own):
        raise DomainError(N_("Give the reason for each course that is set aside."))
    if any(len(reason.strip()) > LONGEST for reason in without.values()):
        raise DomainError(N_("A reason has 300 characters at most. Make it shorter."))
    aside = {slug: reason.strip() for slug, reason in without.items() if slug in own}
    more = [slug for slug in also if slug not in own and slug != edition(cohort.course_version_id).document.slug]
    cohort.prerequisites = {"also": more, "without": aside} if more or aside else None
    audit.record("prerequisites.set", actor_id=by, object_id=cohort.id, also=more, set_aside=sorted(aside))
