"""What is reported at a course's end: counts, shares and means of one cohort, in which nobody has a name."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean
from uuid import UUID

from sqlalchemy import and_, select

from lms.assessment.models import Attempt
from lms.attendance import queries as attendance
from lms.cohorts.models import Cohort, Enrolment, Leaving
from lms.core import clock
from lms.core.db import session
from lms.core.percent import whole
from lms.grades import queries as grades
from lms.grades.marks import attended, pass_mark_in
from lms.library.edition import Edition, edition
from lms.library.questions import Question
from lms.missions.models import Mission
from lms.progress import gain, recheck, standing
from lms.progress.gain import Gain
from lms.reports import by_sex
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
    places = by_sex.places_of(cohort)
    stands = standing.of_cohort(cohort)
    marks = grades.marks_of_cohort(cohort)
    split = by_sex.of_cohort(cohort, places, stands, marks, by_sex.kept(cohort))
    holders = {place.id for place in places if place.certified}
    left = Counter(place.left_because for place in places if place.left_at is not None)
    mistakes = left.pop(Leaving.MISTAKE.value, 0)
    sheets, meetings = _attendance(cohort)
    own = {each.id: attended(sheet[each.id] for sheet in sheets if each.id in sheet) for each in stands}
    return Facts(
        cohort=cohort,
        mission=session.get_one(Mission, cohort.mission_id),
        shown=shown,
        as_of=clock.today(),
        enrolled=split.enrolled,
        completed=split.completed,
        certificates=split.certificates,
        mean_by_sex=split.means,
        under_way=sum(not each.complete for each in stands),
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
    finals = [mark.final for mark in marks if mark.final is not None]
    settled = [mark.passed for mark in marks if mark.passed is not None]
    bins = [
        (f"{low}–{min(high - 1, 100)}", sum(low <= whole(each) < high for each in finals), low >= pass_mark)
        for low, high in pairwise(EDGES)
    ]
    enough = len(finals) >= FEWEST
    return Marks(
        count=len(finals),
        missing=len(marks) - len(finals),
        pass_mark=pass_mark,
        mean=fmean(finals) if enough else None,
        bins=bins if enough else None,
        passed=sum(settled),
        settled=len(settled),
    )


def _hardest(cohort: Cohort, shown: Edition) -> list[Hard]:
    """The questions that fewest got right in the course, rechecks apart, of those that were answered five times."""
    here = Attempt.enrolment_id.in_(select(Enrolment.id).where(Enrolment.cohort_id == cohort.id))
    figures = of_attempts(and_(here, ~Attempt.activity_id.endswith(recheck.MARK, autoescape=True)))
    known = [Hard(shown.questions[id], each) for id, each in figures.items() if id in shown.questions]
    told = [each for each in known if each.figures.facility is not None and each.figures.facility < 1]
    return sorted(told, key=lambda each: (each.figures.facility or 0.0, each.question.id))[:HARDEST]
