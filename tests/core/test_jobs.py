"""The queue: done once, tried for ever, held up by nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import clock, jobs
from lms.core.db import session, transaction
from lms.core.ids import new_id
from lms.core.jobs import Job
from tests.conftest import Clock


class Work:
    """What the test's jobs did, and how often they are to fail first."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.failures = 0

    def __call__(self, what: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the printer is off")
        self.done.append(what)


@pytest.fixture
def work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Work:
    made = Work()
    monkeypatch.setitem(jobs._handlers, "test.work", made)
    return made


def ask(key: str = "one") -> None:
    with transaction():
        jobs.enqueue("test.work", key, what=key)


def the_job() -> Job:
    session.rollback()
    return session.scalars(select(Job)).one()


def test_a_job_is_done_once(work: Work) -> None:
    ask()
    assert jobs.work_one()
    assert not jobs.work_one()
    assert work.done == ["one"]
    assert the_job().done_at is not None


def test_a_job_asked_for_in_a_transaction_that_fails_is_not_there(work: Work) -> None:
    def fail() -> None:
        jobs.enqueue("test.work", "one", what="one")
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction():
        fail()
    assert not jobs.work_one()
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_asking_twice_while_it_waits_is_one_job_and_asking_after_it_was_done_is_another_turn(work: Work) -> None:
    ask()
    ask()
    while jobs.work_one():
        pass
    assert work.done == ["one"]
    ask()
    while jobs.work_one():
        pass
    assert work.done == ["one", "one"]


def test_work_that_nobody_does_is_refused_when_asked_for(app: Flask) -> None:
    with pytest.raises(ValueError, match="no handler does 'unknown'"), transaction():
        jobs.enqueue("unknown", "one")


def test_a_failing_job_is_put_off_ever_longer_and_its_error_kept(work: Work, time: Clock) -> None:
    work.failures = 3
    ask()
    time.forward(seconds=5)
    waits = []
    for _ in range(3):
        assert jobs.work_one()
        failed = the_job()
        assert (failed.error, failed.done_at) == ("ConnectionError", None)
        wait = failed.due_at - time.now()
        waits.append(wait.total_seconds())
        assert not jobs.work_one()
        time.forward(seconds=wait.total_seconds() + 1)
    assert waits == sorted(set(waits))
    assert waits[0] >= 1
    assert jobs.work_one()
    assert work.done == ["one"]
    assert (the_job().error, the_job().tries) == (None, 4)


def test_a_job_that_fails_for_days_is_tried_each_hour_and_done_in_the_end(work: Work, time: Clock) -> None:
    work.failures = 80
    ask()
    time.forward(seconds=5)
    for _ in range(80):
        assert jobs.work_one()
        assert the_job().due_at - time.now() <= timedelta(hours=1)
        time.forward(hours=1)
    assert (the_job().tries, the_job().error) == (80, "ConnectionError")
    assert jobs.work_one()
    assert work.done == ["one"]


def test_asking_again_for_a_job_that_failed_tries_it_at_once(work: Work, time: Clock) -> None:
    work.failures = 20
    ask()
    for _ in range(20):
        time.forward(hours=1)
        assert jobs.work_one()
    ask()
    assert jobs.work_one()
    assert work.done == ["one"]


def test_a_job_that_ends_its_worker_each_time_comes_back_ever_more_rarely(work: Work, time: Clock) -> None:
    ask()
    for _ in range(13):
        time.forward(hours=1)
        assert jobs.claim() is not None
    time.forward(minutes=50)
    assert jobs.claim() is None


def test_a_periodic_task_that_fails_holds_up_neither_the_others_nor_the_queue(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()

    def broken() -> None:
        raise ConnectionError("no network")

    def last(what: str) -> None:
        work(what)
        stop.set()

    monkeypatch.setattr(jobs, "_periodic", [broken, lambda: work.done.append("swept")])
    monkeypatch.setitem(jobs._handlers, "test.work", last)
    ask()
    stopping = threading.Timer(20, stop.set)
    stopping.start()
    jobs.work_forever(app.app_context, stop)
    stopping.cancel()
    assert work.done == ["swept", "one"]
    assert f"the periodic task {__name__}.broken failed" in caplog.text


def test_one_bad_job_does_not_hold_up_the_next(work: Work, time: Clock) -> None:
    work.failures = 1
    ask("bad")
    ask("good")
    time.forward(seconds=5)
    assert jobs.work_one()
    assert jobs.work_one()
    assert work.done == ["good"]


@pytest.mark.parametrize("stored", ["in order", "the other way round"])
def test_of_jobs_due_at_one_moment_the_one_asked_for_first_is_done_first(work: Work, time: Clock, stored: str) -> None:
    asked = [(new_id(), key) for key in ("first", "second", "third")]
    with transaction():
        for id, key in asked if stored == "in order" else reversed(asked):
            session.add(Job(id=id, kind="test.work", key=key, arguments={"what": key}, due_at=time.now()))
            session.flush()
    while jobs.work_one():
        pass
    assert work.done == ["first", "second", "third"]


def test_a_job_whose_worker_died_is_taken_up_when_its_lease_ends(work: Work, time: Clock) -> None:
    ask()
    time.forward(seconds=5)
    assert jobs.claim() is not None
    assert jobs.claim() is None
    time.forward(minutes=4)
    assert jobs.claim() is None
    time.forward(minutes=2)
    assert jobs.work_one()
    assert work.done == ["one"]


def test_many_workers_never_do_the_same_job(app: Flask, work: Work) -> None:
    asked = [f"job-{number}" for number in range(24)]
    with transaction():
        for key in asked:
            jobs.enqueue("test.work", key, what=key)
    begin = threading.Barrier(6)

    def worker(_: int) -> int:
        begin.wait()
        count = 0
        with app.app_context():
            while jobs.work_one():
                count += 1
        return count

    with ThreadPoolExecutor(6) as crew:
        counts = list(crew.map(worker, range(6)))
    assert sorted(work.done) == sorted(asked)
    assert sum(counts) == len(asked)


def test_a_worker_outlives_a_queue_that_it_cannot_reach(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    stop, real = threading.Event(), jobs.work_one
    seen: list[int] = []

    def work_one() -> bool:
        seen.append(1)
        if len(seen) == 1:
            raise OSError("the database is restarting")
        busy = real()
        if not busy:
            stop.set()
        return busy

    monkeypatch.setattr(jobs, "work_one", work_one)
    monkeypatch.setattr(jobs, "_periodic", [])
    monkeypatch.setattr(stop, "wait", lambda seconds: True)
    jobs.work_forever(app.app_context, stop)
    assert work.done == ["one"]


def test_periodic_work_is_done_at_once_and_then_about_once_a_minute(
    app: Flask, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    swept: list[datetime] = []
    monkeypatch.setattr(jobs, "_periodic", [lambda: swept.append(clock.now())])

    def wait(seconds: float) -> bool:
        time.forward(seconds=20)
        if len(swept) == 3:
            stop.set()
        return True

    monkeypatch.setattr(stop, "wait", wait)
    jobs.work_forever(app.app_context, stop)
    assert len(swept) == 3
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in pairwise(swept))
