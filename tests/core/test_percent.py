"""What counts as reached, and what is shown beside it."""

import pytest

from lms.core.percent import reached, whole


@pytest.mark.parametrize("least", range(101))
def test_a_share_of_so_many_percent_reaches_them_and_a_little_less_does_not(least: int) -> None:
    assert reached(least / 100, least)
    assert whole(least / 100) == least
    for missing in (0.00001, 0.004, 0.005, 0.0099):
        assert not reached(least / 100 - missing, least)


@pytest.mark.parametrize("points", range(61))
def test_what_is_shown_is_reached_and_one_more_is_not(points: int) -> None:
    share = points / 60
    assert reached(share, whole(share))
    assert not reached(share, whole(share) + 1)


def test_a_loss_is_cut_off_too() -> None:
    assert whole(-0.125) == -12
