"""How questions do: figures as classical test theory has them, from real attempts."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.assessment import service as assessment
from lms.core.db import session, transaction
from lms.missions.models import Mission
from lms.studio.models import Draft
from lms.studio.statistics import of_course, statistic
from tests.builders import a_cohort, a_draft, a_mission, an_enrolment, deployed, done
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def test_a_question_that_the_better_ones_get_right_discriminates_fully() -> None:
    found = statistic([(1, 0.9), (1, 0.9), (1, 0.9), (0, 0.1), (0, 0.1), (0, 0.1)])
    assert found.facility == pytest.approx(0.5)
    assert found.discrimination == pytest.approx(1)
    assert found.advice == ""


def test_a_question_that_the_better_ones_fail_has_perhaps_a_wrong_key() -> None:
    found = statistic([(0, 0.9), (0, 0.8), (1, 0.2), (1, 0.1), (0, 0.7)])
    assert found.discrimination is not None
    assert found.discrimination < -0.5
    assert found.advice == "odd"


@pytest.mark.parametrize("points", [[], [(1, 1)] * 4])
def test_few_answers_say_nothing(points: list[tuple[float, float]]) -> None:
    assert (statistic(points).facility, statistic(points).discrimination) == (None, None)


def test_where_all_answer_alike_there_is_a_facility_and_no_discrimination() -> None:
    found = statistic([(1, 0.5)] * 6)
    assert (found.facility, found.discrimination, found.advice) == (1, None, "easy")


def test_the_page_shows_the_figures_of_the_published_course(app: Flask, sign_in: SignIn) -> None:
    mission: Mission = a_mission()
    author = deployed(mission)
    draft = a_draft(mission, author=author)
    writer, reader = sign_in(author), sign_in(deployed(mission))
    page = f"/studio/{draft.id}/statistics"
    assert "No attempts yet" in writer.text(page)
    writer.send(f"/studio/{draft.id}/review", words="")
    reader.send(f"/studio/{draft.id}/publish", words="", decision="publish")
    session.expire_all()
    cohort = a_cohort(mission, session.get_one(Draft, draft.id).version_id)
    for number in range(6):
        enrolment = an_enrolment(cohort)
        done(enrolment, "greeting", "asking")
        with transaction():
            attempt = assessment.begin(enrolment, "quiz")
            place = next(at for at, entry in enumerate(attempt.paper, start=1) if entry["question"] == "truth")
            assessment.answer(attempt, place, {"answer": ["true" if number < 3 else "false"]}, flagged=False)
            assessment.submit(attempt)
    session.expire_all()
    figures = of_course(session.get_one(Draft, draft.id))
    assert (figures["truth"].asked, figures["truth"].facility) == (6, 0.5)
    assert figures["number"].facility == 0
    shown = writer.text(page)
    assert "Is it so?" in shown
    assert "50%" in shown
