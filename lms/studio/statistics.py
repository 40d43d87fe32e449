"""How questions do in use: how many get them right, and whether those who know more do."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import mean, pstdev
from uuid import UUID

from sqlalchemy import ColumnElement, select

from lms.assessment.models import Attempt, Response
from lms.core.db import session
from lms.library.models import CourseVersion
from lms.studio.models import Draft

# The newest attempts say enough, and what they cost does not grow with the years.
MOST_ATTEMPTS = 1000
FEWEST = 5


@dataclass(frozen=True)
class Statistic:
    """One question's figures: how often it was asked, the mean share of its points (facility, 0 to 1), and the
    correlation of that share with the score on the rest of the paper (discrimination, -1 to 1).

    Both as in classical test theory; ``None`` where there are fewer than five answers, or all alike.
    """

    asked: int
    facility: float | None
    discrimination: float | None

    @property
    def advice(self) -> str:
        """What an author should look at: ``hard``, ``easy``, ``odd`` (the better ones fail it), or nothing."""
        if self.discrimination is not None and self.discrimination < 0:
            return "odd"
        if self.facility is None:
            return ""
        return "hard" if self.facility < 0.3 else "easy" if self.facility > 0.95 else ""


def of_course(draft: Draft) -> dict[str, Statistic]:
    """The figures of each question by id, over the newest attempts at any version of the course; two statements."""
    if draft.version_id is None:
        return {}
    course = select(CourseVersion.course_id).where(CourseVersion.id == draft.version_id).scalar_subquery()
    versions = select(CourseVersion.id).where(CourseVersion.course_id == course)
    return of_attempts(Attempt.course_version_id.in_(versions))


def of_attempts(which: ColumnElement[bool]) -> dict[str, Statistic]:
    """The figures of each question by id, over the newest of these attempts; two statements."""
    attempts = session.execute(
        select(Attempt.id, Attempt.paper)
        .where(which, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.submitted_at.desc())
        .limit(MOST_ATTEMPTS)
    ).all()
    shares: dict[UUID, dict[int, float]] = defaultdict(dict)
    rows = select(Response.attempt_id, Response.position, Response.share).where(
        Response.attempt_id.in_([attempt.id for attempt in attempts])
    )
    for row in session.execute(rows):
        shares[row.attempt_id][row.position] = row.share or 0.0
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for attempt in attempts:
        given = [shares[attempt.id].get(position, 0.0) for position in range(1, len(attempt.paper) + 1)]
        for share, entry in zip(given, attempt.paper, strict=True):
            rest = (sum(given) - share) / (len(given) - 1) if len(given) > 1 else 0.0
            points[entry["question"]].append((share, rest))
    return {id: statistic(each) for id, each in points.items()}


def statistic(points: list[tuple[float, float]]) -> Statistic:
    """The figures from ``(share of this question, mean share of the others)`` of each attempt."""
    if len(points) < FEWEST:
        return Statistic(len(points), None, None)
    own, rest = [point[0] for point in points], [point[1] for point in points]
    spread = pstdev(own) * pstdev(rest)
    together = mean(share * other for share, other in points) - mean(own) * mean(rest)
    return Statistic(len(points), mean(own), together / spread if spread > 1e-9 else None)
