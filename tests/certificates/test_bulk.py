"""Issuing for a whole cohort: tried dry, done once, carried away in one file."""

import io
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from lms.certificates import archive, bulk, service
from lms.certificates import jobs as certificate_jobs
from lms.certificates.cases import Case
from lms.certificates.models import Credential, Issuing, IssuingRow
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import is_writing, session, transaction
from lms.designs import press
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done, trainee_of
from tests.certificates.room import Room, code_of, count_of, handed_over, numbers_in, work
from tests.conftest import Clock
from tests.documents import with_handouts


def test_the_dry_run_names_who_is_not_eligible_and_why_and_issues_nothing(room: Room) -> None:
    page = room.one.text(room.prepare())
    number = trainee_of(room.unfinished).number
    assert f"{number} To be done: Asking · Quiz · Final" in page
    assert "Issue 3 certificates" in page
    assert count_of(Credential) == 0


def test_it_is_issued_once_and_a_second_run_finds_them_all_there(room: Room) -> None:
    path = room.prepare()
    for _ in range(2):
        assert room.one.send(path).status_code == 302
    assert "Certificates are being issued" in room.one.text(path)
    work()
    page = room.one.text(path)
    assert "Certificates are issued" in page
    for each in room.finished:
        code = session.scalars(select(Credential.code).where(Credential.enrolment_id == each.id)).one()
        assert code in page
    again = room.prepare()
    assert "Would receive one 0" in room.one.text(again)
    answer = room.one.send(again)
    assert answer.status_code == 422
    assert "Nobody can receive one now" in answer.text
    assert count_of(Credential) == 3


def test_some_of_a_cohort_are_chosen_by_number(room: Room) -> None:
    numbers = [str(trainee_of(each).number) for each in room.finished]
    page = room.one.text(room.prepare(numbers=f"{numbers[0].lower()}, {numbers[1]}"))
    assert "Issue 2 certificates" in page
    answer = room.one.send(
        f"/cohorts/{room.cohort.id}/certificates/issue", kind="completion", numbers=f"{numbers[0]} PS-22222"
    )
    assert answer.status_code == 422
    assert "These are not in the cohort: PS-22222" in answer.text
    assert numbers[0] in answer.text


def test_who_lost_what_was_earned_since_the_dry_run_is_not_certified(room: Room) -> None:
    path = room.prepare()
    room.one.send(path)
    with transaction():
        session.get_one(Enrolment, room.finished[0].id).left_at = clock.now()
    work()
    assert count_of(Credential) == 2
    assert "No longer in the cohort" in room.one.text(path)


