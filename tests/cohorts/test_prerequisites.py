"""What comes before a cohort's course: the same question at every door, and words for who must wait."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.cohorts import joining, prerequisites
from lms.cohorts.models import Cohort, Enrolment, JoinRequest, Waiver
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.library.models import Course
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_person, a_published, an_enrolment, deployed, done, someone_waiting
from tests.documents import a_document, words
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def first(mission: Mission) -> Cohort:
    return a_cohort(mission)


@pytest.fixture
def later(first: Cohort, mission: Mission) -> Cohort:
    """A cohort of a course that comes after the first."""
    version = a_document(slug="later", code="DP02", title=words("Later"), requires_courses=["a-course"])
    return a_cohort(mission, a_published(version))


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def a_trainee(first: Cohort, *, ready: bool = False) -> User:
    """Somebody with a place in the first course, who has completed it or not."""
    person = a_person()
    enrolment = an_enrolment(first, person)
    if ready:
        done(enrolment)
    return person


def places(cohort: Cohort) -> list[UUID]:
    return list(session.scalars(select(Enrolment.user_id).where(Enrolment.cohort_id == cohort.id)))


def test_who_lacks_something_is_refused_by_number_with_the_courses_named(
    first: Cohort, later: Cohort, mentor: Browser
) -> None:
    path, person = f"/cohorts/{later.id}/enrol", a_trainee(first)
    answer = mentor.send(path, number=person.username)
    assert answer.status_code == 422
    assert "Another course comes first" in answer.text
    assert "A course" in answer.text
    assert places(later) == []
    ready = a_trainee(first, ready=True)
    assert mentor.send(path, number=ready.username).status_code == 302
    assert places(later) == [ready.id]


def test_a_place_may_be_given_locked_and_the_trainee_sees_why_with_the_way_there(
    first: Cohort, later: Cohort, mentor: Browser, sign_in: SignIn
) -> None:
    person = a_trainee(first)
    before = session.scalars(select(Enrolment).where(Enrolment.user_id == person.id)).one()
    assert mentor.send(f"/cohorts/{later.id}/enrol", number=person.username, unready="lock").status_code == 302
    enrolment = session.scalars(select(Enrolment).where(Enrolment.cohort_id == later.id)).one()
    own = sign_in(person)
    for page in (f"/learn/{enrolment.id}/", f"/learn/{enrolment.id}/greeting"):
        assert f'href="/learn/{before.id}/"' in own.get(page).text
    done(before)
    assert own.get(f"/learn/{enrolment.id}/greeting").status_code == 200


def test_it_may_be_waived_with_a_reason_that_is_kept_and_audited(
    first: Cohort, later: Cohort, mentor: Browser, sign_in: SignIn
) -> None:
    path, person = f"/cohorts/{later.id}/enrol", a_trainee(first)
    answer = mentor.send(path, number=person.username, unready="waive", reason=" ")
    assert answer.status_code == 422
    assert "Say why it is waived." in answer.text
    assert places(later) == []
    sent = {"number": person.username, "unready": "waive", "reason": "Completed at the academy."}
    assert mentor.send(path, **sent).status_code == 302
    waiver = session.scalars(select(Waiver)).one()
    assert (waiver.course_slug, waiver.reason) == ("a-course", "Completed at the academy.")
    assert session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "prerequisites.waived")).one() == {
        "course": "a-course"
    }
    assert sign_in(person).get(f"/learn/{waiver.enrolment_id}/greeting").status_code == 200
    assert "Completed at the academy." in mentor.text(f"/enrolments/{waiver.enrolment_id}/prerequisites")


def test_it_may_be_waived_later_from_the_trainees_page(
    first: Cohort, later: Cohort, mentor: Browser, sign_in: SignIn
) -> None:
    enrolment = an_enrolment(later, a_trainee(first))
    assert "Waive it for this trainee" in mentor.text(f"/enrolments/{enrolment.id}")
    path = f"/enrolments/{enrolment.id}/prerequisites"
    assert mentor.send(path, reason="").status_code == 422
    assert mentor.send(path, **{"course-a-course": "on", "reason": "Seen the certificate."}).status_code == 302
    assert "Waive it for this trainee" not in mentor.text(f"/enrolments/{enrolment.id}")
    person = session.get_one(User, enrolment.user_id)
    assert sign_in(person).get(f"/learn/{enrolment.id}/greeting").status_code == 200


def test_somebody_new_lacks_everything_at_the_form_and_at_the_join_code(later: Cohort, mentor: Browser) -> None:
    path = f"/cohorts/{later.id}/trainees"
    people = len(session.scalars(select(User)).all())
    assert mentor.send(path).status_code == 422
    with transaction():
        joining.ask(joining.open_code(later, by=deployed_id(later)).code)
    asked = session.scalars(select(JoinRequest)).one()
    answer = mentor.send(f"/join-requests/{asked.id}", do="accept")
    assert answer.status_code == 422
    assert "Not completed yet:" in answer.text
    assert len(session.scalars(select(User)).all()) == people
    assert "This cohort asks first for:" in mentor.text(f"/cohorts/{later.id}/joining")
    assert mentor.send(f"/join-requests/{asked.id}", do="accept", unready="lock").status_code == 302
    assert mentor.send(path, unready="waive", reason="Trained by the academy.").status_code == 200
    assert len(places(later)) == 2
    assert len(session.scalars(select(Waiver)).all()) == 1


def deployed_id(cohort: Cohort) -> UUID:
    return session.scalars(select(User.id).where(User.role == Role.MENTOR)).first() or cohort.id


def test_the_queue_asks_too_before_the_place_is_given(later: Cohort, mentor: Browser) -> None:
    waiting = someone_waiting(later)
    answer = mentor.send(f"/cohorts/{later.id}/queue/{waiting.id}/place")
    assert answer.status_code == 422
    assert "Another course comes first" in answer.text
    assert places(later) == []


def test_of_the_roll_those_are_enrolled_who_are_ready_and_nobody_holds_the_others_up(
    first: Cohort, later: Cohort, mentor: Browser
) -> None:
    ready, unready = a_trainee(first, ready=True), a_trainee(first)
    path = f"/cohorts/{later.id}/enrol/roll?everybody=yes"
    assert mentor.text(path).count("lacks A course") == 1
    answer = mentor.send(path, chosen=[str(each.id) for each in (ready, unready)])
    assert "1 trainee is enrolled." in " ".join(Page(answer.text).text.split())
    assert "Something comes before this course." in answer.text
    assert places(later) == [ready.id]
    assert "Say why it is waived." in mentor.send(path, chosen=[str(unready.id)], unready="waive").text
    mentor.send(path, chosen=[str(unready.id)], unready="waive", reason="Trained elsewhere.")
    assert set(places(later)) == {ready.id, unready.id}


def test_what_people_lack_costs_the_same_statements_for_however_many(
    mission: Mission, first: Cohort, later: Cohort, statements: list[str]
) -> None:
    def cost(people: list[User]) -> int:
        prerequisites.lacking(later, [each.id for each in people])
        statements.clear()
        found = prerequisites.lacking(later, [each.id for each in people])
        assert len(found) == len(people)
        return len(statements)

    assert cost([a_trainee(first)]) == cost([a_trainee(first, ready=True) for _ in range(5)]) == 3


def test_a_cohort_asks_for_more_and_sets_aside_what_its_course_asks_for(
    first: Cohort, later: Cohort, mentor: Browser, mission: Mission
) -> None:
    other = a_published(a_document(slug="other", code="DP03", title=words("Other")))
    path = f"/cohorts/{later.id}/prerequisites"
    answer = mentor.send(path, **{"without-a-course": "on", "reason-a-course": "", "also-other": "on"})
    assert answer.status_code == 422
    assert "Give the reason" in answer.text
    reason = "All are instructors."
    mentor.send(path, **{"without-a-course": "on", "reason-a-course": reason, "also-other": "on"})
    assert f'value="{reason}"' in mentor.get(path).text
    person = a_trainee(first)
    answer = mentor.send(f"/cohorts/{later.id}/enrol", number=person.username)
    assert answer.status_code == 422
    assert ">Other<" in answer.text
    done(an_enrolment(a_cohort(mission, other), person))
    assert mentor.send(f"/cohorts/{later.id}/enrol", number=person.username).status_code == 302
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "prerequisites.set")).one()
    assert event.detail == {"also": ["other"], "set_aside": ["a-course"]}


def test_a_course_that_somebody_else_asked_for_stays_asked_for(later: Cohort, mentor: Browser) -> None:
    """A colleague of two missions asks for a course of the other one, which this mentor does not see."""
    a_published(a_document(slug="other", code="DP03", title=words("Other")))
    path = f"/cohorts/{later.id}/prerequisites"
    mentor.send(path, **{"also-other": "on"})
    elsewhere = a_mission().id
    with transaction():
        session.scalars(select(Course).where(Course.slug == "other")).one().mission_id = elsewhere
    box = next(each for each in Page(mentor.get(path).text).all("input") if each.get("name") == "also-other")
    assert "checked" in box
    assert mentor.send(path, **{"also-other": "on"}).status_code == 302
    session.expire_all()
    assert session.get_one(Cohort, later.id).prerequisites == {"also": ["other"], "without": {}}
    mentor.send(path)
    session.expire_all()
    assert session.get_one(Cohort, later.id).prerequisites is None


def test_a_reason_that_is_too_long_is_refused_whole(first: Cohort, later: Cohort, mentor: Browser) -> None:
    long, path = "x" * 301, f"/cohorts/{later.id}/prerequisites"
    refused = mentor.send(path, **{"without-a-course": "on", "reason-a-course": long})
    assert refused.status_code == 422
    assert "300 characters at most" in refused.text
    assert long in refused.text
    enrolment = an_enrolment(later, a_trainee(first))
    path = f"/enrolments/{enrolment.id}/prerequisites"
    mentor.send(path, **{"course-a-course": "on", "reason": "Seen the certificate."})
    mentor.send(f"{path}/take-back", course="a-course", reason=long)
    assert "300 characters at most" in mentor.text(path)
    session.expire_all()
    assert session.scalars(select(Waiver)).one().taken_back_at is None


def test_who_has_a_place_already_is_not_asked_again(first: Cohort, later: Cohort, mentor: Browser) -> None:
    person = a_trainee(first)
    an_enrolment(later, person)
    assert mentor.send(f"/cohorts/{later.id}/enrol", number=person.username).status_code == 302


def test_a_waiver_is_taken_back_with_a_reason_and_may_be_given_again(
    first: Cohort, later: Cohort, mentor: Browser, sign_in: SignIn
) -> None:
    enrolment = an_enrolment(later, a_trainee(first))
    path, own = f"/enrolments/{enrolment.id}/prerequisites", sign_in(session.get_one(User, enrolment.user_id))
    mentor.send(path, **{"course-a-course": "on", "reason": "Seen the certificate."})
    assert own.get(f"/learn/{enrolment.id}/greeting").status_code == 200
    back = {"course": "a-course", "reason": "It was forged."}
    mentor.send(f"{path}/take-back", **back | {"reason": " "})
    assert "Say why it is taken back." in mentor.text(path)
    assert own.get(f"/learn/{enrolment.id}/greeting").status_code == 200
    mentor.send(f"{path}/take-back", **back)
    assert own.get(f"/learn/{enrolment.id}/greeting").status_code == 403
    page = mentor.text(path)
    assert "It was forged." in page
    assert "Why is it taken back?" not in page
    taken = select(AuditEvent.detail).where(AuditEvent.action == "prerequisites.waiver_taken_back")
    assert session.scalars(taken).one() == {"course": "a-course"}
    mentor.send(f"{path}/take-back", **back)
    assert "This is not waived any more." in mentor.text(path)
    mentor.send(path, **{"course-a-course": "on", "reason": "The academy vouches."})
    assert own.get(f"/learn/{enrolment.id}/greeting").status_code == 200
