"""Moving a cohort to a newer version: told first, then done, and nothing that was done is lost."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.library.document import CourseDocument
from lms.missions.models import Mission
from lms.progress.queries import outline_of
from tests.builders import a_cohort, a_published, an_enrolment, deployed, done, trainee_of
from tests.documents import a_document, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def newer() -> CourseDocument:
    """The course without one lesson, with another, and one lesson in other words."""
    data: dict[str, Any] = a_document().model_dump(mode="json")
    first = data["modules"][0]["activities"]
    first[0]["body"] = words("Other words.")
    first[1] = {**first[1], "id": "radio", "title": words("Radio"), "requires": []}
    first[2]["requires"] = []
    return CourseDocument.model_validate(data)


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return a_cohort(version_id=a_published())


def mentor_of(cohort: Cohort, sign_in: SignIn) -> Browser:
    return sign_in(deployed(session.get_one(Mission, cohort.mission_id)))


def version_of(enrolment: Enrolment) -> UUID:
    session.expire_all()
    return session.get_one(Enrolment, enrolment.id).course_version_id


def test_a_cohort_on_the_newest_version_is_told_so(cohort: Cohort, sign_in: SignIn) -> None:
    mentor = mentor_of(cohort, sign_in)
    assert "newer version" not in mentor.text(f"/cohorts/{cohort.id}")
    assert "This is the newest version" in mentor.text(f"/cohorts/{cohort.id}/version")


def test_the_list_says_in_words_what_changes_for_whom_and_moves_nobody(cohort: Cohort, sign_in: SignIn) -> None:
    busy, finished = an_enrolment(cohort), an_enrolment(cohort)
    done(busy, "greeting", "asking")
    done(finished)
    before = version_of(busy)
    a_published(newer())
    mentor = mentor_of(cohort, sign_in)
    assert "There is a newer version" in mentor.text(f"/cohorts/{cohort.id}")
    page = mentor.text(f"/cohorts/{cohort.id}/version")
    for each in ("New", "Radio", "No longer there", "Asking", "Changed", "Greeting", "2/4", "1/4", "Finished, stays"):
        assert each in page, each
    assert trainee_of(busy).number in page
    assert version_of(busy) == before


def test_the_move_keeps_what_was_done_and_leaves_the_finished_alone(cohort: Cohort, sign_in: SignIn) -> None:
    busy, finished = an_enrolment(cohort), an_enrolment(cohort)
    done(busy, "greeting", "asking")
    done(finished)
    old, new = version_of(busy), a_published(newer())
    mentor_of(cohort, sign_in).send(f"/cohorts/{cohort.id}/version", version=f"{new}")
    assert (version_of(busy), version_of(finished)) == (new, old)
    rows = outline_of(session.get_one(Enrolment, busy.id)).rows
    assert rows["greeting"].done
    assert not rows["radio"].done
    assert version_of(an_enrolment(session.get_one(Cohort, cohort.id))) == new


def test_a_version_that_came_out_after_the_list_was_read_is_not_moved_to(cohort: Cohort, sign_in: SignIn) -> None:
    enrolment = an_enrolment(cohort)
    old, seen = version_of(enrolment), a_published(newer())
    a_published(a_document(title=words("Renewed again")))
    answer = mentor_of(cohort, sign_in).send(f"/cohorts/{cohort.id}/version", version=f"{seen}")
    assert answer.status_code == 422
    assert "came out meanwhile" in answer.text
    assert version_of(enrolment) == old
