"""Opening missions, deploying people, and the law in force that a lesson shows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.missions.models import Deployment, LocalLaw, Mission
from tests.builders import a_cohort, a_deployment, a_mission, a_person, an_enrolment, deployed, trainee_of
from tests.conftest import Clock
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def admin(app: Flask, sign_in: SignIn) -> Browser:
    return sign_in(a_person(Role.ADMIN))


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


def typed(text: str, name: str) -> str | None:
    """What stands in a field of a page."""
    return next(field.get("value") for field in Page(text).all("input") if field.get("name") == name)


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def a_form(**changes: Any) -> dict[str, Any]:
    values = {
        "title": "Port-Salin “north”",
        "host_country": "Port-Salin",
        "host_force": "National Police",
        "requested_by": "United Nations",
        "mandate_begins": day(0),
        "mandate_ends": day(365),
        "languages": "fr ht",
    }
    return values | changes


def test_a_mission_is_opened_and_leads_on_to_its_people(admin: Browser) -> None:
    answer = admin.send("/missions/new", **a_form())
    made = session.scalars(select(Mission)).one()
    assert answer.headers["Location"] == f"/missions/{made.id}/deployments"
    assert (made.languages, made.keeps_names) == (["fr", "ht"], False)
    assert "Port-Salin “north”" in admin.text("/missions/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give the mission a title."),
        ({"title": "t" * 121}, "120"),
        ({"host_country": ""}, "Name the host country."),
        ({"host_force": ""}, "Name the host force."),
        ({"requested_by": ""}, "Name who asked for the mission."),
        ({"mandate_begins": ""}, "Give the first day of the mandate."),
        ({"mandate_ends": "31 December"}, "Not a valid date"),
        ({"mandate_ends": "2020-01-01"}, "The mandate ends before it begins. Change one of the dates."),
        ({"languages": "French"}, "Write language codes with spaces between"),
        ({"languages": "fr,ht"}, "Write language codes with spaces between"),
        ({"languages": ""}, "Name at least one language."),
    ],
)
def test_a_mission_with_a_mistake_is_not_opened_and_keeps_the_rest(
    admin: Browser, changes: dict[str, str], words: str
) -> None:
    form = a_form(**changes)
    answer = admin.send("/missions/new", **form)
    assert answer.status_code == 422
    assert words in Page(answer.text).text
    assert {name: typed(answer.text, name) for name in form} == form
    assert session.scalar(select(func.count()).select_from(Mission)) == 0


def test_a_title_is_taken_once(admin: Browser) -> None:
    admin.send("/missions/new", **a_form())
    answer = admin.send("/missions/new", **a_form())
    assert answer.status_code == 422
    assert "There is a mission with this title already." in answer.text


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.MENTOR, Role.MANAGER])
def test_only_an_administrator_opens_missions(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(a_person(role))
    assert browser.get("/missions/new").status_code == 403
    assert browser.send("/missions/new", **a_form()).status_code == 403
    assert session.scalar(select(func.count()).select_from(Mission)) == 0


def test_a_deployment_gives_its_rights(admin: Browser, mission: Mission, sign_in: SignIn) -> None:
    mentor = a_person(Role.MENTOR)
    theirs = sign_in(mentor)
    assert theirs.get(f"/missions/{mission.id}").status_code == 403
    answer = admin.send(
        f"/missions/{mission.id}/deployments", username=f" {mentor.username.upper()} ", begins=day(0), ends=day(9)
    )
    assert answer.status_code == 302
    assert mentor.username in admin.text(f"/missions/{mission.id}/deployments")
    assert theirs.get(f"/missions/{mission.id}").status_code == 200


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (5, 1, "The deployment ends before it begins. Change one of the dates."),
        (-401, 5, "The mandate runs from"),
        (0, 401, "The mandate runs from"),
        (-30, 30, "This person is deployed here in those dates already."),
        (30, 31, "This person is deployed here in those dates already."),
        (-31, -30, "This person is deployed here in those dates already."),
    ],
)
def test_a_deployment_that_cannot_be_is_refused_and_kept_in_the_form(
    admin: Browser, mission: Mission, begins: int, ends: int, words: str
) -> None:
    mentor = deployed(mission)
    form = {"username": mentor.username, "begins": day(begins), "ends": day(ends)}
    answer = admin.send(f"/missions/{mission.id}/deployments", **form)
    assert answer.status_code == 422
    assert words in Page(answer.text).text
    assert {name: typed(answer.text, name) for name in form} == form
    assert session.scalar(select(func.count()).select_from(Deployment)) == 1


def test_the_first_and_last_day_of_the_mandate_are_within_it(admin: Browser, mission: Mission) -> None:
    mentor = a_person(Role.MENTOR)
    answer = admin.send(
        f"/missions/{mission.id}/deployments", username=mentor.username, begins=day(-400), ends=day(400)
    )
    assert answer.status_code == 302


def test_a_deployment_may_follow_on_another_the_next_day(admin: Browser, mission: Mission) -> None:
    mentor = deployed(mission)
    answer = admin.send(f"/missions/{mission.id}/deployments", username=mentor.username, begins=day(31), ends=day(40))
    assert answer.status_code == 302


def test_an_unknown_a_closed_and_a_trainees_username_are_refused_alike(admin: Browser, mission: Mission) -> None:
    closed = a_person(Role.MENTOR)
    admin.send(f"/people/{closed.id}/close")
    for username in ("nobody", a_person().username, a_person(Role.ADMIN).username, closed.username):
        answer = admin.send(f"/missions/{mission.id}/deployments", username=username, begins=day(0), ends=day(1))
        assert answer.status_code == 422
        assert "There is no mentor or manager with this username." in answer.text
        assert typed(answer.text, "username") == username


def test_a_deployment_ends_today_and_the_mentor_is_out_tomorrow(mission: Mission, sign_in: SignIn, time: Clock) -> None:
    mentor = deployed(mission)
    theirs, manager = sign_in(mentor), sign_in(deployed(mission, Role.MANAGER))
    deployment = session.scalars(select(Deployment).where(Deployment.user_id == mentor.id)).one()
    manager.send(f"/deployments/{deployment.id}/end")
    assert theirs.get(f"/missions/{mission.id}").status_code == 200
    time.forward(days=1)
    assert sign_in(session.get_one(User, mentor.id)).get(f"/missions/{mission.id}").status_code == 403


def test_a_deployment_that_has_not_begun_is_taken_back(admin: Browser, mission: Mission) -> None:
    deployment = a_deployment(mission, a_person(Role.MENTOR), clock.today() + timedelta(days=3))
    admin.send(f"/deployments/{deployment.id}/end")
    assert session.scalar(select(func.count()).select_from(Deployment)) == 0


def test_ending_a_past_deployment_does_not_make_it_longer(admin: Browser, mission: Mission) -> None:
    ended = clock.today() - timedelta(days=3)
    deployment = a_deployment(mission, a_person(Role.MENTOR), clock.today() - timedelta(days=9), ended)
    admin.send(f"/deployments/{deployment.id}/end")
    session.expire_all()
    assert session.get_one(Deployment, deployment.id).ends == ended


def test_a_mentor_deploys_nobody_and_ends_nobodys_deployment(mission: Mission, sign_in: SignIn) -> None:
    mentor = deployed(mission)
    theirs = sign_in(mentor)
    deployment = session.scalars(select(Deployment)).one()
    assert theirs.get(f"/missions/{mission.id}/deployments").status_code == 403
    assert theirs.send(f"/deployments/{deployment.id}/end").status_code == 403


def test_a_manager_of_another_mission_ends_nothing_here(mission: Mission, sign_in: SignIn) -> None:
    deployed(mission)
    deployment = session.scalars(select(Deployment)).one()
    stranger = sign_in(deployed(a_mission(), Role.MANAGER))
    assert stranger.send(f"/deployments/{deployment.id}/end").status_code == 403


def state(browser: Browser, mission: Mission, tag: str = "en", **changes: str) -> int:
    form = {"text": "Section **12** applies.", "checked_by": "legal adviser", "checked_on": day(0)}
    return browser.send(f"/missions/{mission.id}/law/a-course/greeting/{tag}", **(form | changes)).status_code


@pytest.fixture
def enrolment(mission: Mission) -> Enrolment:
    return an_enrolment(a_cohort(mission))


def test_the_law_page_says_which_lessons_ask_and_what_is_stated(
    mission: Mission, enrolment: Enrolment, sign_in: SignIn
) -> None:
    mentor = sign_in(deployed(mission))
    page = mentor.text(f"/missions/{mission.id}/law/a-course")
    assert "Greeting" in page
    assert "Asking" not in page
    assert state(mentor, mission) == 302
    assert mentor.text(f"/missions/{mission.id}/law/a-course") != page
    assert mentor.get(f"/missions/{mission.id}/law/a-course/asking/en").status_code == 404
    assert mentor.get(f"/missions/{mission.id}/law/a-course/greeting/ar").status_code == 404
    assert mentor.get(f"/missions/{mission.id}/law/nothing").status_code == 404


def test_the_stated_law_stands_in_the_lesson_as_clean_html(
    mission: Mission, enrolment: Enrolment, sign_in: SignIn
) -> None:
    hostile = (
        "Section **12**.\n\n<script>alert(1)</script>\n\n[a](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n"
        "![p](https://evil.example/p.png)"
    )
    assert state(sign_in(deployed(mission)), mission, text=hostile) == 302
    answer = sign_in(trainee_of(enrolment)).get(f"/learn/{enrolment.id}/greeting")
    page = Page(answer.text)
    assert "Section <strong>12</strong>." in answer.text
    assert "<script>alert" not in answer.text
    assert not [each for each in page.all("a") if (each.get("href") or "").startswith("javascript:")]
    assert not [each for each in page.all("img") if "evil" in (each.get("src") or "") or "onerror" in each]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_the_law_comes_in_the_readers_language_where_it_is_stated_in_it(
    mission: Mission, enrolment: Enrolment, sign_in: SignIn
) -> None:
    mentor, trainee = sign_in(deployed(mission)), sign_in(trainee_of(enrolment))
    state(mentor, mission)
    trainee.send(f"/learn/{enrolment.id}/language", language="fr")
    assert "Section <strong>12</strong> applies." in trainee.get(f"/learn/{enrolment.id}/greeting").text
    state(mentor, mission, "fr", text="L’article **12** s’applique.")
    page = trainee.get(f"/learn/{enrolment.id}/greeting").text
    assert "L’article <strong>12</strong> s’applique." in page
    assert "Section <strong>12</strong>" not in page


def test_stating_the_law_again_replaces_it(mission: Mission, enrolment: Enrolment, sign_in: SignIn) -> None:
    mentor = sign_in(deployed(mission))
    state(mentor, mission)
    assert "Section **12** applies." in mentor.text(f"/missions/{mission.id}/law/a-course/greeting/en")
    state(mentor, mission, text="Section 13 applies.")
    page = sign_in(trainee_of(enrolment)).text(f"/learn/{enrolment.id}/greeting")
    assert "Section 13 applies." in page
    assert "Section 12" not in page
    assert session.scalar(select(func.count()).select_from(LocalLaw)) == 1


@pytest.mark.parametrize("missing", ["text", "checked_by", "checked_on"])
def test_law_without_its_text_its_checker_or_its_day_is_not_stated(
    mission: Mission, enrolment: Enrolment, sign_in: SignIn, missing: str
) -> None:
    assert state(sign_in(deployed(mission)), mission, **{missing: ""}) == 422
    assert session.scalar(select(func.count()).select_from(LocalLaw)) == 0


def test_a_mentor_elsewhere_states_no_law_here(mission: Mission, enrolment: Enrolment, sign_in: SignIn) -> None:
    assert state(sign_in(deployed(a_mission())), mission) == 403


def test_a_deployment_is_made_longer_and_rights_follow(app: Flask, sign_in: SignIn, time: Clock) -> None:
    mission = a_mission()
    today = clock.today()
    mentor, manager = deployed(mission, ends=today + timedelta(days=5)), deployed(mission, Role.MANAGER)
    posting = session.scalars(select(Deployment).where(Deployment.user_id == mentor.id)).one()
    path, theirs = f"/deployments/{posting.id}", sign_in(manager)
    for begins, ends in ((-29, 20), (-30, -1), (-30, 1000)):
        days = {"begins": today + timedelta(days=begins), "ends": today + timedelta(days=ends)}
        assert theirs.send(path, **days).status_code == 422
    assert theirs.send(path, begins=posting.begins, ends=today + timedelta(days=20)).status_code == 302
    time.forward(days=10)
    assert sign_in(session.get_one(User, mentor.id)).get(f"/missions/{mission.id}").status_code == 200
    time.forward(days=11)
    later = sign_in(session.get_one(User, manager.id))
    assert later.send(path, begins=posting.begins, ends=today + timedelta(days=40)).status_code == 422


def a_change(mission: Mission, **changes: Any) -> dict[str, Any]:
    told = {name: getattr(mission, name) for name in ("title", "host_country", "requested_by")}
    days = {"mandate_begins": mission.mandate_begins.isoformat(), "mandate_ends": mission.mandate_ends.isoformat()}
    return told | days | {"languages": "fr"} | changes


def test_a_renewed_mandate_lets_people_be_deployed_past_the_old_end(mission: Mission, sign_in: SignIn) -> None:
    manager, mentor = sign_in(deployed(mission, Role.MANAGER)), a_person(Role.MENTOR)
    posting = {"username": mentor.username, "begins": day(390), "ends": day(500)}
    assert manager.send(f"/missions/{mission.id}/deployments", **posting).status_code == 422
    assert f"/missions/{mission.id}/change" in manager.get(f"/missions/{mission.id}").text
    opened = manager.get(f"/missions/{mission.id}/change").text
    assert (typed(opened, "title"), typed(opened, "languages")) == (mission.title, "fr")
    form = a_change(mission, title="Renewed", mandate_ends=day(800), languages="fr ht")
    assert manager.send(f"/missions/{mission.id}/change", **form).status_code == 302
    assert manager.send(f"/missions/{mission.id}/deployments", **posting).status_code == 302
    session.expire_all()
    assert (mission.title, mission.languages) == ("Renewed", ["fr", "ht"])
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "missions.changed")).one()
    assert event.detail == {"changed": ["title", "mandate_ends", "languages"]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mandate_ends": day(29)}, "People are deployed from"),
        ({"mandate_begins": day(-29)}, "People are deployed from"),
        ({"mandate_ends": "2020-01-01"}, "The mandate ends before it begins."),
        ({"title": "Taken"}, "There is a mission with this title already."),
    ],
)
def test_a_mandate_stays_around_its_deployments_and_a_title_its_own(
    mission: Mission, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    a_mission(title="Taken")
    manager = sign_in(deployed(mission, Role.MANAGER))
    answer = manager.send(f"/missions/{mission.id}/change", **a_change(mission, **changes))
    assert answer.status_code == 422
    assert words in Page(answer.text).text
    exact = a_change(mission, mandate_begins=day(-30), mandate_ends=day(30))
    assert manager.send(f"/missions/{mission.id}/change", **exact).status_code == 302


def test_a_mandate_in_a_far_year_is_refused(admin: Browser) -> None:
    refused = admin.send("/missions/new", **a_form(mandate_ends="9999-12-31"))
    assert refused.status_code == 422
    assert "more than ten years away" in refused.text
    assert admin.send("/missions/new", **a_form(mandate_begins="1999-01-01")).status_code == 302
    made = session.scalars(select(Mission)).one()
    assert admin.send(f"/missions/{made.id}/change", **a_form(mandate_ends="9999-12-31")).status_code == 422


def test_a_mandate_of_old_without_end_has_its_calendar_and_its_form(admin: Browser, mission: Mission) -> None:
    mentor = deployed(mission)
    with transaction():
        session.get_one(Mission, mission.id).mandate_ends = date.max
        session.scalars(select(Deployment).where(Deployment.user_id == mentor.id)).one().ends = date.max
    assert admin.get(f"/missions/{mission.id}/rotations").status_code == 200
    told = a_form(title="Another title", mandate_begins=mission.mandate_begins, mandate_ends="9999-12-31")
    assert admin.send(f"/missions/{mission.id}/change", **told).status_code == 302
    posting = {"username": a_person(Role.MENTOR).username, "begins": day(0)}
    assert admin.send(f"/missions/{mission.id}/deployments", **posting, ends="9999-12-31").status_code == 422
    assert admin.send(f"/missions/{mission.id}/deployments", **posting, ends=day(300)).status_code == 302
