"""The cohort table: who of a cohort is shown, in which order, and a page of them with every activity's state."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.schedule import Schedule
from lms.core.db import session
from lms.library.document import Module
from lms.library.edition import edition
from lms.progress import standing
from lms.progress.outline import Row, outline
from lms.progress.standing import Hold, Standing
from lms.record.models import ActivityState

PAGE = 50

SHOWN: Mapping[str, Callable[[Standing], bool]] = {
    "all": lambda each: True,
    "unfinished": lambda each: not each.complete,
    "complete": lambda each: each.complete,
    "stuck": lambda each: each.hold is Hold.STUCK,
    "mark": lambda each: each.hold is Hold.MARK,
    "late": lambda each: bool(each.late),
}
# What each order begins with: the number that comes first, who has done least, who is longest without progress.
SORTS = {"number": "up", "done": "up", "mark": "up", "idle": "down"}

_STATES = select(
    ActivityState.registration,
    ActivityState.activity_id,
    ActivityState.status,
    ActivityState.score,
    ActivityState.attempts,
    ActivityState.aloud,
)

# The final marks of these trainees, or of the whole cohort with ``None``: known on a floor above.
Finals = Mapping[UUID, float | None]
# A trainee's row for each column; ``None`` where their own version of the course lacks the activity.
Rows = tuple[Row | None, ...]
Marking = Callable[[Cohort, list[Standing] | None], Finals]


@dataclass(frozen=True)
class Choice:
    """What a reader wants to see; anything unknown means what one sees at first."""

    search: str = ""
    show: str = "all"
    module: str | None = None
    sort: str = "number"
    order: str = "up"
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str], modules: Sequence[Module]) -> "Choice":
        """The choice in the address of a page."""
        # A form has both in one field: "mark" begins with the lowest, "mark-down" with the highest.
        sort, _, order = asked.get("sort", "").partition("-")
        sort = sort if sort in SORTS else "number"
        order, page = asked.get("order", order), asked.get("page", "")
        return cls(
            search=asked.get("q", "")[:20].strip(),
            show=asked["show"] if asked.get("show") in SHOWN else "all",
            module=asked["module"] if asked.get("module") in {each.id for each in modules} else None,
            sort=sort,
            order=order if order in ("up", "down") else SORTS[sort],
            page=max(1, int(page)) if page.isdecimal() and len(page) < 9 else 1,
        )

    @property
    def whole(self) -> bool:
        """Whether nobody was left out on purpose."""
        return not self.search and self.show == "all"

    @property
    def sorting(self) -> str:
        """The order as the form's field says it."""
        return self.sort if self.order == SORTS[self.sort] else f"{self.sort}-{self.order}"

    def address(self, **changes: object) -> dict[str, object]:
        """The query of a page that differs from this one in the given ways; another order or choice begins anew."""
        now = {
            "q": self.search,
            "show": self.show,
            "module": self.module,
            "sort": self.sort,
            "order": self.order,
            "page": None,
        } | changes
        first = {"q": "", "show": "all", "sort": "number", "order": SORTS[str(now["sort"])], "page": 1}
        return {name: value for name, value in now.items() if value is not None and value != first.get(name)}

    def turned(self, sort: str) -> dict[str, object]:
        """The query of the same table in another order; the order that it has already is turned round."""
        other = {"up": "down", "down": "up"}[self.order] if sort == self.sort else SORTS[sort]
        return self.address(sort=sort, order=other)


@dataclass(frozen=True)
class Line:
    """A trainee, where they stand in each activity of the cohort's course that was asked about, and the final mark.

    An activity that the trainee's own version of the course lacks has no row.
    """

    stands: Standing
    rows: Rows
    final: float | None

    @property
    def tries(self) -> int:
        """How often they have tried what they are at."""
        at = self.stands.at
        return next((row.attempts for row in self.rows if row and row.activity is at), 0) if at else 0


@dataclass(frozen=True)
class Table:
    """A page of a cohort: ``count`` fit the choice, of ``places`` in all, of whom ``stuck`` are."""

    lines: list[Line]
    count: int
    places: int
    stuck: int
    page: int
    pages: int


def of_cohort(cohort: Cohort, choice: Choice, finals: Marking) -> Table:
    """The page that was chosen; the number of statements is the same for any number of trainees."""
    everyone = standing.of_cohort(cohort, choice.module)
    fits = SHOWN[choice.show]
    chosen = [each for each in everyone if fits(each) and choice.search.casefold() in each.number.casefold()]
    marks = _sort(cohort, chosen, choice, finals)
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(choice.page, pages)
    listed = chosen[(page - 1) * PAGE : page * PAGE]
    if marks is None:
        marks = finals(cohort, listed)
    rows = rows_of(cohort, listed, choice.module)
    return Table(
        lines=[Line(each, rows[each.id], marks.get(each.id)) for each in listed],
        count=len(chosen),
        places=len(everyone),
        stuck=sum(each.hold is Hold.STUCK for each in everyone),
        page=page,
        pages=pages,
    )


def rows_of(cohort: Cohort, listed: list[Standing], module: str | None = None) -> dict[UUID, Rows]:
    """Where some of the cohort's trainees stand, each in their own version, in the activities of the cohort's; one
    statement. The table and the files are made of it.
    """
    modules = edition(cohort.course_version_id).document.modules
    columns = [activity.id for each in modules if module in (None, each.id) for activity in each.activities]
    # Without anybody's extension: that moves what is due, which no cell says.
    days = Schedule(cohort.begins, cohort.schedule) if cohort.schedule else None
    states = _states(cohort, listed)
    rows = {each.id: outline(edition(each.course_version_id), states[each.id], days).rows for each in listed}
    return {id: tuple(map(own.get, columns)) for id, own in rows.items()}


def _states(cohort: Cohort, listed: list[Standing]) -> dict[UUID, dict[str, Any]]:
    """What a cell shows, by enrolment and activity; one statement."""
    wanted: Any = [each.id for each in listed]
    if len(listed) > PAGE:
        wanted = select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for row in session.execute(_STATES.where(ActivityState.registration.in_(wanted))):
        found[row[0]][row[1]] = row
    return found


def _sort(cohort: Cohort, chosen: list[Standing], choice: Choice, finals: Marking) -> Finals | None:
    """Put them in order, those that are equal by number; returns the marks where the order needed them."""
    down = choice.order == "down"
    if choice.sort == "done":
        chosen.sort(key=lambda each: each.share, reverse=down)
    elif choice.sort == "idle":
        # Who waits for somebody else, or for a day, is behind those who could go on, whichever way round.
        chosen.sort(key=lambda each: each.since, reverse=not down)
        chosen.sort(key=lambda each: each.at is None)
    elif choice.sort == "mark":
        marks = finals(cohort, None)
        chosen.sort(key=lambda each: marks.get(each.id) or 0.0, reverse=down)
        chosen.sort(key=lambda each: marks.get(each.id) is None)
        return marks
    elif down:
        chosen.reverse()
    return None
