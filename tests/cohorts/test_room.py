"""Two mentors give the last place at one moment, whichever way they do it: one of them learns that it is gone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.cohorts import from_roll, joining, service
from lms.cohorts.models import Cohort, Enrolment, JoinRequest
from lms.core.db import session, transaction
from lms.core.errors import DomainError
from lms.missions.service import put_on_roll
from tests.builders import a_cohort, a_mission, a_person, deployed, someone_waiting
from tests.pages import Browser

# What a mentor does, prepared: gets the cohort's id and who does it.
Way = Callable[[UUID, UUID], Any]


def let_in(cohort_id: UUID, by: UUID) -> Way:
    with transaction():
        code = joining.open_code(session.get_one(Cohort, cohort_id), by=by).code
    with transaction():
        token = joining.ask(code)
        known = joining.waiting_with(token or "")
        id = known.id if known else None
    return lambda _cohort, by: joining.let_in(session.get_one(JoinRequest, id, with_for_update=True), by=by)


def enrol(cohort_id: UUID, by: UUID) -> Way:
    number = a_person().username
    return lambda cohort_id, by: service.enrol(session.get_one(Cohort, cohort_id), number, by=by)


def enrol_many(cohort_id: UUID, by: UUID) -> Way:
    chosen = [a_person().id]
    with transaction():
        put_on_roll(session.get_one(Cohort, cohort_id).mission_id, chosen[0])
    return lambda cohort_id, by: from_roll.enrol_many(session.get_one(Cohort, cohort_id), chosen, by=by)


def add_trainee(cohort_id: UUID, by: UUID) -> Way:
    return lambda cohort_id, by: service.add_trainee(session.get_one(Cohort, cohort_id), by=by)


@pytest.mark.parametrize("first", [let_in, enrol, enrol_many, add_trainee])
@pytest.mark.parametrize("second", [let_in, add_trainee])
def test_the_last_place_is_given_once(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    first: Callable[[UUID, UUID], Way],
    second: Callable[[UUID, UUID], Way],
) -> None:
    mission = a_mission()
    cohort_id, by = a_cohort(mission, capacity=1).id, deployed(mission).id
    ways = [prepare(cohort_id, by) for prepare in (first, second)]
    session.rollback()
    ready = Barrier(2)

    def slowly(read: Callable[..., Any]) -> Callable[..., Any]:
        def then(*args: Any) -> Any:
            found = read(*args)
            sleep(0.3)
            return found

        return then

    # Whoever has counted the places takes a moment before giving one.
    monkeypatch.setattr(service, "_check_room", slowly(service._check_room))
    monkeypatch.setattr(from_roll, "_queue", slowly(from_roll._queue))

    def give(way: Way) -> str:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    way(cohort_id, by)
            except DomainError as refusal:
                return refusal.message
        return ""

    with ThreadPoolExecutor(2) as mentors:
        answers = list(mentors.map(give, ways))
    taken = select(func.count()).where(Enrolment.cohort_id == cohort_id, Enrolment.left_at.is_(None))
    assert session.scalar(taken) == 1, answers
    assert sum("full" in each for each in answers) <= 1


def test_from_the_queue_and_by_number_at_one_moment_is_one_place(
    app: Flask, monkeypatch: pytest.MonkeyPatch, sign_in: Callable[[User], Browser]
) -> None:
    mission = a_mission()
    cohort = a_cohort(mission, capacity=5)
    waiting = someone_waiting(cohort)
    trainee_id = waiting.user_id
    number = session.get_one(User, trainee_id).username
    browsers = [sign_in(deployed(mission)), sign_in(deployed(mission))]
    queue = f"/cohorts/{cohort.id}/queue/{waiting.id}"
    session.commit()
    ready, counted = Barrier(2), service._check_room

    def slowly(*args: Any) -> None:
        counted(*args)
        sleep(0.3)

    monkeypatch.setattr(service, "_check_room", slowly)

    def send(browser: Browser, path: str, after: float, **form: str) -> int:
        with app.app_context():
            ready.wait()
            sleep(after)
            return browser.send(path, **form).status_code

    with ThreadPoolExecutor(2) as mentors:
        by_number = mentors.submit(send, browsers[0], f"/cohorts/{cohort.id}/enrol", 0, number=number)
        from_the_queue = mentors.submit(send, browsers[1], f"{queue}/place", 0.1)
        answers = [by_number.result(), from_the_queue.result()]
    assert answers == [302, 302]
    for late in ("place", "end"):
        assert browsers[0].send(f"{queue}/{late}").status_code == 302
        assert "somebody has seen to it meanwhile" in browsers[0].text(f"/cohorts/{cohort.id}/enrol")
    assert session.scalars(select(Enrolment.user_id).where(Enrolment.left_at.is_(None))).all() == [trainee_id]
