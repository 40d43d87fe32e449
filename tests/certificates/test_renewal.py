"""Certificates that end: reminded of in time, renewed by doing some of it again, the old one kept in the history."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.certificates import attesting, documents, jobs, sealing, service
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.credentials.here import issuer_here
from lms.messages.models import Post, Thread
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done, trainee_of
from tests.conftest import Clock
from tests.documents import with_handouts
from tests.pages import Browser

SignIn = Callable[[User], Browser]
RULE = {"valid_months": 24, "renewal": {"activities": ["quiz", "final"], "remind_days": [60, 14]}}


def issue(enrolment: Enrolment) -> Credential:
    with transaction():
        return service.issue(session.get_one(Enrolment, enrolment.id), by=enrolment.user_id)


def count_of(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def first(app: Flask, time: Clock) -> Credential:
    return begun(RULE)


def begun(rule: dict[str, Any]) -> Credential:
    """Somebody holds a certificate under this rule."""
    mission = a_mission(mandate_ends=clock.today() + timedelta(days=2000))
    enrolment = an_enrolment(a_cohort(mission, a_published(with_handouts(certificate=rule))))
    done(enrolment)
    return issue(enrolment)


def place_of(credential: Credential) -> Enrolment:
    return session.get_one(Enrolment, credential.enrolment_id)


def another_place(credential: Credential) -> Enrolment:
    """A place of the same person in a new class of the same course."""
    place = place_of(credential)
    mission = session.get_one(Mission, session.get_one(Cohort, place.cohort_id).mission_id)
    return an_enrolment(a_cohort(mission, place.course_version_id), session.get_one(User, place.user_id))


class TestReminders:
    """The holder is told in the inbox, once for each reminder."""

    def test_it_comes_in_time_once_and_says_what_is_to_be_done_again(
        self, first: Credential, time: Clock, sign_in: SignIn
    ) -> None:
        time.forward(days=660)
        jobs.remind()
        assert count_of(Thread) == 0
        time.forward(days=12)
        for _ in range(3):
            jobs.remind()
        assert count_of(Thread) == 1
        holder = sign_in(trainee_of(place_of(first)))
        inbox = holder.text("/messages/")
        assert "Notice" in inbox
        assert "New" in inbox
        thread = session.scalars(select(Thread)).one()
        holder.send(f"/messages/{thread.id}/open")
        page = holder.text(f"/messages/{thread.id}")
        assert first.code in page
        assert "do this again: – Quiz – Final" in page
        assert "Concord" in page
        assert "New" not in holder.text("/messages/").split("Notice")[1][:120]
        time.forward(days=46)
        jobs.remind()
        jobs.remind()
        assert count_of(Thread) == 2
        time.forward(days=60)
        jobs.remind()
        assert count_of(Thread) == 2

    def test_nobody_else_reads_it(self, first: Credential, time: Clock, sign_in: SignIn) -> None:
        time.forward(days=680)
        jobs.remind()
        thread, place = session.scalars(select(Thread)).one(), place_of(first)
        mission = session.get_one(Mission, session.get_one(Cohort, place.cohort_id).mission_id)
        mentor = sign_in(deployed(mission))
        classmate = sign_in(trainee_of(an_enrolment(session.get_one(Cohort, place.cohort_id))))
        for other in (mentor, classmate):
            assert other.get(f"/messages/{thread.id}").status_code == 403
            assert "Notice" not in other.text("/messages/")

    def test_it_is_in_the_holders_language(self, first: Credential, time: Clock) -> None:
        with transaction():
            trainee_of(place_of(first)).language = "fr"
        time.forward(days=680)
        jobs.remind()
        words = session.scalars(select(Post.words)).one()
        assert "Quiz (fr)" in words
        assert "certificat" in words

    def test_what_was_revoked_or_renewed_is_not_reminded_of(self, first: Credential, time: Clock) -> None:
        with transaction():
            service.revoke(session.get_one(Credential, first.id), "A reason", by=first.user_id)
        time.forward(days=680)
        jobs.remind()
        assert count_of(Thread) == 0


class TestRenewal:
    """A renewal is a new certificate that names the old one."""

    def test_in_a_new_class_only_what_the_rule_names_is_done_again(
        self, first: Credential, time: Clock, sign_in: SignIn, browser: Browser
    ) -> None:
        time.forward(days=690)
        place = another_place(first)
        holder = sign_in(trainee_of(place))
        page = holder.text("/certificates/")
        assert "Renewal" in page
        assert "To be done again: Quiz · Final" in page
        done(place, "quiz")
        holder.send(f"/learn/{place.id}/certificate")
        assert count_of(Credential) == 1
        done(place, "final")
        for _ in range(2):
            holder.send(f"/learn/{place.id}/certificate")
        old, new = session.scalars(select(Credential).order_by(Credential.issued_at)).all()
        assert (new.renews_id, new.enrolment_id) == (old.id, place.id)
        assert old.status == "valid", "the old one stays valid till its day"
        assert sealing.claims_of(new, issuer_here()).renews == f"http://localhost/verify/{old.code}"
        assert "This certificate is valid" in browser.text(f"/verify/{old.code}")
        assert f"The newer certificate: {new.code}" in browser.text(f"/verify/{old.code}")
        time.forward(days=60)
        holder.become(trainee_of(place))
        page = holder.text("/certificates/")
        assert f"Renewed by {new.code}" in page
        assert "Renewed" in page
        assert "This certificate has expired" in browser.text(f"/verify/{old.code}")
        assert "This certificate is valid" in browser.text(f"/verify/{new.code}")

    def test_in_the_same_class_what_was_done_before_does_not_count(
        self, first: Credential, time: Clock, sign_in: SignIn
    ) -> None:
        place = place_of(first)
        time.forward(days=300)
        done(place, "quiz", "final")
        assert issue(place).id == first.id, "the renewal is not open yet"
        time.forward(days=390)
        assert "To be done again: Quiz · Final" in sign_in(trainee_of(place)).text("/certificates/")
        assert issue(place).id == first.id
        done(place, "quiz", "final")
        renewed = issue(place)
        assert renewed.renews_id == first.id
        data = current_app.config["DATA_DIR"]
        assert documents.face_of(renewed, data=data, base_url="http://localhost", issuer="Concord").renews == first.code
        assert issue(place).id == renewed.id

    def test_the_old_one_is_named_as_it_was_signed_though_the_server_has_moved(
        self, first: Credential, time: Clock
    ) -> None:
        old = json.loads(jobs.text_kept(first.id))
        time.forward(days=900)
        place = another_place(first)
        done(place, "quiz", "final")
        renewed = issue(place)
        moved = replace(issuer_here(), url="https://new.example.org")
        claimed = json.loads(sealing.document_of(renewed, moved))
        assert claimed["id"] == f"https://new.example.org/verify/{renewed.code}"
        assert [each["id"] for each in claimed["evidence"]] == [old["id"]]

    def test_it_may_be_renewed_when_it_has_ended(self, first: Credential, time: Clock) -> None:
        time.forward(days=900)
        place = another_place(first)
        done(place, "quiz", "final")
        assert issue(place).renews_id == first.id

    def test_each_is_renewed_once(self, first: Credential, time: Clock) -> None:
        time.forward(days=690)
        places = [another_place(first) for _ in range(2)]
        for place in places:
            done(place, "quiz", "final")
        renewals = [issue(place) for place in places if place is places[0]]
        with pytest.raises(Exception, match="Not yet"):
            issue(places[1])
        assert [each.renews_id for each in renewals] == [first.id]

    def test_without_a_renewal_rule_the_whole_course_is_taken_again(self, app: Flask, time: Clock) -> None:
        first = begun({"valid_months": 24})
        time.forward(days=690)
        place = another_place(first)
        done(place, "quiz", "final")
        with pytest.raises(Exception, match="Not yet"):
            issue(place)
        done(place)
        assert issue(place).renews_id == first.id

    def test_a_suspended_one_is_not_renewed_before_that_is_settled(
        self, first: Credential, time: Clock, sign_in: SignIn
    ) -> None:
        time.forward(days=690)
        place = another_place(first)
        done(place)
        with transaction():
            service.suspend(session.get_one(Credential, first.id), "Somebody else may have sat it", by=first.user_id)
        with pytest.raises(Exception, match="Not yet"):
            issue(place)
        assert "The certificate before it is suspended" in sign_in(trainee_of(place)).text("/certificates/")
        with transaction():
            service.lift(session.get_one(Credential, first.id), by=first.user_id)
        assert issue(place).renews_id == first.id

    def test_what_was_seen_before_it_opened_does_not_renew_it_however_late_it_is_written_down(
        self, app: Flask, time: Clock, sign_in: SignIn
    ) -> None:
        mission = a_mission(mandate_ends=clock.today() + timedelta(days=2000))
        rule = {"kind": "competence", "activities": ["final"], "valid_months": 12, "renewal": {"activities": ["quiz"]}}
        place = an_enrolment(a_cohort(mission, a_published(with_handouts(more_certificates=[rule]))))
        done(place)
        assessors = [deployed(mission, ends=clock.today() + timedelta(days=900)) for _ in range(2)]

        def seen(*days: date, level: int = 3) -> None:
            with transaction():
                for assessor, day in zip(assessors, days, strict=True):
                    attesting.attest(place, day, {"identifies": level}, taught=False, by=assessor.id)

        time.forward(days=6)
        taken = clock.today()
        seen(taken - timedelta(days=1), taken)
        with transaction():
            first = service.issue(place, by=place.user_id, kind="competence")
        time.forward(days=340)
        done(place, "quiz")
        seen(taken - timedelta(days=4), taken - timedelta(days=5), level=4)
        with transaction():
            assert service.issue(place, by=place.user_id, kind="competence").id == first.id
        assert "To be seen at work at level 3" in sign_in(trainee_of(place)).text("/certificates/")
        seen(clock.today(), clock.today() - timedelta(days=1))
        with transaction():
            renewed = service.issue(place, by=place.user_id, kind="competence")
        assert (renewed.renews_id, renewed.level) == (first.id, 3), "the higher level was seen before"

    def test_a_revoked_one_is_not_renewed(self, first: Credential, time: Clock) -> None:
        with transaction():
            service.revoke(session.get_one(Credential, first.id), "A reason", by=first.user_id)
        time.forward(days=690)
        place = another_place(first)
        done(place, "quiz", "final")
        with pytest.raises(Exception, match="Not yet"):
            issue(place)
