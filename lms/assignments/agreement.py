"""How far two who judge the same work agree: Cohen's kappa with quadratic weights (J. Cohen, 1968)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

from sqlalchemy import select

from lms.accounts.models import User
from lms.assignments.models import HandIn, Judged, Judgement
from lms.core import policy
from lms.core.db import session
from lms.library.activities import Assignment
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
    """The agreement of first and second marks on what the person may mark; one statement."""
    rows = session.execute(
        select(HandIn.course_version_id, HandIn.activity_id, HandIn.levels, Judgement.levels)
        .join(Judgement, Judgement.hand_in_id == HandIn.id)
        .where(Judgement.kind == Judged.SECOND, policy.where(person, "assignments.mark"))
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
