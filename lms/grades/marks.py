"""The final mark, folded from the states of what counts: a pure function, so that nothing has to be kept in step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from lms.core.percent import reached
from lms.library.activities import Activity, Assignment, ClosingTest, GradedTest, Scenario
from lms.library.edition import Edition
from lms.record.models import Status

# No activity has an '@' in its id, so what is no activity can stand among them.
FINAL, ATTENDANCE = "@final", "@attendance"
# How the record's ids of sessions in a room begin.
SESSION = "session:"
# In percent, where the course has no test at its end (Concord's default for a written pass).
PASS_MARK = 70


class State(Protocol):
    """What is known of an activity; of a session in a room, ``status`` is how it was attended."""

    @property
    def status(self) -> str: ...
    @property
    def score(self) -> float | None: ...
    @property
    def earned(self) -> float | None: ...
    @property
    def overridden_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Scheme:
    """What counts in a cohort; ``weights`` are by activity, ``ATTENDANCE`` among them, ``pass_mark`` in percent.

    Where nobody has set weights, each course version has its default.
    """

    weights: Mapping[str, int] | None = None
    pass_mark: int | None = None


@dataclass(frozen=True)
class Part:
    """One thing that counts: its ``score`` from 0 to 1, and the one ``earned`` where somebody set another."""

    score: float | None
    weight: int
    overridden: bool
    earned: float | None = None


@dataclass(frozen=True)
class Mark:
    """Where a trainee stands: the ``final`` mark from 0 to 1, so far; ``None`` while nothing counts yet.

    ``passed`` is ``None`` until everything that counts has a score. ``computed`` is what the final mark would be had
    nobody set it, ``pass_mark`` is in percent. ``parts`` are by activity, in teaching order, attendance last; one with
    the weight 0 is among them.
    """

    final: float | None
    passed: bool | None
    parts: dict[str, Part]
    overridden: bool = False
    computed: float | None = None
    pass_mark: int = PASS_MARK


@lru_cache(maxsize=128)
def graded(shown: Edition) -> list[Activity]:
    """The activities that bring a score, in teaching order; a pre-test only measures."""
    return [each for each in shown.activities.values() if isinstance(each, GradedTest | Assignment | Scenario)]


def weights_in(scheme: Scheme, shown: Edition) -> dict[str, int]:
    """The weight of everything that may count in a course version; by default each required activity counts the same.

    What a newer version brought after the weights were set counts for nothing until somebody says otherwise.
    """
    if scheme.weights is None:
        return {**{each.id: int(each.required) for each in graded(shown)}, ATTENDANCE: 0}
    return {id: scheme.weights.get(id, 0) for id in [*(each.id for each in graded(shown)), ATTENDANCE]}


def pass_mark_in(scheme: Scheme, shown: Edition) -> int:
    """The pass mark in percent; by default that of the test at the course's end."""
    closing = [each.pass_mark for each in shown.activities.values() if isinstance(each, ClosingTest)]
    default = closing[-1] if closing else PASS_MARK
    return default if scheme.pass_mark is None else scheme.pass_mark


def attended(marks: Iterable[str]) -> float | None:
    """The share of sessions in which somebody was, late or not; excused ones count neither way."""
    counted = [mark for mark in marks if mark != Status.EXCUSED]
    there = sum(mark in (Status.PRESENT, Status.LATE) for mark in counted)
    return there / len(counted) if counted else None


def mark(scheme: Scheme, shown: Edition, states: Mapping[str, State], *, closed: bool) -> Mark:
    """The mark of a trainee with these states, those of sessions among them.

    While the cohort is open, what has no score yet is left out; once it is closed, that is nothing of it.
    Attendance that nobody marked is left out always.
    """
    parts = {}
    for id, weight in weights_in(scheme, shown).items():
        if id == ATTENDANCE:
            sessions = [each.status for id, each in states.items() if id.startswith(SESSION)]
            parts[id] = Part(attended(sessions), weight, False)
        else:
            parts[id] = _part(states.get(id), weight)
    counting = {id: each for id, each in parts.items() if each.weight}
    scores = [(each.score, each.weight) for each in counting.values() if each.score is not None]
    open_ones = [id for id, each in counting.items() if each.score is None]
    if closed:
        scores += [(0.0, counting[id].weight) for id in open_ones if id != ATTENDANCE]
        open_ones = []
    computed = _mean(scores)
    held = states.get(FINAL)
    overridden = held is not None and held.overridden_at is not None
    final = held.score if held is not None and overridden else computed
    settled = final is not None and (overridden or not open_ones)
    pass_mark = pass_mark_in(scheme, shown)
    passed = reached(final, pass_mark) if settled and final is not None else None
    return Mark(final, passed, parts, overridden, computed, pass_mark)


def _part(state: State | None, weight: int) -> Part:
    if state is None:
        return Part(None, weight, False)
    return Part(state.score, weight, state.overridden_at is not None, state.earned)


def _mean(scores: list[tuple[float, int]]) -> float | None:
    """The weighted mean; rounded, so that three times 70 % are 70 % whatever floating point makes of it."""
    total = sum(weight for _, weight in scores)
    return round(sum(score * weight for score, weight in scores) / total, 9) if total else None
