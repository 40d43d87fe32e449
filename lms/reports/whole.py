"""Everything about one trainee's place in a cohort, gathered from every domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.accounts.models import User
from lms.assessment.models import Attempt
from lms.assignments.models import HandIn
from lms.attendance.models import TrainingSession
from lms.attendance.queries import of_cohort
from lms.certificates.models import Credential
from lms.cohorts import prerequisites
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.prerequisites import Needed
from lms.cohorts.schedule import Schedule
from lms.core import clock, policy
from lms.core.db import session
from lms.grades.marks import SESSION, Mark, attended, mark
from lms.grades.queries import scheme_of
from lms.library.edition import edition
from lms.library.models import CourseVersion
from lms.mentoring.queries import Note, notes_on
from lms.missions.models import Mission
from lms.progress import gain
from lms.progress.gain import OwnGain
from lms.progress.outline import Outline, outline
from lms.progress.queries import history, literacy_of, readers_aloud, states_of
from lms.progress.recheck import activity_of, is_recheck
from lms.roster.words import LITERACY
from lms.scenarios.models import Run

# The newest; the mentoring page has them all.
NOTES = 5


@dataclass(frozen=True)
class Try:
    """One go at a test or through a scenario; ``ended_at`` is absent while it goes on, ``outcome`` a scenario's end."""

    activity_id: str
    number: int
    recheck: bool
    began_at: datetime
    ended_at: datetime | None
    score: float | None
    passed: bool | None
    outcome: str | None


@dataclass(frozen=True)
class Attended:
    """``(session, whether it has begun, the trainee's mark)`` of the cohort's sessions, first to last.

    ``share`` of those that count, from 0 to 1.
    """

    sessions: Sequence[tuple[TrainingSession, bool, str | None]]
    share: float | None


@dataclass(frozen=True)
class Whole:
    """All of it, in the order of the page."""

    person: User
    cohort: Cohort
    keeps_names: bool
    literacy: str | None
    missing: Sequence[Needed]
    outline: Outline
    mark: Mark
    gain: OwnGain | None
    tries: list[Try]
    hand_ins: Sequence[HandIn]
    attendance: Attended
    certificates: Sequence[Credential]
    elsewhere: Sequence[Any]
    history: Sequence[Any]
    readers: Mapping[str, str]
    notes: Sequence[Note]


def of(enrolment: Enrolment, reader: User) -> Whole:
    """Everything about the trainee's place that the reader may see; as many statements for much as for little."""
    shown, states = edition(enrolment.course_version_id), states_of(enrolment.id)[enrolment.id]
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    happened = history(enrolment.id)
    return Whole(
        person=session.get_one(User, enrolment.user_id),
        cohort=cohort,
        keeps_names=session.get_one(Mission, cohort.mission_id).keeps_names,
        literacy=LITERACY.get(literacy_of(enrolment) or ""),
        missing=prerequisites.missing(enrolment),
        outline=outline(shown, states, Schedule(cohort.begins, cohort.schedule, enrolment.extension_days)),
        mark=mark(scheme_of(cohort.id), shown, states, closed=cohort.closed_at is not None),
        gain=gain.of_trainee(shown, states),
        tries=tries(enrolment),
        hand_ins=hand_ins(enrolment),
        attendance=attendance(cohort, states),
        certificates=certificates(enrolment),
        elsewhere=elsewhere(enrolment, reader),
        history=happened,
        readers=readers_aloud(happened),
        notes=notes_on(enrolment.user_id, reader, mission_id=cohort.mission_id)[:NOTES],
    )


def tries(enrolment: Enrolment) -> list[Try]:
    """Every go at a test or a scenario, newest first; two statements."""
    columns = (Attempt.activity_id, Attempt.number, Attempt.started_at, Attempt.submitted_at)
    attempts = session.execute(
        select(*columns, Attempt.score, Attempt.passed).where(Attempt.enrolment_id == enrolment.id)
    )
    runs = session.execute(
        select(Run.activity_id, Run.number, Run.started_at, Run.finished_at, Run.outcome).where(
            Run.enrolment_id == enrolment.id
        )
    )
    found = [
        Try(activity_of(id), number, is_recheck(id), began, ended, score, passed, None)
        for id, number, began, ended, score, passed in attempts
    ]
    found += [Try(id, number, False, began, ended, None, None, outcome) for id, number, began, ended, outcome in runs]
    return sorted(found, key=lambda each: each.began_at, reverse=True)


def hand_ins(enrolment: Enrolment) -> Sequence[HandIn]:
    """What was handed in, newest first."""
    return session.scalars(
        select(HandIn).where(HandIn.enrolment_id == enrolment.id).order_by(HandIn.handed_in_at.desc(), HandIn.id)
    ).all()


def attendance(cohort: Cohort, states: Mapping[str, Any]) -> Attended:
    """Session by session; one statement."""
    now = clock.now()
    held = [each for each in of_cohort(cohort) if each.cancelled_at is None]
    marks = {id: state.status for id, state in states.items() if id.startswith(SESSION)}
    return Attended(
        [(each, each.starts_at <= now, marks.get(each.activity_id)) for each in held], attended(marks.values())
    )


def certificates(enrolment: Enrolment) -> Sequence[Credential]:
    """The certificates of this place, newest first."""
    return session.scalars(
        select(Credential).where(Credential.enrolment_id == enrolment.id).order_by(Credential.issued_at.desc())
    ).all()


def elsewhere(enrolment: Enrolment, reader: User) -> Sequence[Any]:
    """``(enrolment's id, cohort's title, course's code and title)`` of the trainee's other places that one may see."""
    return session.execute(
        select(Enrolment.id, Cohort.title.label("cohort"), CourseVersion.code, CourseVersion.title.label("course"))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.course_version_id)
        .where(Enrolment.user_id == enrolment.user_id, Enrolment.id != enrolment.id)
        .where(policy.where(reader, "enrolments.see"))
        .order_by(Enrolment.enrolled_at.desc())
    ).all()