def test_the_dry_run_is_made_outside_the_turn_to_write(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = []

    def cases_of(*scope: Any) -> list[Case]:
        turns.append(is_writing())
        return real(*scope)

    real = bulk.cases_of
    monkeypatch.setattr(bulk, "cases_of", cases_of)
    room.prepare()
    assert turns == [False]


def test_who_issues_for_one_and_who_issues_for_many_wait_for_each_other(app: Flask, room: Room) -> None:
    room.one.send(room.prepare())
    id = session.scalars(select(Issuing.id)).one()

    def step() -> None:
        with app.app_context(), transaction():
            bulk.take_step(session.get_one(Issuing, id, with_for_update=True))

    with ThreadPoolExecutor() as pool:
        with transaction():
            place = session.get_one(Enrolment, room.finished[0].id, with_for_update=True)
            many = pool.submit(step)
            wait([many], timeout=1)
            service.issue(place, by=place.user_id)
        many.result(timeout=60)
    session.rollback()
    assert count_of(Credential) == 3


class TestArchive:
    """All PDFs in one file, named by numbers, there for a day."""

    @pytest.fixture
    def path(self, room: Room, drawn: None) -> str:
        path = room.prepare()
        room.one.send(path)
        work()
        return path

    def test_it_holds_each_certificate_under_its_numbers(self, room: Room, path: str) -> None:
        assert room.one.send(f"{path}/certificates.zip").status_code == 404
        room.one.send(f"{path}/archive")
        assert "The file is being made" in room.one.text(path)
        work()
        answer = room.other.send(f"{path}/certificates.zip")
        with zipfile.ZipFile(io.BytesIO(answer.data)) as made:
            assert made.testzip() is None
            names = made.namelist()
        expected = {f"{trainee_of(each).number}_{code_of(each)}.pdf" for each in room.finished}
        assert set(names) == expected
        assert len(names) == 3
        taken = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificates.archive_taken")).one()
        assert (taken.actor_id, taken.detail) == (room.people[1].id, {"files": 3})

    def test_after_its_day_it_is_gone_and_made_anew_when_asked(
        self, app: Flask, room: Room, path: str, time: Clock
    ) -> None:
        room.one.send(f"{path}/archive")
        work()
        file = archive.path_of(app.config["DATA_DIR"], session.scalars(select(Issuing.id)).one())
        assert file.exists()
        time.forward(hours=25)
        room.one.become(room.people[0])
        assert room.one.send(f"{path}/certificates.zip").status_code == 404
        certificate_jobs.forget_old()
        assert not file.exists()
        room.one.send(f"{path}/archive")
        work()
        assert room.one.send(f"{path}/certificates.zip").status_code == 200

    def test_one_whose_file_is_gone_is_made_anew_when_asked(self, app: Flask, room: Room, path: str) -> None:
        room.one.send(f"{path}/archive")
        work()
        archive.path_of(app.config["DATA_DIR"], session.scalars(select(Issuing.id)).one()).unlink()
        assert room.one.send(f"{path}/certificates.zip").status_code == 404
        assert "Put all into one file" in room.one.text(path)
        room.one.send(f"{path}/archive")
        work()
        assert room.one.send(f"{path}/certificates.zip").status_code == 200

    def test_one_that_is_cut_short_is_made_anew(
        self, app: Flask, room: Room, path: str, time: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.one.send(f"{path}/archive")
        with monkeypatch.context() as patch:
            patch.setattr(press, "keep_all", lambda *_, **__: 1 / 0)
            shutil.rmtree(app.config["DATA_DIR"] / "certificates")
            work()
        file = archive.path_of(app.config["DATA_DIR"], session.scalars(select(Issuing.id)).one())
        assert [each for each in file.parent.iterdir() if file.stem in each.name] == []
        time.forward(minutes=10)
        work()
        assert zipfile.ZipFile(file).testzip() is None


def test_the_list_to_sign_has_numbers_and_no_names(room: Room, drawn: None) -> None:
    path = room.prepare()
    room.one.send(path)
    work()
    answer = room.one.send(f"{path}/list.pdf")
    text = " ".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    for each in room.finished:
        assert str(trainee_of(each).number) in text
        assert code_of(each) in text
    assert "Signature" in text
    assert str(trainee_of(room.unfinished).number) not in text


class TestWhoHasOneAlready:
    """The dry run, the list to sign and the archive tell of the same certificates."""

    def test_who_has_one_already_is_handed_it_with_the_others(self, room: Room, drawn: None) -> None:
        with transaction():
            held = service.issue(room.finished[0], by=room.finished[0].user_id).code
        path = room.prepare()
        assert numbers_in(room.one.text(path)) == [2, 1, 1]
        room.one.send(path)
        work()
        listed, files = handed_over(room, path)
        assert held in listed
        assert len(files) == 3

    def test_a_revoked_one_is_named_with_the_reason_and_not_handed_over(self, room: Room, drawn: None) -> None:
        with transaction():
            taken_back = service.issue(room.finished[0], by=room.finished[0].user_id)
            service.revoke(taken_back, "Somebody else sat it", by=room.people[0].id)
        path, number = room.prepare(), trainee_of(room.finished[0]).number
        page = room.one.text(path)
        assert numbers_in(page) == [2, 0, 2]
        assert f"{number} The certificate was revoked." in page
        room.one.send(path)
        work()
        assert numbers_in(room.one.text(path)) == [2, 0, 2]
        listed, files = handed_over(room, path)
        assert str(number) not in listed
        assert len(files) == 2
        assert not any(taken_back.code in name for name in files)

    def test_one_revoked_after_it_was_issued_is_not_handed_over_any_more(self, room: Room, drawn: None) -> None:
        path = room.prepare()
        room.one.send(path)
        work()
        with transaction():
            made = session.scalars(select(Credential).where(Credential.enrolment_id == room.finished[0].id)).one()
            service.revoke(made, "A mistake", by=room.people[0].id)
        listed, files = handed_over(room, path)
        assert made.code not in listed
        assert len(files) == 2
        assert f"{made.code} Revoked" in room.one.text(path)

    def test_a_renewal_that_is_not_earned_yet_is_no_certificate_to_hand_over(
        self, room: Room, drawn: None, time: Clock
    ) -> None:
        rule = {"valid_months": 12, "renewal": {"activities": ["final"]}}
        version = a_published(with_handouts(certificate=rule))
        room.mission = a_mission(mandate_ends=clock.today() + timedelta(days=2000))
        room.cohort = a_cohort(room.mission, version)
        holder, newcomer = (an_enrolment(room.cohort) for _ in range(2))
        done(holder)
        with transaction():
            old = service.issue(holder, by=holder.user_id)
        time.forward(days=350)
        done(newcomer)
        room.one.become(deployed(room.mission))
        path = room.prepare()
        page = room.one.text(path)
        assert numbers_in(page) == [1, 0, 1]
        assert f"{trainee_of(holder).number} To be done again: Final" in page
        room.one.send(path)
        work()
        listed, files = handed_over(room, path)
        assert old.code not in listed
        assert [old.code in name for name in files] == [False]


def test_a_dry_run_that_came_to_nothing_is_forgotten(room: Room, time: Clock) -> None:
    room.prepare()
    kept = room.prepare()
    room.one.send(kept)
    time.forward(days=8)
    with transaction():
        bulk.forget_unused()
    assert count_of(Issuing) == 1
    assert count_of(IssuingRow) == 4
