"""A score that somebody sets in place of what was earned: what follows it, who may, and what stays on record."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lms.accounts.models import Role, User
from lms.certificates import service as certificates
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Enrolment
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.core.errors import DomainError
from lms.grades import service
from lms.grades.models import GradeOverride
from lms.grades.queries import mark_of
from lms.missions.models import Mission
from lms.progress.queries import outline_of
from lms.record import service as record
from lms.record.models import ActivityState, Statement
from tests.builders import a_cohort, a_deployment, a_mission, an_enrolment, an_instructor, deployed, done, trainee_of
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    return an_enrolment(a_cohort(a_mission()))


@pytest.fixture
def mentor(enrolment: Enrolment) -> User:
    return deployed(mission_of(enrolment))


def mission_of(enrolment: Enrolment) -> Mission:
    return session.get_one(Mission, session.get_one(Cohort, enrolment.cohort_id).mission_id)


def page_of(enrolment: Enrolment, activity_id: str = "quiz") -> str:
    return f"/enrolments/{enrolment.id}/grades/{activity_id}"


def test_the_score_that_was_set_counts_and_the_earned_one_stands_beside_it(
    sign_in: SignIn, enrolment: Enrolment, mentor: User
) -> None:
    done(enrolment, "quiz", score=0.6)
    browser = sign_in(mentor)
    saved = browser.send(page_of(enrolment), do="set", score="85", reason="The projector failed")
    assert saved.status_code == 302
    part = mark_of(enrolment).parts["quiz"]
    assert (part.score, part.earned, part.overridden) == (0.85, 0.6, True)
    page = browser.text(page_of(enrolment))
    assert "85% Set by hand earned: 60%" in page
    assert f"{mentor.username} Score set by hand 85% The projector failed" in page
    assert "What counts: 60%, then 85%" in page


def test_it_comes_into_the_trainees_inbox_once_and_again_when_it_is_taken_back(
    sign_in: SignIn, enrolment: Enrolment, mentor: User
) -> None:
    browser, trainee = sign_in(mentor), sign_in(trainee_of(enrolment))
    for _ in range(2):
        browser.send(page_of(enrolment), do="set", score="85", reason="The projector failed")
    inbox = trainee.get("/messages/").text
    (address,) = re.findall(r'action="(/messages/[0-9a-f-]{36})/open"', inbox)
    assert "A mentor has set a score for you." in inbox
    told = trainee.get(address).text
    assert f"/enrolments/{enrolment.id}/marks" in told
    assert mentor.username not in told
    browser.send(page_of(enrolment), do="back", reason="It had worked")
    assert "A score that a mentor had set is taken back." in trainee.text("/messages/")


def test_the_trainee_sees_it_with_its_reason(sign_in: SignIn, enrolment: Enrolment, mentor: User) -> None:
    done(enrolment, "quiz", score=0.6)
    sign_in(mentor).send(page_of(enrolment), do="set", score="85", reason="The projector failed")
    page = sign_in(trainee_of(enrolment)).text(f"/enrolments/{enrolment.id}/marks")
    assert "Your mentor or instructor set this score. The projector failed 85% earned: 60%" in page
    sign_in(mentor).send(page_of(enrolment), do="back", reason="It worked after all")
    page = sign_in(trainee_of(enrolment)).text(f"/enrolments/{enrolment.id}/marks")
    assert "What you earned counts again. It worked after all 60%" in page


def test_completion_and_the_certificate_follow_it(enrolment: Enrolment, mentor: User) -> None:
    done(enrolment, "greeting", "asking", "quiz")
    with transaction():
        service.override(enrolment, "final", 75, "Examined aloud", by=mentor.id)
    assert outline_of(enrolment).complete
    with transaction():
        assert certificates.issue(enrolment, by=mentor.id).score == 0.75
    with transaction():
        service.override(enrolment, "final", 69, "The recording says otherwise", by=mentor.id)
    assert not outline_of(enrolment).complete


def test_taken_back_what_was_earned_counts_again(enrolment: Enrolment, mentor: User) -> None:
    done(enrolment, "quiz", score=0.9)
    for percent in (10, 20):
        with transaction():
            service.override(enrolment, "quiz", percent, "Copied", by=mentor.id)
    assert not outline_of(enrolment).rows["quiz"].done
    with transaction():
        service.take_back(enrolment, "quiz", "The other one copied", by=mentor.id)
    assert outline_of(enrolment).rows["quiz"].done
    part = mark_of(enrolment).parts["quiz"]
    assert (part.score, part.overridden) == (0.9, False)
    with pytest.raises(DomainError), transaction():
        service.take_back(enrolment, "quiz", "Again", by=mentor.id)


def test_a_better_try_later_does_not_move_it(enrolment: Enrolment, mentor: User) -> None:
    with transaction():
        service.override(enrolment, "quiz", 50, "Helped by a neighbour", by=mentor.id)
    done(enrolment, "quiz", score=1.0)
    part = mark_of(enrolment).parts["quiz"]
    assert (part.score, part.earned) == (0.5, 1.0)


def test_the_final_mark_can_be_set_too(sign_in: SignIn, enrolment: Enrolment, mentor: User) -> None:
    done(enrolment, "quiz", score=0.2)
    sign_in(mentor).send(page_of(enrolment, "@final"), do="set", score="70", reason="Board of 3 May")
    mark = mark_of(enrolment)
    assert (mark.final, mark.passed, mark.overridden, mark.computed) == (0.7, True, True, 0.2)
    assert "70% Set by hand earned: 20% Passed" in sign_in(mentor).text(page_of(enrolment, "@final"))
    own = sign_in(trainee_of(enrolment)).text(f"/enrolments/{enrolment.id}/marks")
    assert "Final mark: 70% Passed earned: 20%" in own
    assert "Board of 3 May" in own


def test_a_rebuild_of_the_ledger_gives_the_same_rows(enrolment: Enrolment, mentor: User) -> None:
    done(enrolment, "quiz", score=0.3)
    with transaction():
        service.override(enrolment, "quiz", 80, "Why", by=mentor.id)
        service.override(enrolment, "@final", 90, "Why", by=mentor.id)
        service.override(enrolment, "final", 10, "Why", by=mentor.id)
    with transaction():
        service.take_back(enrolment, "final", "Why", by=mentor.id)
    columns = ActivityState.__table__.columns
    before = sorted(map(str, session.execute(select(*columns))))
    session.rollback()
    with transaction():
        record.rebuild()
    assert sorted(map(str, session.execute(select(*columns)))) == before
    assert len(before) == 2


def test_it_needs_a_score_and_a_reason(sign_in: SignIn, enrolment: Enrolment, mentor: User) -> None:
    browser = sign_in(mentor)
    for sent, words in (
        ({"do": "set", "score": "101", "reason": "Why"}, "Give a whole number from 0 to 100."),
        ({"do": "set", "score": "", "reason": "Why"}, "Give a whole number from 0 to 100."),
        ({"do": "set", "score": "80", "reason": " "}, "Say why. The trainee reads it."),
        ({"do": "back", "reason": "Why"}, "Nobody has set a score here."),
    ):
        answer = browser.send(page_of(enrolment), **sent)
        assert (answer.status_code, words in answer.text) == (422, True), sent
        assert f'value="{sent.get("score", "")}"' in answer.text
    assert session.scalars(select(GradeOverride)).all() == []


@pytest.mark.parametrize("activity_id", ["greeting", "nothing"])
def test_what_has_no_score_gets_none(sign_in: SignIn, enrolment: Enrolment, mentor: User, activity_id: str) -> None:
    assert sign_in(mentor).get(page_of(enrolment, activity_id)).status_code == 404
    with pytest.raises(DomainError), transaction():
        service.override(enrolment, activity_id, 80, "Why", by=mentor.id)


def test_pressing_twice_is_once(sign_in: SignIn, enrolment: Enrolment, mentor: User) -> None:
    for _ in range(2):
        sign_in(mentor).send(page_of(enrolment), do="set", score="80", reason="Why")
    assert len(session.scalars(select(GradeOverride)).all()) == 1
    assert len(session.scalars(select(Statement)).all()) == 1


def test_whoever_teaches_may_and_nobody_for_themselves(sign_in: SignIn, enrolment: Enrolment) -> None:
    instructor = an_instructor(session.get_one(Cohort, enrolment.cohort_id))
    assert sign_in(instructor).send(page_of(enrolment), score="80", reason="Why").status_code == 302
    with transaction():
        session.get_one(User, enrolment.user_id).role = Role.MANAGER.value
    mission = mission_of(enrolment)
    trainee = trainee_of(enrolment)
    a_deployment(mission, trainee)
    browser = sign_in(session.get_one(User, trainee.id))
    assert browser.get(page_of(enrolment)).status_code == 200
    assert browser.send(page_of(enrolment), score="100", reason="Why").status_code == 403


def test_a_closed_cohort_takes_one_only_as_a_correction(sign_in: SignIn, enrolment: Enrolment, mentor: User) -> None:
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    with transaction():
        closing.close(session.get_one(Cohort, cohort.id), by=mentor.id)
    answer = sign_in(mentor).send(page_of(enrolment), score="80", reason="Why")
    assert answer.status_code == 422
    assert "This cohort is closed" in answer.text
    with transaction():
        closing.correct(session.get_one(Cohort, cohort.id), "A test on paper", by=mentor.id)
    assert sign_in(mentor).send(page_of(enrolment), score="80", reason="Why").status_code == 302


@pytest.mark.parametrize("table", ["grade_override", "grade_scheme"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET at = '2020-01-01 00:00:00'"])
def test_what_was_set_is_never_changed_or_deleted(enrolment: Enrolment, mentor: User, table: str, change: str) -> None:
    with transaction():
        service.override(enrolment, "quiz", 80, "Why", by=mentor.id)
        service.set_scheme(session.get_one(Cohort, enrolment.cohort_id), {"quiz": 1}, 70, by=mentor.id)
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session.execute(text(change.format(table)))


def test_the_audit_trail_says_who_and_not_why(enrolment: Enrolment, mentor: User) -> None:
    with transaction():
        service.override(enrolment, "quiz", 80, "A long story", by=mentor.id)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "grades.overridden")).one()
    assert (event.actor_id, event.object_id, event.detail) == (mentor.id, enrolment.id, {"activity": "quiz"})
