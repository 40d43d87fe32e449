"""Two people issue: who proposes, who approves, and who decides that it takes two."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from lms.assessment.models import AnswerDecision, Attempt, UnmatchedAnswer
from lms.certificates import attesting
from lms.certificates.models import Credential, Issuing
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.core.ids import new_id
from lms.grades.models import GradeOverride
from lms.missions.models import Mission
from tests.builders import a_cohort, a_draft, a_mission, a_published, an_enrolment, deployed, done, trainee_of
from tests.certificates.room import Room, SignIn, count_of, needs_two, work
from tests.documents import with_handouts


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
