"""Shares of one as percent: whether so many are reached, and how many are shown. The two never contradict each other.

Floating point makes 57.99… of 100 × 0.58, so a hundred millionth of a percent is neither here nor there.
"""

import math

_DIGITS = 7


def reached(share: float, least: float) -> bool:
    """Whether a share from 0 to 1 is at least so many percent."""
    return round(100 * share, _DIGITS) >= least


def whole(share: float) -> int:
    """The share in whole percent, the rest cut off: nobody reads a mark that was not reached."""
    return math.trunc(round(100 * share, _DIGITS))
