"""The invitation to take the post-test once more: by itself, in time, and once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.cohorts import closing
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session, transaction
from lms.messages import jobs
from lms.messages.models import Post, Thread
from tests.builders import a_cohort, a_published, an_enrolment, done, trainee_of
from tests.conftest import Clock
from tests.documents import with_pre_and_post
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask, time: Clock) -> Enrolment:
    place = an_enrolment(a_cohort(version_id=a_published(with_pre_and_post())))
    done(place)
    return place


def told() -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Thread.activity_id).order_by(Thread.activity_id)))


def test_it_comes_once_when_the_window_opens_in_a_closed_cohort_too(
    enrolment: Enrolment, time: Clock, sign_in: SignIn
) -> None:
    with transaction():
        closing.close(session.get_one(Cohort, enrolment.cohort_id), by=enrolment.user_id)
    time.forward(days=74)
    jobs.invite_again()
    assert told() == []
    time.forward(days=1, minutes=5)
    for _ in range(3):
        jobs.invite_again()
    assert told() == ["after@90"]
    time.forward(days=30)
    jobs.invite_again()
    assert told() == ["after@90"]
    trainee = sign_in(trainee_of(enrolment))
    assert "New" in trainee.text("/messages/")
    page = trainee.text(f"/messages/{session.scalars(select(Thread.id)).one()}")
    assert "Take “After the course” of “A course” once more" in page


def test_it_is_in_the_trainees_language(enrolment: Enrolment, time: Clock) -> None:
    with transaction():
        trainee_of(enrolment).language = "fr"
    time.forward(days=80)
    jobs.invite_again()
    assert "Trois mois après" in session.scalars(select(Post.words)).one()


def test_who_took_it_left_or_is_too_late_is_not_told(enrolment: Enrolment, time: Clock) -> None:
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    gone = an_enrolment(cohort)
    done(gone)
    with transaction():
        cohorts.end_enrolment(session.get_one(Enrolment, gone.id), "posted", by=gone.user_id)
    time.forward(days=80)
    done(enrolment, "after@90", score=0.5)
    jobs.invite_again()
    assert told() == []
    late = an_enrolment(cohort)
    done(late)
    time.forward(days=121)
    jobs.invite_again()
    assert told() == []
