"""What waits for a mentor today: marking, trainees who come no further, sessions, cohorts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from lms.accounts.models import User
from lms.assignments import queries as assignments
from lms.attendance import queries as attendance
from lms.cohorts import queries as cohorts
from lms.cohorts.models import Cohort
from lms.core import clock, policy
from lms.progress import standing
from lms.progress.queries import states_of
from lms.progress.standing import Hold, Standing

# As many of the longest stuck as one can see to in a day; the tables of the cohorts have the rest.
MOST = 8


@dataclass(frozen=True)
class Stuck:
    """A trainee without progress for over a week, where, and how often they tried it."""

    stands: Standing
    cohort: str
    tries: int


@dataclass(frozen=True)
class Desk:
    """A mentor's day; ``stuck_in`` counts those who are stuck by cohort."""

    waiting: Sequence[Any]
    appealed: Sequence[Any]
    stuck: list[Stuck]
    stuck_in: Counter[UUID]
    sessions: list[Any]
    cohorts: Sequence[Any]


def of(user: User) -> Desk:
    """What waits for this person; the number of statements is the same for any number of cohorts and trainees."""
    marks = policy.may(user, "assignments.list")
    listed = cohorts.visible(user)
    titles = {each.id: each.title for each in listed}
    everyone = standing.of_cohorts(Cohort.id.in_(titles)) if titles else []
    held = sorted((each for each in everyone if each.hold is Hold.STUCK), key=lambda each: each.since)
    states = states_of(*(each.id for each in held[:MOST]))
    return Desk(
        waiting=assignments.waiting(user) if marks else [],
        appealed=assignments.appealed(user) if marks else [],
        stuck=[Stuck(each, titles[each.cohort_id], _tries(each, states[each.id])) for each in held[:MOST]],
        stuck_in=Counter(each.cohort_id for each in held),
        sessions=[row for row in attendance.around_today(user) if _is_today(row[0])],
        cohorts=listed,
    )


def _tries(stands: Standing, states: dict[str, Any]) -> int:
    state = states.get(stands.at.id) if stands.at else None
    return state.attempts if state else 0


def _is_today(training: Any) -> bool:
    """Whether it is held today, by the clock on the wall there."""
    today: bool = training.day == clock.now().astimezone(ZoneInfo(training.zone)).date()
    return today
