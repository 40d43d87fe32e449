"""Certificates: earned, issued once, checked by anyone, taken back with a reason."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.certificates import service
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import jobs
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.missions.models import Mission
from tests.builders import a_cohort, a_published, an_enrolment, awarded, deployed, done, trainee_of
from tests.documents import a_document
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    return an_enrolment()


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


def mentor_of(enrolment: Enrolment) -> User:
    return deployed(session.get_one(Mission, session.get_one(Cohort, enrolment.cohort_id).mission_id))


def count_of(model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_before_everything_is_done_the_answer_says_what_is_missing(trainee: Browser, enrolment: Enrolment) -> None:
    done(enrolment, "greeting", "asking", "quiz")
    assert trainee.send(f"/learn/{enrolment.id}/certificate").status_code == 302
    page = trainee.text("/certificates/")
    assert "3 of 4 required activities are done" in page
    assert "Final" in page
    assert count_of(Credential) == 0


def test_asking_twice_gives_the_same_certificate(trainee: Browser, enrolment: Enrolment) -> None:
    done(enrolment)
    for _ in range(2):
        trainee.send(f"/learn/{enrolment.id}/certificate")
    credential = session.scalars(select(Credential)).one()
    assert credential.code in trainee.text("/certificates/")
    assert count_of(jobs.Job) == 1
    assert (
        session.scalar(select(AuditEvent.object_id).where(AuditEvent.action == "certificates.issued")) == credential.id
    )


def test_asking_from_eight_windows_at_once_gives_one_certificate(app: Flask, enrolment: Enrolment) -> None:
    done(enrolment)
    id, user_id = enrolment.id, enrolment.user_id

    def ask(_: int) -> str:
        with app.app_context(), transaction():
            return service.issue(session.get_one(Enrolment, id), by=user_id).code

    with ThreadPoolExecutor(8) as windows:
        assert len(set(windows.map(ask, range(8)))) == 1
    session.rollback()
    assert count_of(Credential) == 1


def test_looking_never_issues(trainee: Browser, enrolment: Enrolment) -> None:
    done(enrolment)
    assert trainee.get(f"/learn/{enrolment.id}/certificate").status_code == 404
    for path in ("/certificates/", f"/learn/{enrolment.id}/", "/learn/"):
        trainee.get(path)
    assert count_of(Credential) == 0


def test_the_final_must_be_passed_even_where_it_is_not_required(app: Flask, sign_in: SignIn) -> None:
    document = a_document().model_dump(mode="json")
    document["modules"][1]["activities"][0]["required"] = False
    enrolment = an_enrolment(a_cohort(version_id=a_published(a_document(modules=document["modules"]))))
    done(enrolment, "greeting", "asking", "quiz")
    sign_in(trainee_of(enrolment)).send(f"/learn/{enrolment.id}/certificate")
    assert count_of(Credential) == 0


def test_a_course_without_a_certificate_says_so(app: Flask, sign_in: SignIn) -> None:
    enrolment = an_enrolment(a_cohort(version_id=a_published(a_document(certificate=None))))
    done(enrolment)
    trainee = sign_in(trainee_of(enrolment))
    page = trainee.send(f"/learn/{enrolment.id}/certificate", follow_redirects="1")
    assert page.status_code == 302
    assert "gives no certificate" in trainee.text("/certificates/")


class TestRevocation:
    """A mentor takes a certificate back."""

    def test_it_needs_a_reason_and_happens_once(self, sign_in: SignIn, enrolment: Enrolment) -> None:
        credential = awarded(enrolment)
        mentor, address = sign_in(mentor_of(enrolment)), f"/certificates/{credential.id}/revoke"
        assert mentor.send(address, because="").status_code == 422
        session.refresh(credential)
        assert credential.status == "valid"
        assert mentor.send(address, because="The final was sat by another person").status_code == 302
        session.refresh(credential)
        assert credential.status == "revoked"
        again = mentor.send(address, because="Once more")
        assert again.status_code == 422
        assert "revoked already" in again.text
        assert "Once more" in again.text
        events = session.scalars(
            select(AuditEvent.action).where(AuditEvent.object_id == credential.id).order_by(AuditEvent.id)
        ).all()
        assert events == ["certificates.issued", "certificates.revoked"]

    def test_a_revoked_one_is_not_given_again(self, trainee: Browser, enrolment: Enrolment) -> None:
        credential = awarded(enrolment)
        with transaction():
            service.revoke(session.get_one(Credential, credential.id), "A reason", by=enrolment.user_id)
        trainee.send(f"/learn/{enrolment.id}/certificate")
        assert count_of(Credential) == 1

    def test_the_cohorts_list_shows_each_with_its_status(self, sign_in: SignIn, enrolment: Enrolment) -> None:
        credential = awarded(enrolment)
        page = sign_in(mentor_of(enrolment)).text(f"/cohorts/{enrolment.cohort_id}/certificates")
        assert credential.code in page
        assert "Valid" in page
        assert str(trainee_of(enrolment).number) in page
