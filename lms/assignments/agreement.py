"""How far two who judge the same work agree: Cohen's kappa with quadratic weights (J. Cohen, 1968)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.assignments.models import HandIn, Judged, Judgement
from lms.core import policy
from lms.core.db import session
from lms.library.activities import Assignment, Criterion, Level
from lms.library.edition import edition

# The newest say enough, and what they cost does not grow with the years.
MOST = 500
FEWEST = 10


@dataclass(frozen=True)
class Agreement:
    """``kappa`` over the ``pairs`` of levels given twice, from -1 to 1; ``None`` for fewer than ten or all alike."""

    pairs: int
    kappa: float | None


def kappa(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Weighted kappa of places on a scale from 0 to 1: one less the squared differences seen, over those of chance."""
    if not pairs:
        return None
    seen = fmean((first - second) ** 2 for first, second in pairs)
    firsts, seconds = [first for first, _ in pairs], [second for _, second in pairs]
    chance = fmean((first - second) ** 2 for first, second in product(firsts, seconds))
    return None if chance == 0 else 1 - seen / chance


def between_mentors(person: User) -> Agreement:
    """The agreement of first and second marks, as they were given, on what the person may mark; one statement."""
    first_mark = aliased(Judgement)
    rows = session.execute(
        select(HandIn.course_version_id, HandIn.activity_id, first_mark.levels, Judgement.levels)
        .join(Judgement, Judgement.hand_in_id == HandIn.id)
        .join(first_mark, (first_mark.hand_in_id == HandIn.id) & (first_mark.kind == Judged.MARKED))
        .where(Judgement.kind == Judged.SECOND, Judgement.by != first_mark.by)
        .where(policy.where(person, "assignments.mark"))
        .order_by(Judgement.at.desc())
        .limit(MOST)
    )
    pairs = []
    for version_id, activity_id, first, second in rows:
        assert first is not None
        assert second is not None
        assignment = edition(version_id).activities[activity_id]
        assert isinstance(assignment, Assignment)
        for criterion in assignment.rubric:
            places = {level.id: place / (len(criterion.levels) - 1) for place, level in enumerate(criterion.levels)}
            pairs.append((places[first[criterion.id]], places[second[criterion.id]]))
    return Agreement(len(pairs), kappa(pairs) if len(pairs) >= FEWEST else None)


@dataclass(frozen=True)
class Compared:
    """What each mentor gave for one criterion, by username, the first mark first."""

    criterion: Criterion
    given: list[tuple[str, Level]]

    @property
    def differ(self) -> bool:
        """Whether they do not agree."""
        return len({level.id for _, level in self.given}) > 1


def compare(assignment: Assignment, trail: Sequence[tuple[Judgement, str]]) -> list[Compared]:
    """The first mark beside the second ones, criterion by criterion; nothing while there is no second one."""
    given = [(name, each.levels or {}) for each, name in trail if each.kind in (Judged.MARKED, Judged.SECOND)]
    if len(given) < 2:
        return []
    return [
        Compared(
            criterion,
            [(name, level) for name, levels in given for level in criterion.levels if level.id == levels[criterion.id]],
        )
        for criterion in assignment.rubric
    ]


def is_settled(hand_in: HandIn, trail: Sequence[tuple[Judgement, str]]) -> bool:
    """Whether somebody has decided since the second mark, or it says the same as the mark that counts."""
    newest = next((each for each, _ in reversed(trail) if each.kind != Judged.MARKED), None)
    return newest is None or newest.kind != Judged.SECOND or newest.levels == hand_in.levels
