"""Going through a branching scenario: begin, decide, and come to an end."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid5

from sqlalchemy import select

from lms.cohorts.closing import check_open
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.activities import Choice, Frame, Scenario
from lms.library.edition import edition
from lms.progress.access import open_activity
from lms.record import service as record
from lms.record.models import Verb
from lms.scenarios.models import Run

# The score of each end, scaled from 0 to 1; who comes to a poor one has not passed, and goes again.
SCORES = {"good": 1.0, "acceptable": 0.7, "poor": 0.0}


def scenario_of(run: Run) -> Scenario:
    """The scenario that a run goes through."""
    activity = edition(run.course_version_id).activities[run.activity_id]
    assert isinstance(activity, Scenario)
    return activity


def runs_at(enrolment: Enrolment, activity_id: str) -> Sequence[Run]:
    """The runs there were, first to last."""
    return session.scalars(
        select(Run).where(Run.enrolment_id == enrolment.id, Run.activity_id == activity_id).order_by(Run.number)
    ).all()


def begin(enrolment: Enrolment, activity_id: str) -> Run:
    """The run that goes on, or a new one from the first frame."""
    row = open_activity(enrolment, activity_id)
    if not isinstance(row.activity, Scenario):
        raise DomainError(N_("This is not a scenario."))
    earlier = runs_at(enrolment, activity_id)
    if earlier and earlier[-1].finished_at is None:
        return earlier[-1]
    run = Run(
        enrolment_id=enrolment.id,
        user_id=enrolment.user_id,
        course_version_id=enrolment.course_version_id,
        activity_id=activity_id,
        number=len(earlier) + 1,
        path=[],
    )
    session.add(run)
    session.flush()
    record.append(
        Verb.INITIALIZED,
        actor_id=enrolment.user_id,
        registration=enrolment.id,
        activity_id=activity_id,
        context={"run": str(run.id)},
    )
    return run


@dataclass(frozen=True)
class Step:
    """One decision of a run: where it was taken and what was chosen."""

    frame: Frame
    choice: Choice


def way(run: Run) -> tuple[list[Step], Frame]:
    """The decisions taken so far, and the frame that they have led to."""
    scenario = scenario_of(run)
    frames = {frame.id: frame for frame in scenario.frames}
    here, steps = scenario.frames[0], []
    for id in run.path:
        choice = next(each for each in here.choices if each.id == id)
        steps.append(Step(here, choice))
        here = frames[choice.to]
    return steps, here


def offered(run: Run, frame: Frame) -> list[Choice]:
    """The choices in the order that this run shows them: a place tells nothing of what is right."""
    return random.Random(f"{run.id}{frame.id}").sample(frame.choices, len(frame.choices))  # noqa: S311 - no secret


def decide(run: Run, step: int, place: int) -> None:
    """Take the choice shown at ``place`` (from 1) as decision number ``step`` (from 0).

    Sending a decision again changes nothing: what was decided stays. Coming to an end goes on record.
    """
    session.refresh(run, with_for_update=True)
    if step != len(run.path) or run.finished_at is not None:
        return
    check_open(session.get_one(Enrolment, run.enrolment_id).cohort_id, by=run.user_id)
    _, here = way(run)
    choices = offered(run, here)
    if not 1 <= place <= len(choices):
        raise DomainError(N_("Choose one of the ways shown."))
    run.path = [*run.path, choices[place - 1].id]
    _, here = way(run)
    if here.outcome is not None:
        _finish(run, here.outcome)


def _finish(run: Run, outcome: str) -> None:
    run.finished_at, run.outcome = clock.now(), outcome
    score = SCORES[outcome]
    record.append(
        Verb.PASSED if score else Verb.FAILED,
        id=uuid5(run.id, "finished"),
        actor_id=run.user_id,
        registration=run.enrolment_id,
        activity_id=run.activity_id,
        score=score,
        context={"run": str(run.id)},
    )
