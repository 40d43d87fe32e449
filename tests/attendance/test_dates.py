"""A cohort's dates keep around its planned sessions, and a session keeps its trainer until another is chosen."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.attendance.models import TrainingSession
from lms.cohorts.models import Cohort
from lms.core import clock
from lms.core.db import session, transaction
from lms.missions.models import Deployment, Mission
from tests.builders import a_cohort, a_mission, a_session, deployed
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def changed(mentor: Browser, cohort: Cohort, **changes: object) -> tuple[int, str]:
    """Save the cohort's form with these changes."""
    now = {each: str(getattr(cohort, each)) for each in ("title", "begins", "ends", "capacity")}
    answer = mentor.send(f"/cohorts/{cohort.id}/change", **(now | {each: str(new) for each, new in changes.items()}))
    session.expire_all()
    return answer.status_code, answer.text


def test_a_cohorts_dates_are_not_shortened_past_planned_sessions(mission: Mission, mentor: Browser) -> None:
    cohort, today = a_cohort(mission), clock.today()
    a_session(cohort, 4, topic="Searching a person")
    bare = a_session(cohort, 9, topic="")
    status, text = changed(mentor, cohort, ends=today, title="Another title")
    assert status == 422
    assert f"{(today + timedelta(days=4)).isoformat()} · Searching a person" in text
    assert f"{(today + timedelta(days=9)).isoformat()} · Hall behind the station" in text
    assert 'value="Another title"' in text
    status, text = changed(mentor, cohort, begins=today + timedelta(days=5))
    assert (status, "Searching a person" in text, "Hall behind" in text) == (422, True, False)
    assert changed(mentor, cohort, ends=today + timedelta(days=9))[0] == 302
    # One that is cancelled keeps nothing up.
    mentor.send(f"/sessions/{bare.id}/cancel")
    assert changed(mentor, cohort, ends=today + timedelta(days=4))[0] == 302


def test_a_session_that_lies_outside_from_of_old_keeps_no_other_change_up(mission: Mission, mentor: Browser) -> None:
    cohort, today = a_cohort(mission), clock.today()
    a_session(cohort, 9)
    with transaction():
        session.get_one(Cohort, cohort.id).ends = today + timedelta(days=5)
    assert changed(mentor, cohort, title="Another title", ends=today + timedelta(days=4))[0] == 302


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_session_at_the_end_of_the_calendar_is_refused(mission: Mission, mentor: Browser, day: date) -> None:
    cohort = a_cohort(mission)
    with transaction():
        here = session.get_one(Cohort, cohort.id)
        here.begins, here.ends = date(1, 1, 1), date(9999, 12, 31)
    for zone in ("Asia/Kabul", "America/Bogota"):
        for begins, ends in (("00:00", "00:30"), ("23:00", "23:30")):
            agreed = {"topic": "", "day": str(day), "begins": begins, "ends": ends, "zone": zone, "venue": "Hall"}
            answer = mentor.send(f"/cohorts/{cohort.id}/sessions/new", **agreed, venue_code="", trainer="")
            assert answer.status_code in (302, 422)
    planned = session.scalars(select(TrainingSession.starts_at)).all()
    assert len(planned) == 3, "those whose instant the calendar still has"


def test_a_trainer_who_has_left_stays_until_another_is_chosen(mission: Mission, mentor: Browser) -> None:
    cohort, gone, here = a_cohort(mission), deployed(mission), deployed(mission)
    training = a_session(cohort, 5, trainer_id=gone.id)
    with transaction():
        posting = session.scalars(select(Deployment).where(Deployment.user_id == gone.id)).one()
        posting.ends = clock.today() - timedelta(days=1)
    path = f"/sessions/{training.id}/change"
    options = {each.get("value"): each for each in Page(mentor.get(path).text).all("option")}
    assert "selected" in options[str(gone.id)]
    now = {each: getattr(training, each) for each in ("day", "zone", "venue", "venue_code")}
    told = {"topic": "Another topic", "begins": "08:00", "ends": "09:00", **now}
    assert mentor.send(path, **told, trainer=str(gone.id)).status_code == 302
    session.expire_all()
    changed = session.get_one(TrainingSession, training.id)
    assert (changed.topic, changed.trainer_id) == ("Another topic", gone.id)
    assert mentor.send(path, **told, trainer=str(here.id)).status_code == 302
    assert mentor.send(path, **told, trainer=str(gone.id)).status_code == 422
    assert mentor.send(f"/cohorts/{cohort.id}/sessions/new", **told, trainer=str(gone.id)).status_code == 422
