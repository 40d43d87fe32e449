"""What is reported at a course's end: counts, shares and means of one cohort, in which nobody has a name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.assessment.models import Attempt
from lms.attendance import queries as attendance
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment, Leaving
from lms.core import clock
from lms.core.db import session
from lms.grades import queries as grades
from lms.grades.marks import attended, pass_mark_in
from lms.library.edition import Edition, edition
from lms.library.questions import Question
from lms.missions.models import Mission, RollEntry
from lms.progress import gain, standing
from lms.progress.gain import Gain
from lms.reports import suppression
from lms.reports.suppression import FEWEST, Cells
from lms.studio.statistics import Statistic, of_attempts

# Marks from one edge to below the next, in percent.
EDGES = (0, 50, 60, 70, 80, 90, 101)
HARDEST = 5


@dataclass(frozen=True)
class Marks:
    """Final marks in percent: how many have one, their mean, how many are in each of ``bins``, how many passed.

    The rest is ``None`` for fewer than five. ``passed`` is out of the ``settled``, whose mark will not change.
    """

    count: int
    missing: int
    pass_mark: int
    mean: float | None
    bins: list[tuple[str, int, bool]] | None
    passed: int
    settled: int


@dataclass(frozen=True)
class Meeting:
    """A session that was held: when, on what, and the share of those marked who were there, excused ones apart."""

    day: date
    topic: str
    share: float
    marked: int


@dataclass(frozen=True)
class Hard:
    """A question that few got right."""

    question: Question
    figures: Statistic


@dataclass(frozen=True)
class Person:
    """A line of the list of trainees, by number alone."""

    number: str
    done: int
    total: int
    final: float | None
    passed: bool | None
    attended: float | None
    certificate: bool


@dataclass(frozen=True)
class Facts:
    """Everything that a report says. Enrolled are all who had a place, but those enrolled by mistake."""

    cohort: Cohort
    mission: Mission
    shown: Edition
    as_of: date
    enrolled: Cells
    completed: Cells
    certificates: Cells
    mean_by_sex: tuple[float, float] | None
    under_way: int
    left: list[tuple[str, int]]
    mistakes: int
    attendance: float | None
    meetings: list[Meeting]
    marks: Marks
    gain: Gain | None
    hardest: list[Hard]
    people: list[Person]

    @property
    def left_in_all(self) -> int:
        """Those who had a place and gave it up."""
        return sum(count for _, count in self.left)


def of_cohort(cohort: Cohort) -> Facts:
    """The facts of a cohort as it stands now; the number of statements is the same for any number of trainees."""
    shown = edition(cohort.course_version_id)
    places = _places(cohort)
    sex = {place.id: place.sex for place in places}
    stands = standing.of_cohort(cohort)
    complete = [each.id for each in stands if each.complete]
    marks = grades.marks_of_cohort(cohort)
    holders = [place.id for place in places if place.certified]
    left = Counter(place.left_because for place in places if place.left_at is not None)
    mistakes = left.pop(Leaving.MISTAKE.value, 0)
    sheets, meetings = _attendance(cohort)
    own = {each.id: attended(sheet[each.id] for sheet in sheets if each.id in sheet) for each in stands}
    enrolled = Counter(place.sex for place in places if place.left_because != Leaving.MISTAKE)
    done, certified = Counter(sex[id] for id in complete), Counter(sex[id] for id in holders)
    return Facts(
        cohort=cohort,
        mission=session.get_one(Mission, cohort.mission_id),
        shown=shown,
        as_of=clock.today(),
        enrolled=suppression.line(enrolled, enrolled),
        completed=suppression.line(done, enrolled),
        certificates=suppression.line(certified, enrolled, done),
        mean_by_sex=_means(sex, {id: mark.final for id, mark in marks.items()}),
        under_way=len(stands) - len(complete),
        left=left.most_common(),
        mistakes=mistakes,
        attendance=attended(mark for sheet in sheets for mark in sheet.values()),
        meetings=meetings,
        marks=_marks(cohort, shown, list(marks.values())),
        gain=gain.of_cohort(cohort),
        hardest=_hardest(cohort, shown),
        people=[
            Person(
                each.number,
                each.done,
                each.total,
                marks[each.id].final,
                marks[each.id].passed,
                own[each.id],
                each.id in holders,
            )
            for each in stands
        ],
    )


def _places(cohort: Cohort) -> Sequence[Any]:
    """Everyone who ever had a place: ``(id, sex, when and why they left, whether they hold a certificate)``."""
    certified = select(func.count()).where(Credential.enrolment_id == Enrolment.id, Credential.revoked_at.is_(None))
    on_roll = (RollEntry.user_id == Enrolment.user_id) & (RollEntry.mission_id == cohort.mission_id)
    return session.execute(
        select(
            Enrolment.id,
            RollEntry.sex,
            Enrolment.left_at,
            Enrolment.left_because,
            certified.correlate(Enrolment).scalar_subquery().label("certified"),
        )
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(RollEntry, on_roll)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Enrolment.id)
    ).all()


def _attendance(cohort: Cohort) -> tuple[list[dict[UUID, str]], list[Meeting]]:
    sheets = attendance.sheets(cohort)
    held = [each for each in attendance.of_cohort(cohort) if each.cancelled_at is None and each.activity_id in sheets]
    meetings = []
    for each in held:
        share = attended(sheets[each.activity_id].values())
        if share is not None:
            meetings.append(Meeting(each.day, each.topic, share, len(sheets[each.activity_id])))
    return [sheets[each.activity_id] for each in held], meetings


def _marks(cohort: Cohort, shown: Edition, marks: list[grades.Mark]) -> Marks:
    pass_mark = pass_mark_in(grades.scheme_of(cohort.id), shown)
    finals = [mark.final * 100 for mark in marks if mark.final is not None]
    settled = [mark.passed for mark in marks if mark.passed is not None]
    bins = [
        (f"{low}–{min(high - 1, 100)}", sum(low <= each < high for each in finals), low >= pass_mark)
        for low, high in pairwise(EDGES)
    ]
    enough = len(finals) >= FEWEST
    return Marks(
        count=len(finals),
        missing=len(marks) - len(finals),
        pass_mark=pass_mark,
        mean=fmean(finals) / 100 if enough else None,
        bins=bins if enough else None,
        passed=sum(settled),
        settled=len(settled),
    )


def _means(sex: dict[UUID, str | None], finals: dict[UUID, float | None]) -> tuple[float, float] | None:
    """The mean marks of women and of men, where there are five of each, and nobody or five whose sex is not known.

    With the mean over all, any smaller group's could be worked out.
    """
    by_sex: dict[str | None, list[float]] = {"f": [], "m": [], None: []}
    for id, final in finals.items():
        if final is not None:
            by_sex[sex[id]].append(final)
    women, men, unknown = by_sex["f"], by_sex["m"], by_sex[None]
    if min(len(women), len(men)) < FEWEST or 0 < len(unknown) < FEWEST:
        return None
    return fmean(women), fmean(men)


def _hardest(cohort: Cohort, shown: Edition) -> list[Hard]:
    """The questions that fewest got right, of those that were answered five times."""
    here = Attempt.enrolment_id.in_(select(Enrolment.id).where(Enrolment.cohort_id == cohort.id))
    figures = of_attempts(here)
    known = [Hard(shown.questions[id], each) for id, each in figures.items() if id in shown.questions]
    told = [each for each in known if each.figures.facility is not None and each.figures.facility < 1]
    return sorted(told, key=lambda each: (each.figures.facility or 0.0, each.question.id))[:HARDEST]
