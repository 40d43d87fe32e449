"""What a class gained: pre-test and post-test of the same trainees, and what stayed three months on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.library.activities import PostTest, PreTest
from lms.library.edition import Edition, edition
from lms.progress.recheck import recheck_of
from lms.record.models import ActivityState

# A mean over fewer says too much about one of them.
FEWEST = 5


@dataclass(frozen=True)
class Gain:
    """Best earned scores of trainees who have both results, from 0 to 1; ``None`` where they are fewer than five.

    ``gain`` is (post - pre) / (1 - pre) of the means over those who could still gain: the class's normalised gain of
    R. R. Hake (American Journal of Physics 66, 1998), in which no single trainee near the top outweighs the rest.
    ``kept`` is the mean of recheck / post over the ``rechecked``; ``missing`` are the trainees without a pair.
    """

    pairs: int
    missing: int
    before: float | None
    after: float | None
    gain: float | None
    rechecked: int
    kept: float | None


def _mean(values: list[float]) -> float | None:
    return fmean(values) if len(values) >= FEWEST else None


def _normalised(matched: list[tuple[float, float]]) -> float | None:
    """The share of what could still be learned that was learned."""
    before, after = _mean([pre for pre, _ in matched if pre < 1]), _mean([post for pre, post in matched if pre < 1])
    return None if before is None or after is None else (after - before) / (1 - before)


def _pair_of(shown: Edition) -> tuple[str, str] | None:
    """The ids of the course's pre-test and post-test, where it has both."""
    tests = list(shown.document.tests())
    before = next((test.id for test in tests if isinstance(test, PreTest)), None)
    after = next((test.id for test in reversed(tests) if isinstance(test, PostTest)), None)
    return (before, after) if before and after else None


@dataclass(frozen=True)
class OwnGain:
    """One trainee's earned scores from 0 to 1: before, after, and at the recheck; ``gain`` as for a class."""

    before: float | None
    after: float | None
    gain: float | None
    again: float | None


def of_trainee(shown: Edition, states: Mapping[str, Any]) -> OwnGain | None:
    """The gain of a trainee with these states; ``None`` for a course without the two tests."""
    pair = _pair_of(shown)
    if pair is None:
        return None
    before, after, again = (state.earned if (state := states.get(id)) else None for id in (*pair, recheck_of(pair[1])))
    known = before is not None and after is not None and before < 1
    return OwnGain(before, after, (after - before) / (1 - before) if known else None, again)  # type: ignore[operator]


def of_cohort(cohort: Cohort) -> Gain | None:
    """The cohort's gain; ``None`` for a course without the two tests, else one statement."""
    pair = _pair_of(edition(cohort.course_version_id))
    if pair is None:
        return None
    before, after = pair
    again = recheck_of(after)
    known = ActivityState.activity_id.in_([before, after, again]) & ActivityState.earned.is_not(None)
    rows = session.execute(
        select(Enrolment.id, ActivityState.activity_id, ActivityState.earned)
        .outerjoin(ActivityState, (ActivityState.registration == Enrolment.id) & known)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.left_at.is_(None))
    )
    scores: dict[UUID, dict[str | None, float]] = defaultdict(dict)
    for enrolment_id, activity_id, score in rows:
        scores[enrolment_id][activity_id] = score or 0.0
    matched = [(each[before], each[after]) for each in scores.values() if before in each and after in each]
    kept = [each[again] / each[after] for each in scores.values() if again in each and each.get(after)]
    return Gain(
        pairs=len(matched),
        missing=len(scores) - len(matched),
        before=_mean([pre for pre, _ in matched]),
        after=_mean([post for _, post in matched]),
        gain=_normalised(matched),
        rechecked=len(kept),
        kept=_mean(kept),
    )
