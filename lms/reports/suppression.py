"""Figures split by sex, such that nobody can be told from them: a cell under five hides its whole line."""

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST = 5

# By sex as the roll has it; absent is not known.
Split = Mapping[str | None, int]


@dataclass(frozen=True)
class Cells:
    """A line of the table: ``total`` over all, and each sex's part unless one could be told from them."""

    total: int
    women: int | None
    men: int | None
    unknown: int | None

    @property
    def hidden(self) -> bool:
        """Whether the parts are held back."""
        return self.women is None


def line(counts: Split, *of: Split) -> Cells:
    """So many ``counts`` by sex, among so many of each of the lines ``of`` that stand above it.

    Held back are all the parts as soon as one cell is from 1 to 4, or its complement is: those of the same sex who are
    in a line above and not in this one. For with the total, or with that line, each part could be worked out from the
    others. Nobody, or everybody, of a group under five is as telling; of a group that does not exist nothing is told.
    """
    cells = Cells(sum(counts.values()), counts.get("f", 0), counts.get("m", 0), counts.get(None, 0))
    for above in of:
        groups = [(counts.get(sex, 0), whole) for sex, whole in above.items() if whole]
        if len(groups) > 1 and any(_tells(part, whole) for part, whole in groups):
            return Cells(cells.total, None, None, None)
    return cells


def _tells(part: int, whole: int) -> bool:
    return whole < FEWEST or 0 < part < FEWEST or 0 < whole - part < FEWEST
