"""A certificate that cannot be made or printed keeps nobody else from theirs, and people are told."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from pyhanko.sign.timestamps import TimestampRequestError
from sqlalchemy import select

from lms.certificates import service
from lms.certificates.cases import Case
from lms.certificates.models import Credential
from lms.core import jobs
from lms.core.db import session
from lms.designs import press
from tests.builders import trainee_of
from tests.certificates.room import Room, code_of, count_of, handed_over, numbers_in, work
from tests.conftest import Clock


class TestWhatCannotBeMade:
    """One certificate that cannot be made or printed is named, and stops no other."""

    def test_one_that_cannot_be_awarded_is_named_and_the_others_are_issued(
        self, room: Room, drawn: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, odd = service.months_after, room.finished[1]

        def award(case: Case, *, by: UUID) -> Credential:
            if case.place.id == odd.id:
                monkeypatch.setattr(service, "months_after", lambda *_: 1 / 0)
            try:
                return real_award(case, by=by)
            finally:
                monkeypatch.setattr(service, "months_after", real)

        real_award = service.award
        monkeypatch.setattr(service, "award", award)
        path = room.prepare()
        room.one.send(path)
        work()
        page = room.one.text(path)
        assert "Certificates are issued" in page
        assert numbers_in(page) == [2, 0, 2]
        assert f"{trainee_of(odd).number} It could not be made. Tell the administrator" in page
        assert count_of(Credential) == 2
        _, files = handed_over(room, path)
        assert len(files) == 2

    @pytest.fixture
    def press_that_jams(self, monkeypatch: pytest.MonkeyPatch, drawn: None) -> Callable[[UUID, Exception | None], None]:
        """Have the press fail with this for one place in a cohort, or work again."""
        real: Any = press.keep_all
        jams: dict[UUID, Exception] = {}

        def keep_all(orders: list[press.Order], shop: press.Shop) -> Iterator[tuple[int, str | BaseException]]:
            codes = dict(session.execute(select(Credential.code, Credential.enrolment_id)).all())
            for place, outcome in real(orders, shop):
                jam = jams.get(codes[orders[place].face.code])
                if jam is not None:
                    orders[place].path.unlink()
                yield place, jam or outcome

        def set_jam(id: UUID, error: Exception | None) -> None:
            jams.clear()
            jams.update({id: error} if error else {})

        monkeypatch.setattr(press, "keep_all", keep_all)
        return set_jam

    def test_one_that_cannot_be_printed_is_named_and_left_out_of_the_archive_and_no_job_tries_for_ever(
        self, app: Flask, room: Room, press_that_jams: Any, time: Clock
    ) -> None:
        odd = room.finished[1]
        press_that_jams(odd.id, ValueError("too large"))
        path = room.prepare()
        room.one.send(path)
        work()
        assert "could not be printed" not in room.one.text(path), "once is no reason yet"
        room.one.send(f"{path}/archive")
        for _ in range(20):
            time.forward(hours=1)
            work()
        assert not session.scalars(select(jobs.Job.key).where(jobs.Job.done_at.is_(None))).all()
        room.one.become(room.people[0])
        page = room.one.text(path)
        assert "1 certificate could not be printed" in page
        assert "Tell the administrator" in page
        assert f"{code_of(odd)} Not printed" in page
        press_that_jams(odd.id, None)
        said = app.test_cli_runner().invoke(args=["certificates", "print"])
        assert "1 of 3 certificates were printed." in said.output
        assert "could not be printed" not in room.one.text(path)

    def test_the_archive_is_there_after_some_tries_without_what_cannot_be_printed(
        self, room: Room, press_that_jams: Any, time: Clock
    ) -> None:
        odd = room.finished[1]
        press_that_jams(odd.id, ValueError("too large"))
        path = room.prepare()
        room.one.send(path)
        work()
        room.one.send(f"{path}/archive")
        for _ in range(3):
            time.forward(minutes=2)
            work()
        answer = room.one.send(f"{path}/certificates.zip")
        with zipfile.ZipFile(io.BytesIO(answer.data)) as made:
            names = made.namelist()
        assert len(names) == 2
        assert not any(code_of(odd) in name for name in names)

    def test_the_page_says_that_printing_waits_for_the_timestamp_service_and_it_goes_on_by_itself(
        self, room: Room, press_that_jams: Any, time: Clock
    ) -> None:
        odd = room.finished[1]
        press_that_jams(odd.id, TimestampRequestError("no answer"))
        path = room.prepare()
        room.one.send(path)
        for _ in range(20):
            work()
            time.forward(hours=1)
        room.one.become(room.people[0])
        page = room.one.text(path)
        assert "Printing waits for the timestamp service" in page
        assert "their numbers can be checked now" in page
        assert f"{code_of(odd)} Waits to be printed" in page
        assert "could not be printed" not in page
        press_that_jams(odd.id, None)
        work()
        assert "timestamp service" not in room.one.text(path)
