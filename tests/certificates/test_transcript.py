"""The transcript: all that somebody took, on paper, in three languages; and the mission's own view."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, current_app
from pypdf import PdfReader
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.certificates import service
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done, trainee_of
from tests.certificates.test_kinds import attended
from tests.conftest import Clock
from tests.documents import a_document, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission(title="Port-Salin mission", keeps_names=True)


@pytest.fixture
def first(mission: Mission) -> Enrolment:
    enrolment = an_enrolment(a_cohort(mission))
    done(enrolment, score=0.84)
    attended(enrolment, "present", "absent")
    with transaction():
        service.issue(enrolment, by=enrolment.user_id)
        vault = vault_of(current_app.config["DATA_DIR"])
        accounts.keep_name(trainee_of(enrolment), "Aline Dorval", vault=vault, by=enrolment.user_id)
    return enrolment


@pytest.fixture
def elsewhere(first: Enrolment) -> Enrolment:
    """The same person, in a mission that keeps no names."""
    version = a_published(a_document(slug="another", code="DP02", title=words("Another course")))
    return an_enrolment(a_cohort(a_mission(title="Karvand mission"), version), trainee_of(first))


def test_it_has_courses_hours_marks_attendance_and_certificates(first: Enrolment, sign_in: SignIn) -> None:
    trainee = sign_in(trainee_of(first))
    assert "transcript.pdf?language=ar" in trainee.get("/certificates/").text
    text = text_of(trainee.get("/certificates/transcript.pdf?language=en").data)
    code = session.scalars(select(Credential.code)).one()
    figures = ("16", "4/4", "84%", "50%", code, "Certificate of completion", "Valid", "http://localhost/verify/")
    for said in (str(trainee_of(first).number), "Aline Dorval", "Port-Salin mission", "A course", *figures):
        assert said in text


def test_a_name_stands_on_it_only_where_every_mission_keeps_names(elsewhere: Enrolment, sign_in: SignIn) -> None:
    text = text_of(sign_in(trainee_of(elsewhere)).get("/certificates/transcript.pdf").data)
    assert "Karvand mission" in text
    assert "Another course" in text
    assert "Aline" not in text


def test_staff_print_their_own_missions_courses_and_that_is_on_record(
    mission: Mission, first: Enrolment, elsewhere: Enrolment, sign_in: SignIn
) -> None:
    person = deployed(mission)
    mentor = sign_in(person)
    code = session.scalars(select(Credential.code)).one()
    assert code in mentor.text(f"/enrolments/{first.id}/transcript")
    text = text_of(mentor.send(f"/enrolments/{first.id}/transcript.pdf", language="fr").data)
    assert "Relevé de formation" in text
    assert "A course (fr)" in text
    assert "Another course" not in text
    assert mentor.send(f"/enrolments/{elsewhere.id}/transcript.pdf").status_code == 403
    printed = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificates.transcript_printed")).one()
    assert (printed.actor_id, printed.object_id) == (person.id, first.id)


def test_in_arabic_it_runs_from_right_to_left(first: Enrolment, sign_in: SignIn) -> None:
    answer = sign_in(trainee_of(first)).get("/certificates/transcript.pdf?language=ar")
    reader = PdfReader(io.BytesIO(answer.data))
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    assert len(reader.pages) == 1


class TestMissionPage:
    """What a mission issued, what ends soon, what waits, and whether two people issue."""

    def test_it_counts_kinds_and_shows_what_ends_soon(self, time: Clock, app: Flask, sign_in: SignIn) -> None:
        mission = a_mission(mandate_ends=clock.today() + timedelta(days=2000))
        rule = {"valid_months": 24, "renewal": {"activities": ["final"]}}
        enrolment = an_enrolment(a_cohort(mission, a_published(a_document(certificate=rule))))
        done(enrolment)
        with transaction():
            credential = service.issue(enrolment, by=enrolment.user_id)
        path = f"/missions/{mission.id}/certificates"
        page = sign_in(deployed(mission)).text(path)
        assert "1 Certificate of completion" in page
        assert "None does." in page
        time.forward(days=660)
        page = sign_in(deployed(mission)).text(path)
        assert credential.code in page
        assert str(trainee_of(enrolment).number) in page

    def test_a_manager_asks_for_two_people_and_a_mentor_does_not(self, mission: Mission, sign_in: SignIn) -> None:
        path = f"/missions/{mission.id}/certificates"
        assert sign_in(deployed(mission)).send(f"{path}/two-people", two="yes").status_code == 403
        manager = sign_in(deployed(mission, Role.MANAGER))
        for _ in range(2):
            manager.send(f"{path}/two-people", two="yes")
        assert "one person proposes certificates and another approves" in manager.text(path)
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.object_id == mission.id)).all()
        assert acts.count("certificates.two_people") == 1

    def test_what_waits_is_found_there(self, mission: Mission, first: Enrolment, sign_in: SignIn) -> None:
        cohort = session.get_one(Cohort, first.cohort_id)
        other = an_enrolment(cohort)
        done(other)
        with transaction():
            session.get_one(Mission, mission.id).two_to_issue = True
        mentor, path = sign_in(deployed(mission)), f"/missions/{mission.id}/certificates"
        assert "Nothing waits." in mentor.text(path)
        issuing = mentor.send(f"/cohorts/{cohort.id}/certificates/issue", kind="completion").headers["Location"]
        mentor.send(issuing)
        assert issuing in mentor.get(path).text
        assert "somebody else approves it" in mentor.text(path)
