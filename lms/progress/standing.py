"""Where everybody in some cohorts stands: how far, and what holds up who has come no further; one statement for all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, Waiver
from lms.cohorts.prerequisites import asked_of
from lms.cohorts.schedule import Schedule
from lms.core import clock
from lms.core.db import session
from lms.library.activities import Activity
from lms.library.edition import Edition, edition
from lms.library.models import Course, CourseVersion
from lms.record.models import ActivityState, Statement, Status, Verb

# Longer than this without progress is stuck.
PATIENCE = timedelta(days=7)
# What a trainee does to come on, and what lets them; being marked present, or a mentor's correction, is none of it.
LEARNING = (
    Verb.INITIALIZED.value,
    Verb.COMPLETED.value,
    Verb.PASSED.value,
    Verb.FAILED.value,
    Verb.RETURNED.value,
)


# Before the id of what waits for a mark; no id begins with it.
WAITS = "~"


class Hold(StrEnum):
    """What, if anything, a trainee waits for."""

    COMPLETE = "complete"
    GOING = "going"
    STUCK = "stuck"
    MARK = "mark"
    NOT_OPEN = "not_open"


class Standing(NamedTuple):
    """A trainee with a place in a cohort; ``done`` of ``total`` required activities, of one module where one was asked.

    ``at`` is the first required activity that is open and not done, for who is ``GOING`` or ``STUCK``. ``since`` only
    says who is longest without progress: it is a time of a person's, and shown nowhere. ``late`` are the activities
    whose day is over and that are not done.
    """

    id: UUID
    cohort_id: UUID
    number: str
    course_version_id: UUID
    done: int
    total: int
    hold: Hold
    at: Activity | None
    late: tuple[Activity, ...]
    since: datetime

    @property
    def share(self) -> float:
        """The part of what is required that is done."""
        return self.done / self.total if self.total else 0.0

    @property
    def complete(self) -> bool:
        """Whether everything that was asked about is done."""
        return self.done == self.total


@dataclass(frozen=True)
class Judged:
    """What follows from what is done and what waits, alike for all who have come as far."""

    done: int
    total: int
    hold: Hold
    at: Activity | None
    late: tuple[Activity, ...]
    # Since when there has been something to do, where the schedule says so.
    open_since: date | None


_COHORT = (
    Cohort.id,
    Cohort.course_version_id,
    Cohort.begins,
    Cohort.ends,
    Cohort.closed_at,
    Cohort.schedule,
    Cohort.prerequisites,
)


def of_cohort(cohort: Cohort, module_id: str | None = None) -> list[Standing]:
    """Everyone with a place in the cohort, by number."""
    return of_cohorts(Cohort.id == cohort.id, module_id)


def of_cohorts(which: ColumnElement[bool], module_id: str | None = None) -> list[Standing]:
    """Everyone with a place in these cohorts, by number; two statements, two more where others come before a course."""
    cohorts = {row.id: row for row in session.execute(select(*_COHORT).where(which))}
    rows = session.execute(_rows(which)).all() if cohorts else []
    barred = _barred(cohorts, rows)
    today, now = clock.today(), clock.now()

    @cache
    def days_of(cohort_id: UUID, extension: int) -> Schedule | None:
        cohort = cohorts[cohort_id]
        return Schedule(cohort.begins, cohort.schedule, extension) if cohort.schedule else None

    @cache
    def judged(cohort_id: UUID, version_id: UUID, extension: int, states: str, barred: bool) -> Judged:
        done, waiting = _told(states)
        return judge(edition(version_id), done, waiting, days_of(cohort_id, extension), today, module_id, barred=barred)

    found = []
    for id, number, cohort_id, version_id, enrolled_at, extension, states, last in rows:
        cohort = cohorts[cohort_id]
        stands = judged(cohort_id, version_id, extension, states or "", id in barred)
        since = max(last or enrolled_at, enrolled_at, _midnight(cohort.begins), _midnight(stands.open_since))
        hold = stands.hold
        if hold is Hold.GOING and now - since > PATIENCE and _is_running(cohort, today):
            hold = Hold.STUCK
        found.append(
            Standing(id, cohort_id, number, version_id, stands.done, stands.total, hold, stands.at, stands.late, since)
        )
    return found


def _told(states: str) -> tuple[set[str], set[str]]:
    """The ids of what is done, and of what waits for a mark."""
    waiting = {word for word in states.split() if word.startswith(WAITS)}
    return set(states.split()) - waiting, {word.removeprefix(WAITS) for word in waiting}


def _is_running(cohort: Any, today: date) -> bool:
    return cohort.closed_at is None and cohort.begins <= today <= cohort.ends


@cache
def _midnight(day: date | None) -> datetime:
    """The day's first moment; long ago for none."""
    return datetime.combine(day or date.min, time(), UTC)


