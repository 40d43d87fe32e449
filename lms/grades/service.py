"""Setting what counts in a cohort, and a score in place of what was earned."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from sqlalchemy import select

from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.grades.marks import FINAL, graded, pass_mark_in
from lms.grades.models import GradeOverride, GradeScheme
from lms.grades.queries import scheme_of
from lms.library.activities import Assignment, GradedTest
from lms.library.edition import edition
from lms.messages import service as messages
from lms.record import service as record
from lms.record.models import Statement, Status, Verb
from lms.scenarios.service import SCORES

# Of one activity.
HEAVIEST = 100


def set_scheme(cohort: Cohort, weights: Mapping[str, int], pass_mark: int, *, by: UUID) -> None:
    """Say what counts with what weight, and from how many percent the course is passed; marks follow by themselves."""
    check_open(cohort.id, by=by)
    if any(not 0 <= weight <= HEAVIEST for weight in weights.values()) or not 0 <= pass_mark <= 100:
        raise DomainError(N_("Give whole numbers from 0 to 100."))
    if not sum(weights.values()):
        raise DomainError(N_("Nothing would count. Give at least one activity a weight."))
    known = scheme_of(cohort.id)
    if known.weights == dict(weights) and known.pass_mark == pass_mark:
        return
    session.add(GradeScheme(cohort_id=cohort.id, weights=dict(weights), pass_mark=pass_mark, by=by))
    session.flush()
    audit.record("grades.scheme_set", actor_id=by, object_id=cohort.id, pass_mark=pass_mark, weights=dict(weights))


def standing_override(enrolment: Enrolment, activity_id: str) -> GradeOverride | None:
    """What somebody set and nobody took back."""
    newest = session.scalar(
        select(GradeOverride)
        .where(GradeOverride.enrolment_id == enrolment.id, GradeOverride.activity_id == activity_id)
        .order_by(GradeOverride.at.desc(), GradeOverride.id.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.score is not None else None


def override(enrolment: Enrolment, activity_id: str, percent: int | None, reason: str, *, by: UUID) -> None:
    """Set the score of an activity, or the final mark, whatever was earned; completion follows it.

    It stands until it is taken back, also when something better is earned later. A second click changes nothing.
    """
    _take_up(enrolment, activity_id, by)
    if percent is None or not 0 <= percent <= 100:
        raise DomainError(N_("Give a whole number from 0 to 100."), field="score")
    words, score = _because(reason), percent / 100
    standing = standing_override(enrolment, activity_id)
    if standing is not None:
        if (standing.score, standing.reason, standing.by) == (score, words, by):
            return
        record.void(session.get_one(Statement, standing.statement_id), actor_id=by)
    made = _note(enrolment, activity_id, score, words, by)
    passed = percent >= _needed(enrolment, activity_id)
    record.append(
        Verb.SCORED,
        id=made.statement_id,
        actor_id=enrolment.user_id,
        registration=enrolment.id,
        activity_id=activity_id,
        score=score,
        context={"by": str(by), "status": (Status.COMPLETED if passed else Status.FAILED).value},
    )
    messages.inform(enrolment, activity_id, N_("A mentor has set a score for you. See it, and why."), by=by)


def take_back(enrolment: Enrolment, activity_id: str, reason: str, *, by: UUID) -> None:
    """Let what was earned count again."""
    _take_up(enrolment, activity_id, by)
    standing = standing_override(enrolment, activity_id)
    if standing is None:
        raise DomainError(N_("Nobody has set a score here."))
    made = _note(enrolment, activity_id, None, _because(reason), by)
    record.void(session.get_one(Statement, standing.statement_id), actor_id=by, id=made.statement_id)
    words = N_("A score that a mentor had set is taken back. What you earned counts again.")
    messages.inform(enrolment, activity_id, words, by=by)


def _take_up(enrolment: Enrolment, activity_id: str, by: UUID) -> None:
    """One change at a time, none in a cohort that is closed, and only of what has a score."""
    session.refresh(enrolment, with_for_update=True)
    check_open(enrolment.cohort_id, by=by)
    if activity_id not in [FINAL, *(each.id for each in graded(edition(enrolment.course_version_id)))]:
        raise DomainError(N_("This has no score."))


def _because(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise DomainError(N_("Say why. The trainee reads it."), field="reason")
    return words


def _note(enrolment: Enrolment, activity_id: str, score: float | None, reason: str, by: UUID) -> GradeOverride:
    made = GradeOverride(enrolment_id=enrolment.id, activity_id=activity_id, score=score, reason=reason, by=by)
    made.id = new_id()
    made.statement_id = uuid5(made.id, "on record")
    session.add(made)
    session.flush()
    audit.record(
        "grades.taken_back" if score is None else "grades.overridden",
        actor_id=by,
        object_id=enrolment.id,
        activity=activity_id,
    )
    return made


def _needed(enrolment: Enrolment, activity_id: str) -> float:
    """From how many percent it is passed."""
    shown = edition(enrolment.course_version_id)
    activity = shown.activities.get(activity_id)
    if activity is None:
        return pass_mark_in(scheme_of(enrolment.cohort_id), shown)
    return activity.pass_mark if isinstance(activity, GradedTest | Assignment) else 100 * SCORES["acceptable"]
