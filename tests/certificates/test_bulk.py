"""Issuing for a whole cohort: tried dry, approved by a second person, done once, carried away in one file."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from pyhanko.sign.timestamps import TimestampRequestError
from pypdf import PdfReader
from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.assessment.models import AnswerDecision, Attempt, UnmatchedAnswer
from lms.certificates import archive, attesting, bulk, service
from lms.certificates import jobs as certificate_jobs
from lms.certificates.cases import Case
from lms.certificates.models import Credential, Issuing, IssuingRow
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock, jobs
from lms.core.audit import AuditEvent
from lms.core.db import is_writing, session, transaction
from lms.core.files import write_whole
from lms.core.ids import new_id
from lms.designs import press
from lms.grades.models import GradeOverride
from lms.missions.models import Mission
from tests.builders import (
    a_cohort,
    a_draft,
    a_mission,
    a_published,
    an_enrolment,
    deployed,
    done,
    trainee_of,
    with_handouts,
)
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@dataclass
class Room:
    """A cohort of three who finished and one who did not, and two who may issue."""

    mission: Mission
    cohort: Cohort
    finished: list[Enrolment]
    unfinished: Enrolment
    one: Browser
    other: Browser
    people: tuple[User, User]

    def prepare(self, **typed: str) -> str:
        answer = self.one.send(f"/cohorts/{self.cohort.id}/certificates/issue", **({"kind": "completion"} | typed))
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@pytest.fixture
def room(app: Flask, sign_in: SignIn) -> Room:
    mission = a_mission()
    cohort = a_cohort(mission, a_published(with_handouts()))
    finished = [an_enrolment(cohort) for _ in range(3)]
    for each in finished:
        done(each)
    unfinished = an_enrolment(cohort)
    done(unfinished, "greeting")
    people = deployed(mission), deployed(mission, Role.MANAGER)
    return Room(mission, cohort, finished, unfinished, sign_in(people[0]), sign_in(people[1]), people)


def needs_two(mission: Mission) -> None:
    with transaction():
        session.get_one(Mission, mission.id).two_to_issue = True


def work() -> None:
    while jobs.work_one():
        pass


def count_of(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs that cost nothing: what is on them is tested elsewhere."""

    def keep_all(orders: list[press.Order], shop: press.Shop) -> Iterator[tuple[int, str]]:
        for place, order in enumerate(orders):
            content = b"%PDF-1.7 " + order.face.code.encode()
            write_whole(order.path, content)
            yield place, sha256(content).hexdigest()

    monkeypatch.setattr(press, "keep_all", keep_all)


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