def _rows(which: ColumnElement[bool]) -> Any:
    """A row for each place: the ids of what is done and of what waits as words of a text, so that one row is one."""
    id, status = ActivityState.activity_id, ActivityState.status
    word = case((status == Status.HANDED_IN.value, literal(WAITS) + id), else_=id)
    states = select(func.aggregate_strings(word, " ")).where(
        ActivityState.registration == Enrolment.id, status.in_((Status.COMPLETED.value, Status.HANDED_IN.value))
    )
    last = (
        select(Statement.occurred_at)
        .where(Statement.registration == Enrolment.id, Statement.verb.in_(LEARNING))
        .order_by(Statement.occurred_at.desc())
        .limit(1)
    )
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            func.coalesce(User.number, User.username).label("number"),
            Enrolment.cohort_id,
            Enrolment.course_version_id.label("version_id"),
            Enrolment.enrolled_at,
            Enrolment.extension_days,
            states.correlate(Enrolment).scalar_subquery().label("states"),
            last.correlate(Enrolment).scalar_subquery().label("last"),
        )
        .join(User, User.id == Enrolment.user_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(which, Enrolment.left_at.is_(None))
        .order_by("number")
    )


def judge(
    shown: Edition,
    done: set[str],
    waiting: set[str],
    days: Schedule | None,
    today: date,
    module_id: str | None = None,
    *,
    barred: bool = False,
) -> Judged:
    """How far a trainee is who has done these activities, and waits for the marks of others; a pure function.

    With ``barred``, another course comes first, and nothing is open.
    """
    asked = [each for id, each in shown.activities.items() if module_id is None or shown.module_of[id].id == module_id]
    counted = {each.id for each in asked} & shown.required
    shut, over = (days.to_come(today), days.over(today) - done - waiting) if days else (set(), set())
    late = tuple(each for each in asked if each.id in over)
    left = [shown.activities[id] for id in shown.order if id in shown.required and id not in done]
    ready = [each for each in left if not barred and each.id not in shut and done.issuperset(each.requires)]
    to_do = [each for each in ready if each.id not in waiting]
    hold = Hold.GOING if to_do else Hold.MARK if ready else Hold.NOT_OPEN if left else Hold.COMPLETE
    opened = [days.opens(each.id) for each in to_do if each.id in days.known] if days else []
    known = [day for day in opened if day is not None]
    return Judged(
        done=len(counted & done),
        total=len(counted),
        hold=hold,
        at=to_do[0] if to_do else None,
        late=late,
        open_since=min(known) if to_do and len(known) == len(to_do) else None,
    )


def _barred(cohorts: Mapping[UUID, Any], rows: Sequence[Any]) -> set[UUID]:
    """The enrolments before whose course others come, neither completed nor waived: as ``prerequisites.missing``."""
    needs = {id: frozenset(asked_of(cohort)) for id, cohort in cohorts.items()}
    wanted = frozenset().union(*needs.values())
    if not wanted:
        return set()
    own, other = aliased(Enrolment), aliased(Enrolment)
    done = (
        select(func.aggregate_strings(ActivityState.activity_id, " "))
        .where(ActivityState.registration == other.id, ActivityState.status == Status.COMPLETED.value)
        .correlate(other)
        .scalar_subquery()
    )
    settled: dict[UUID, set[str]] = defaultdict(set)
    for id, version_id, slug, text in session.execute(
        select(own.id, other.course_version_id, Course.slug, done)
        .join(other, other.user_id == own.user_id)
        .join(CourseVersion, CourseVersion.id == other.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(own.cohort_id.in_(needs), Course.slug.in_(wanted))
    ):
        if edition(version_id).required <= set((text or "").split()):
            settled[id].add(slug)
    for id, slug in session.execute(
        select(Waiver.enrolment_id, Waiver.course_slug)
        .join(Enrolment, Enrolment.id == Waiver.enrolment_id)
        .where(Enrolment.cohort_id.in_(needs), Waiver.taken_back_at.is_(None))
    ):
        settled[id].add(slug)
    return {row.enrolment_id for row in rows if needs[row.cohort_id] - settled[row.enrolment_id]}
