"""Moving a cohort to a newer version of its course: what that changes for each trainee, told before it is done."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from lms.accounts.models import User
from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.activities import Activity
from lms.library.edition import Edition, edition
from lms.library.models import CourseVersion
from lms.progress.outline import outline
from lms.progress.queries import states_of


@dataclass(frozen=True)
class Changes:
    """How two versions of a course differ, activity by activity; the same id is the same activity."""

    added: list[Activity]
    removed: list[Activity]
    changed: list[Activity]


@dataclass(frozen=True)
class Effect:
    """What the move means for one trainee: required activities done of all, before and after.

    ``stays`` is set for who has completed the course: what is done is done.
    """

    enrolment_id: UUID
    number: str
    before: tuple[int, int]
    after: tuple[int, int]
    new: list[Activity]
    stays: bool


def newest_id(cohort: Cohort) -> UUID | None:
    """The newest version of the cohort's course, when that is not the cohort's own; one statement."""
    course = select(CourseVersion.course_id).where(CourseVersion.id == cohort.course_version_id).scalar_subquery()
    newest = session.scalar(
        select(CourseVersion.id).where(CourseVersion.course_id == course).order_by(CourseVersion.number.desc()).limit(1)
    )
    return newest if newest != cohort.course_version_id else None


def words_of(version_id: UUID) -> str | None:
    """What its publisher said is new in a version."""
    return session.scalar(select(CourseVersion.changes).where(CourseVersion.id == version_id))


def changes(before: Edition, after: Edition) -> Changes:
    """Which activities are new, gone, or say something else."""
    return Changes(
        added=[each for id, each in after.activities.items() if id not in before.activities],
        removed=[each for id, each in before.activities.items() if id not in after.activities],
        changed=[
            each for id, each in after.activities.items() if id in before.activities and each != before.activities[id]
        ],
    )


def effects(cohort: Cohort, after: Edition) -> list[Effect]:
    """What each trainee of the cohort has done in both versions; two statements."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.course_version_id, User.number)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
        .order_by(User.number)
    ).all()
    states = states_of(*(row.id for row in rows))
    found = []
    for row in rows:
        shown = edition(row.course_version_id)
        then, now = outline(shown, states[row.id]), outline(after, states[row.id])
        found.append(
            Effect(
                enrolment_id=row.id,
                number=row.number,
                before=(then.done, then.total),
                after=(now.done, now.total),
                new=[each.activity for id, each in now.rows.items() if id not in shown.activities and not each.done],
                stays=then.complete,
            )
        )
    return found


def move(cohort: Cohort, version_id: UUID, *, by: UUID) -> int:
    """Move the cohort, and every trainee in it who has not finished; returns how many those are.

    ``version_id`` is the version that was shown: one published meanwhile is not moved to unseen.
    """
    check_open(cohort.id, by=by)
    if newest_id(cohort) != version_id:
        raise DomainError(N_("A newer version came out meanwhile. Look at its changes first."))
    going = [each.enrolment_id for each in effects(cohort, edition(version_id)) if not each.stays]
    session.execute(update(Enrolment).where(Enrolment.id.in_(going)).values(course_version_id=version_id))
    cohort.course_version_id = version_id
    audit.record("cohorts.moved", actor_id=by, object_id=cohort.id, version=str(version_id), trainees=len(going))
    return len(going)