class TestTwoPeople:
    """Where the mission asks for it, who proposes and who approves differ."""

    @pytest.fixture(autouse=True)
    def _two(self, room: Room) -> None:
        needs_two(room.mission)

    def test_one_proposes_and_another_approves(self, room: Room) -> None:
        path = room.prepare()
        assert "Propose 3 certificates" in room.one.text(path)
        room.one.send(path)
        work()
        assert count_of(Credential) == 0, "nothing is issued before it is approved"
        assert "Waits for approval" in room.one.text(path)
        assert room.one.send(f"{path}/approve").status_code == 403, "nobody approves what they proposed"
        assert "Approve and issue" in room.other.text(path)
        assert room.other.send(f"{path}/approve").status_code == 302
        work()
        assert count_of(Credential) == 3
        acts = session.execute(
            select(AuditEvent.action, AuditEvent.actor_id).where(AuditEvent.action.startswith("certificates."))
        ).all()
        proposer, approver = (each.id for each in room.people)
        assert ("certificates.proposed", proposer) in acts
        assert ("certificates.approved", approver) in acts
        assert acts.count(("certificates.issued", approver)) == 3

    def test_the_database_itself_refuses_one_person_in_both_places(self, room: Room) -> None:
        path = room.prepare()
        room.one.send(path)
        with pytest.raises(Exception, match="two_people"), transaction():
            issuing = session.scalars(select(Issuing)).one()
            issuing.started_by, issuing.started_at = issuing.asked_by, clock.now()

    def test_who_proposes_what_somebody_else_tried_dry_does_not_approve_it(self, room: Room, sign_in: SignIn) -> None:
        path, proposer = room.prepare(), room.people[1]
        assert f"Dry run by {room.people[0].username}" in room.other.text(path)
        assert room.other.send(path).status_code == 302
        page = room.other.text(path)
        assert f"Proposed by {proposer.username}" in page
        assert "Approve and issue" not in page
        assert f"Proposed by {proposer.username}" in room.one.text(f"/missions/{room.mission.id}/certificates")
        for person in (room.other, room.one):
            assert person.send(f"{path}/approve").status_code == 403, "who tried it dry is none who looks anew either"
            assert person.send(f"{path}/refuse", because="No").status_code == 403
        with pytest.raises(Exception, match="two_people"), transaction():
            issuing = session.scalars(select(Issuing)).one()
            issuing.started_by, issuing.started_at = issuing.proposed_by, clock.now()
        with pytest.raises(Exception, match="two_people"), transaction():
            issuing = session.scalars(select(Issuing)).one()
            issuing.refused_by, issuing.refused_at = issuing.proposed_by, clock.now()
        assert sign_in(deployed(room.mission)).send(f"{path}/approve").status_code == 302
        work()
        assert count_of(Credential) == 3
        approved = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificates.approved")).one()
        assert approved.detail == {"proposed_by": str(proposer.id)}

    def test_it_is_refused_with_a_reason_and_proposed_anew(self, room: Room) -> None:
        path = room.prepare()
        room.one.send(path)
        assert room.other.send(f"{path}/refuse", because="").status_code == 422
        assert room.other.send(f"{path}/refuse", because="Two were not in class").status_code == 302
        assert "Two were not in class" in room.one.text(path)
        room.other.send(f"{path}/approve")
        work()
        assert count_of(Credential) == 0
        assert room.one.send(room.prepare()).status_code == 302

    def test_a_trainee_does_not_get_one_by_asking(self, room: Room, sign_in: SignIn) -> None:
        trainee = sign_in(trainee_of(room.finished[0]))
        page = trainee.get("/certificates/").text
        assert "One person of the mission proposes it" in page
        assert "Get my certificate" not in page
        trainee.send(f"/learn/{room.finished[0].id}/certificate")
        assert count_of(Credential) == 0
        assert "another approves it" in trainee.text("/certificates/")


def test_a_dry_run_from_before_the_mission_asked_for_two_is_only_proposed(room: Room) -> None:
    path = room.prepare()
    needs_two(room.mission)
    room.one.send(path)
    work()
    assert count_of(Credential) == 0
    assert "Waits for approval" in room.one.text(path)
    assert room.other.send(f"{path}/approve").status_code == 302
    work()
    assert count_of(Credential) == 3


class TestTheRuleOfTwo:
    """One person switches it on; it takes two to switch it off."""

    @pytest.fixture
    def page(self, room: Room) -> str:
        needs_two(room.mission)
        return f"/missions/{room.mission.id}/certificates"

    @staticmethod
    def holds(room: Room) -> bool:
        session.rollback()
        return session.get_one(Mission, room.mission.id).two_to_issue

    def test_the_manager_who_asks_for_its_end_does_not_end_it(self, room: Room, page: str) -> None:
        for _ in range(2):
            room.other.send(f"{page}/two-people", two="no")
            assert self.holds(room)
        text = room.other.text(page)
        assert "when somebody else of the mission agrees" in text
        assert "I agree: one person is enough" not in text
        assert f"{room.people[1].username} asks that one person be enough" in room.one.text(page)

    def test_a_second_person_agrees_and_both_are_on_record(self, room: Room, page: str) -> None:
        assert room.one.send(f"{page}/two-people", two="no").status_code == 403, "a mentor does not ask for it"
        room.other.send(f"{page}/two-people", two="no")
        assert "I agree: one person is enough" in room.one.text(page)
        room.one.send(f"{page}/two-people", two="no")
        assert not self.holds(room)
        ended = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificates.one_person")).one()
        assert (ended.actor_id, ended.detail) == (room.people[0].id, {"asked_by": str(room.people[1].id)})

    def test_a_second_person_keeps_it(self, room: Room, page: str) -> None:
        room.other.send(f"{page}/two-people", two="no")
        room.one.send(f"{page}/two-people", two="yes")
        assert room.one.send(f"{page}/two-people", two="no").status_code == 403, "nothing is asked for any more"
        assert self.holds(room)

    def test_what_was_tried_dry_under_the_rule_stays_under_it(self, room: Room, page: str) -> None:
        path = room.prepare()
        room.other.send(f"{page}/two-people", two="no")
        room.one.send(f"{page}/two-people", two="no")
        room.one.send(path)
        work()
        assert count_of(Credential) == 0
        assert "Waits for approval" in room.one.text(path)


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


