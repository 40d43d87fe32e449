"""Counts of tries: exact when many try at once, begun anew after the window, and dropped when they are over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts import throttle
from lms.accounts.models import Tries
from lms.core import jobs
from lms.core.db import session, transaction
from tests.conftest import Clock
from tests.pages import Browser


def counts() -> dict[str, int]:
    session.rollback()
    return {each.key: each.count for each in session.scalars(select(Tries).execution_options(populate_existing=True))}


def test_eight_first_tries_at_once_are_eight(app: Flask) -> None:
    ready = Barrier(8)

    def attempt(place: int) -> None:
        with app.app_context():
            ready.wait()
            with transaction():
                throttle.count(*(("name", "address") if place % 2 else ("address", "name")))

    for round in range(1, 4):
        with ThreadPoolExecutor(8) as windows:
            list(windows.map(attempt, range(8)))
        assert counts() == {"name": 8 * round, "address": 8 * round}


def test_of_eight_tries_at_once_no_more_pass_than_may_and_the_others_are_not_counted(app: Flask) -> None:
    ready = Barrier(8)

    def attempt(_: int) -> bool:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    throttle.take({"here": 6, "all": 9}, times=2)
            except throttle.TooOften:
                return False
            return True

    with ThreadPoolExecutor(8) as windows:
        assert sum(windows.map(attempt, range(8))) == 3
    assert counts() == {"here": 6, "all": 6}


def test_a_count_goes_on_within_its_window_and_begins_anew_after_it(app: Flask, time: Clock) -> None:
    for minutes, expected in ((0, 3), (14, 6), (1, 3), (14, 6)):
        time.forward(minutes=minutes)
        with transaction():
            throttle.count("key", times=3)
        assert counts() == {"key": expected}
    assert throttle.locked_until({"key": 7}) is None
    assert throttle.locked_until({"key": 6}) == time.now() + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("a socket", "a socket"),
        (None, ""),
    ],
)
def test_an_address_is_what_one_subscriber_has(remote: str | None, address: str) -> None:
    assert throttle.address_of(remote) == address


@pytest.mark.parametrize("path", ["/sign-in", "/join", "/verify/file"])
def test_another_address_of_the_same_subscriber_counts_with_it(browser: Browser, path: str) -> None:
    fields = {"username": "nobody", "password": "guess", "code": "222222", "text": "{}"}
    for end, known in (("1", False), ("2", True)):
        browser.environ_base["REMOTE_ADDR"] = f"2001:db8::{end}"
        before = counts()
        browser.send(path, **fields)
        assert (set(counts()) == set(before)) is known


def test_the_worker_forgets_counts_that_are_over_and_keeps_the_others(
    app: Flask, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("older", "newer"):
        with transaction():
            throttle.count(key)
        time.forward(minutes=45)
    stop = Event()
    monkeypatch.setattr(jobs, "work_one", lambda: stop.set() or True)
    jobs.work_forever(app.app_context, stop)
    assert counts() == {"newer": 1}
