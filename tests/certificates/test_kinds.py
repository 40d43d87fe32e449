"""Kinds of certificates: what each rests on, what a trainee reads of what is missing, and what assessors saw."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.certificates import documents, sealing, service
from lms.certificates.models import Attestation, Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.errors import DomainError
from lms.credentials.here import issuer_here
from lms.missions.models import Mission
from lms.record import service as record
from lms.record.models import Verb
from tests.builders import a_cohort, a_published, an_enrolment, deployed, done, trainee_of
from tests.conftest import Clock
from tests.documents import with_handouts
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def place(**changes: Any) -> Enrolment:
    """A place in a course with two things to watch for, one of them critical, and these rules."""
    return an_enrolment(a_cohort(version_id=a_published(with_handouts(**changes))))


def of(enrolment: Enrolment) -> Mission:
    return session.get_one(Mission, session.get_one(Cohort, enrolment.cohort_id).mission_id)


def attended(enrolment: Enrolment, *marks: str) -> None:
    with transaction():
        for number, mark in enumerate(marks):
            record.append(
                Verb.ATTENDED,
                actor_id=enrolment.user_id,
                registration=enrolment.id,
                activity_id=f"session:{number}",
                context={"mark": mark, "via": "screen", "by": str(enrolment.user_id)},
            )


def issued(enrolment: Enrolment, kind: str) -> Credential:
    with transaction():
        return service.issue(session.get_one(Enrolment, enrolment.id), by=enrolment.user_id, kind=kind)


def seen(browser: Browser, enrolment: Enrolment, level: int, days_ago: int = 0, taught: str = "") -> int:
    day = (clock.today() - timedelta(days=days_ago)).isoformat()
    fields = {"observed_on": day, "level-identifies": str(level)} | ({"taught": "y"} if taught else {})
    return browser.send(f"/enrolments/{enrolment.id}/seen", **fields).status_code


class TestAttendance:
    """A certificate of attendance rests on having been there, and on nothing else."""

    def test_it_is_given_for_being_there_though_nothing_was_done(self, app: Flask, sign_in: SignIn) -> None:
        enrolment = place(more_certificates=[{"kind": "attendance", "attendance": 75, "hours": 12}])
        trainee = sign_in(trainee_of(enrolment))
        assert "No attendance is on record yet; 75% of the sessions are needed." in trainee.text("/certificates/")
        attended(enrolment, "present", "absent")
        assert "Present at 50% of the sessions; 75% are needed." in trainee.text("/certificates/")
        attended(enrolment, "present", "late", "excused", "absent")
        assert "Present at 66%" in trainee.text("/certificates/")
        attended(enrolment, "present", "late", "present", "absent")
        trainee.send(f"/learn/{enrolment.id}/certificate", kind="attendance")
        credential = session.scalars(select(Credential)).one()
        assert (credential.kind, credential.hours, credential.level) == ("attendance", 12, None)
        claims = sealing.claims_of(credential, issuer_here())
        assert (claims.kind, claims.criteria[:22]) == ("attendance", "Le titulaire a été pré")
        face = documents.face_of(credential, data=app.config["DATA_DIR"], base_url="http://x", issuer="Concord")
        assert face.kind == "attendance"
        page = trainee.text(f"/verify/{credential.code}")
        assert "Certificate of attendance" in page

    def test_one_place_has_one_of_each_kind(self, app: Flask) -> None:
        enrolment = place(more_certificates=[{"kind": "attendance"}])
        done(enrolment)
        attended(enrolment, "present")
        codes = {issued(enrolment, kind).code for kind in ("completion", "attendance") * 2}
        assert len(codes) == 2

    def test_a_kind_that_the_course_does_not_give_is_not_given(self, app: Flask) -> None:
        enrolment = place()
        done(enrolment)
        for kind in ("attendance", "mastery"):
            with pytest.raises(DomainError, match="gives no certificate"):
                issued(enrolment, kind)


class TestMarks:
    """The final mark counts where the rule asks for one."""

    def test_too_low_a_mark_is_told_in_words(self, app: Flask, sign_in: SignIn) -> None:
        enrolment = place(certificate={"final_mark": 80})
        trainee = sign_in(trainee_of(enrolment))
        assert "There is no final mark yet; 80% is needed." in trainee.text("/certificates/")
        done(enrolment, score=0.7)
        assert "The final mark is 70%; 80% is needed." in trainee.text("/certificates/")
        trainee.send(f"/learn/{enrolment.id}/certificate")
        assert session.scalar(select(func.count()).select_from(Credential)) == 0
        done(enrolment, "quiz", "final", score=0.9)
        trainee.send(f"/learn/{enrolment.id}/certificate")
        assert session.scalars(select(Credential)).one().score == pytest.approx(0.9)

    def test_a_rule_may_name_its_activities(self, app: Flask, sign_in: SignIn) -> None:
        enrolment = place(certificate={"activities": ["quiz"]})
        assert "To be done: Quiz" in sign_in(trainee_of(enrolment)).text("/certificates/")
        done(enrolment, "quiz")
        assert issued(enrolment, "completion").kind == "completion"


class TestCompetence:
    """The written pass, and every critical behaviour seen at level 3 by two assessors on two days."""

    @pytest.fixture
    def enrolment(self, time: Clock, app: Flask) -> Enrolment:
        enrolment = place(more_certificates=[{"kind": "competence"}, {"kind": "instructor"}])
        done(enrolment)
        time.forward(days=5)
        return enrolment

    @pytest.fixture
    def mentors(self, enrolment: Enrolment, sign_in: SignIn) -> list[Browser]:
        return [sign_in(deployed(of(enrolment))) for _ in range(2)]

    def test_two_assessors_on_two_days_make_it(
        self, enrolment: Enrolment, mentors: list[Browser], sign_in: SignIn
    ) -> None:
        trainee = sign_in(trainee_of(enrolment))
        words = "To be seen at work at level 3 on two days, by two assessors: Identifies himself or herself"
        assert words in trainee.text("/certificates/")
        assert seen(mentors[0], enrolment, 3, days_ago=2) == 302
        assert seen(mentors[0], enrolment, 3, days_ago=1) == 302
        assert words in trainee.text("/certificates/"), "one assessor alone is not enough where there are two"
        assert seen(mentors[1], enrolment, 2) == 302
        assert words in trainee.text("/certificates/"), "level 2 is not enough"
        assert seen(mentors[1], enrolment, 3, days_ago=2) == 302
        assert issued(enrolment, "competence").level == 3

    def test_one_day_is_not_enough(self, enrolment: Enrolment, mentors: list[Browser]) -> None:
        assert [seen(mentor, enrolment, 3, days_ago=1) for mentor in mentors] == [302, 302]
        with pytest.raises(DomainError):
            issued(enrolment, "competence")

    def test_one_assessor_is_enough_where_there_is_one(self, enrolment: Enrolment, sign_in: SignIn) -> None:
        mentor = sign_in(deployed(of(enrolment)))
        assert [seen(mentor, enrolment, 3, days_ago=days) for days in (2, 1)] == [302, 302]
        assert issued(enrolment, "competence").level == 3

    def test_a_breach_blocks_until_it_is_seen_done_well_again(
        self, enrolment: Enrolment, mentors: list[Browser]
    ) -> None:
        seen(mentors[0], enrolment, 4, days_ago=4)
        seen(mentors[1], enrolment, 4, days_ago=3)
        seen(mentors[0], enrolment, 0, days_ago=2)
        with pytest.raises(DomainError):
            issued(enrolment, "competence")
        seen(mentors[1], enrolment, 3, days_ago=1)
        with pytest.raises(DomainError):
            issued(enrolment, "competence")
        seen(mentors[0], enrolment, 3)
        assert issued(enrolment, "competence").level == 3

    def test_an_instructor_is_seen_teaching_at_level_four(self, enrolment: Enrolment, mentors: list[Browser]) -> None:
        seen(mentors[0], enrolment, 4, days_ago=2)
        seen(mentors[1], enrolment, 4, days_ago=1)
        assert issued(enrolment, "competence").level == 3, "level 4 needs teaching that was seen"
        with pytest.raises(DomainError):
            issued(enrolment, "instructor")
        seen(mentors[1], enrolment, 4, taught="yes")
        assert issued(enrolment, "instructor").level == 4

    def test_the_written_pass_is_needed_too(self, app: Flask, time: Clock, sign_in: SignIn) -> None:
        enrolment = place(more_certificates=[{"kind": "competence"}])
        time.forward(days=5)
        for days in (2, 1):
            seen(sign_in(deployed(of(enrolment))), enrolment, 3, days_ago=days)
        with pytest.raises(DomainError):
            issued(enrolment, "competence")

    def test_what_was_seen_is_checked_and_kept_for_good(self, enrolment: Enrolment, mentors: list[Browser]) -> None:
        assert seen(mentors[0], enrolment, 3, days_ago=-1) == 422
        assert seen(mentors[0], enrolment, 3, days_ago=30) == 422
        assert seen(mentors[0], enrolment, 7) == 422
        path = f"/enrolments/{enrolment.id}/seen"
        today = clock.today().isoformat()
        empty = mentors[0].send(path, observed_on=today)
        assert (empty.status_code, "What you did not see stays open" in empty.text) == (422, True)
        assert mentors[0].send(path, **{"observed_on": today, "level-explains": "0"}).status_code == 422
        assert seen(mentors[0], enrolment, 3) == 302
        assert seen(mentors[0], enrolment, 4) == 422, "one assessor, one day, one word"
        assert "3 – independent" in mentors[1].text(path)
        with pytest.raises(Exception, match="append-only"), transaction():
            session.execute(Attestation.__table__.update().values(taught=True))