def a_score_by_hand(enrolment: Enrolment, by: UUID) -> None:
    session.add(
        GradeOverride(
            enrolment_id=enrolment.id, activity_id="quiz", score=1.0, reason="Seen", by=by, statement_id=new_id()
        )
    )


def an_attempt(enrolment: Enrolment, given_by: UUID | None) -> Attempt:
    made = Attempt(
        enrolment_id=enrolment.id,
        user_id=enrolment.user_id,
        course_version_id=enrolment.course_version_id,
        activity_id="quiz",
        number=1,
        paper=[],
        submitted_at=clock.now(),
        given_by=given_by,
    )
    session.add(made)
    session.flush()
    return made


def a_decided_answer(enrolment: Enrolment, by: UUID) -> None:
    said: dict[str, Any] = {
        "mission_id": session.get_one(Cohort, enrolment.cohort_id).mission_id,
        "course_version_id": enrolment.course_version_id,
        **dict.fromkeys(("question_id", "question", "answer", "typed"), "x"),
    }
    decision = AnswerDecision(share=1.0, decided_by=by, **said)
    session.add(decision)
    session.flush()
    session.add(
        UnmatchedAnswer(
            attempt_id=an_attempt(enrolment, None).id,
            position=1,
            cohort_id=enrolment.cohort_id,
            decision_id=decision.id,
            **said,
        )
    )


def what_was_seen(enrolment: Enrolment, by: UUID) -> None:
    attesting.attest(enrolment, clock.today(), {"identifies": 3}, taught=False, by=by)


@pytest.mark.parametrize("judge", [what_was_seen, a_score_by_hand, an_attempt, a_decided_answer])
def test_author_assessor_and_issuer_are_not_all_the_same_person(
    app: Flask, sign_in: SignIn, judge: Callable[[Enrolment, UUID], object]
) -> None:
    mission = a_mission()
    version, author = a_published(with_handouts()), deployed(mission)
    draft = a_draft(mission, version, author)
    with transaction():
        # The course that the mission's draft is of.
        session.merge(draft).slug = "a-course"
    cohort = a_cohort(mission, version)
    enrolment = an_enrolment(cohort)
    done(enrolment)
    browser = sign_in(author)
    path = browser.send(f"/cohorts/{cohort.id}/certificates/issue", kind="completion").headers["Location"]
    with transaction():
        judge(enrolment, author.id)
    answer = browser.send(path)
    assert answer.status_code == 422
    assert "You wrote this course and judged these trainees" in answer.text
    assert sign_in(deployed(mission)).send(path).status_code == 302


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


def code_of(enrolment: Enrolment) -> str:
    return session.scalars(select(Credential.code).where(Credential.enrolment_id == enrolment.id)).one()


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


def numbers_in(page: str) -> list[int]:
    """What the dry run counts: would receive one or issued, have one already, lack something."""
    found = re.search(r"(?:Would receive one|Issued) (\d+) Have one already (\d+) Lack something (\d+)", page)
    assert found is not None
    return [int(each) for each in found.groups()]


def handed_over(room: Room, path: str) -> tuple[str, list[str]]:
    """The words of the list to sign, and the names of the files in the archive."""
    room.one.send(f"{path}/archive")
    work()
    page = PdfReader(io.BytesIO(room.one.send(f"{path}/list.pdf").data)).pages[0]
    with zipfile.ZipFile(io.BytesIO(room.one.send(f"{path}/certificates.zip").data)) as made:
        return " ".join(page.extract_text().split()), made.namelist()


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
