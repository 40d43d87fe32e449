"""A course as one trainee stands in it: what is done, what is open, and why the rest is locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple, Protocol

from lms.cohorts.schedule import NEVER, Schedule
from lms.core import clock
from lms.core.percent import whole
from lms.library.activities import Activity
from lms.library.document import Module
from lms.library.edition import Edition
from lms.record.models import Status

_COMPLETED = Status.COMPLETED.value
_SHOWN_AS: Mapping[str | None, str] = {
    Status.FAILED.value: "failed",
    Status.STARTED.value: "started",
    Status.HANDED_IN.value: "waits",
    Status.GIVEN_BACK.value: "returned",
}


class State(Protocol):
    """What is known of an activity: a status and, for a test, the best score from 0 to 1."""

    status: str
    score: float | None
    attempts: int
    aloud: bool


class Row(NamedTuple):
    """An activity with its state; ``waits_for`` are the activities to be done first."""

    activity: Activity
    status: str
    score: float | None
    attempts: int
    waits_for: tuple[Activity, ...]
    # The day it opens, while that is still to come; the day it is due.
    opens: date | None = None
    due: date | None = None
    # Whether it was read aloud to the trainee, at least once.
    aloud: bool = False

    @property
    def percent(self) -> int | None:
        """The best score in whole percent."""
        return None if self.score is None else whole(self.score)

    @property
    def done(self) -> bool:
        """Whether it counts as completed."""
        return self.status == Status.COMPLETED

    @property
    def locked(self) -> bool:
        """Whether something else must be done first; what is done stays open."""
        return bool(self.waits_for or self.opens) and not self.done

    @property
    def waits_for_mark(self) -> bool:
        """Whether it is handed in and a mentor has not judged it yet."""
        return self.status == Status.HANDED_IN

    @property
    def seen_to(self) -> bool:
        """Whether the trainee has nothing more to do here for now."""
        return self.done or self.waits_for_mark

    @property
    def shown_as(self) -> str:
        """One word for the state: done, failed, started, waits (for a mark), returned, locked or todo."""
        # A table asks this of thousands, so it asks nothing else.
        if self.status == _COMPLETED:
            return "done"
        return "locked" if self.waits_for or self.opens else _SHOWN_AS.get(self.status, "todo")


def word_of(row: Row | None) -> str:
    """The state of a cell in a table of trainees by activities; ``none`` where their version lacks the activity."""
    return "none" if row is None else row.shown_as


@dataclass(frozen=True)
class Outline:
    """All rows in teaching order, and the counts over the required ones."""

    rows: dict[str, Row]
    modules: tuple[tuple[Module, tuple[Row, ...]], ...]
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Required activities done, in whole percent, and 100 only when all are."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def complete(self) -> bool:
        """Whether every required activity is done."""
        return self.done == self.total

    @property
    def next(self) -> Row | None:
        """The first open activity that is not done; what waits for a mentor's mark holds nobody up."""
        ready = [row for row in self.rows.values() if not row.done and not row.locked]
        return next((row for row in ready if not row.waits_for_mark), ready[0] if ready else None)


def outline(edition: Edition, states: Mapping[str, State], schedule: Schedule | None = None) -> Outline:
    """Where a trainee with these states stands; states of activities that the version lacks are passed over."""
    today, days = clock.today(), schedule.known if schedule else {}
    done = {id for id, state in states.items() if state.status == Status.COMPLETED}
    rows = {}
    # A table asks this of a thousand cells: nothing is looked up that is not there.
    for id, activity in edition.activities.items():
        state = states.get(id)
        status, score, attempts, aloud = (
            (state.status, state.score, state.attempts, state.aloud) if state else ("", None, 0, False)
        )
        needs = activity.requires
        waits_for = tuple(edition.activities[needed] for needed in needs if needed not in done) if needs else ()
        opens, due = days.get(id, NEVER)
        if opens is not None and opens <= today:
            opens = None
        rows[id] = Row(activity, status, score, attempts, waits_for, opens, due, aloud)
    in_order = iter(rows.values())
    return Outline(
        rows=rows,
        modules=tuple((module, tuple(islice(in_order, len(module.activities)))) for module in edition.document.modules),
        done=len(edition.required & done),
        total=len(edition.required),
    )
