"""What a class gained between its two tests, and what stayed."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.cohorts.models import Cohort
from lms.missions.models import Mission
from lms.progress import gain
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done
from tests.documents import with_pre_and_post
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def a_class(mission: Mission, scores: list[tuple[float | None, float | None]]) -> Cohort:
    """A cohort whose trainees have these results before and after; ``None`` for not taken."""
    cohort = a_cohort(mission, a_published(with_pre_and_post()))
    for before, after in scores:
        enrolment = an_enrolment(cohort)
        if before is not None:
            done(enrolment, "before", score=before)
        if after is not None:
            done(enrolment, "after", score=after)
    return cohort


def test_the_gain_is_over_matched_pairs_that_could_still_gain(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    pairs = [(0.4, 0.7), (0.5, 1.0), (0.2, 0.6), (0.6, 0.8), (0.0, 0.3), (1.0, 1.0)]
    cohort = a_class(mission, [*pairs, *[(None, 0.9)] * 3, *[(0.1, None)] * 2])
    found = gain.of_cohort(cohort)
    assert found is not None
    assert (found.pairs, found.missing) == (6, 5)
    assert (found.before, found.after) == (pytest.approx(0.45), pytest.approx(0.7333, abs=1e-3))
    # From 0.34 to 0.68 of the five who could still gain; who had everything right before could not.
    assert found.gain == pytest.approx(0.34 / 0.66)
    page = sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}")
    assert "45% Mean of the pre-test 73% Mean of the post-test 52% Gain" in page
    assert "Of 6 trainees with both results. 5 trainees have no pair yet." in page


def test_fewer_than_five_pairs_show_no_figure(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_class(mission, [(0.4, 0.7)] * 4)
    found = gain.of_cohort(cohort)
    assert found is not None
    assert (found.before, found.after, found.gain, found.kept) == (None, None, None, None)
    page = sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}")
    assert "Figures show here when five trainees have both results" in page
    assert "Mean of the pre-test" not in page


def test_a_few_who_are_missing_are_not_counted_out(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_class(mission, [*[(0.4, 0.7)] * 5, (None, 0.5)])
    page = sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}")
    assert "Fewer than five have no pair yet." in page


def test_what_stayed_is_the_recheck_over_the_post_test(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission, a_published(with_pre_and_post()))
    for again in (0.4, 0.8, 0.6, 0.6, 0.6):
        enrolment = an_enrolment(cohort)
        done(enrolment, "before", score=0.3)
        done(enrolment, "after", score=0.8)
        done(enrolment, "after@90", score=again)
    found = gain.of_cohort(cohort)
    assert found is not None
    assert (found.rechecked, found.kept) == (5, pytest.approx(0.75))
    assert "75% Kept after 90 days 5 trainees" in sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}")


def test_a_course_without_the_two_tests_shows_no_gain(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    an_enrolment(cohort)
    assert gain.of_cohort(cohort) is None
    assert "Before and after the course" not in sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}")
