"""A form on an older page does not overwrite unseen what somebody else has saved since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.attendance.models import TrainingSession
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import Base, session
from lms.missions.models import Deployment, Mission
from tests.builders import a_cohort, a_mission, a_published, a_session, an_enrolment, deployed
from tests.documents import a_document, words
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]
Change = tuple[str, type[Base], Any, dict[str, str], dict[str, str], Mission]


def fields_of(browser: Browser, path: str) -> dict[str, str]:
    """What the page's form would send if nobody typed anything."""
    page, found, select = Page(browser.get(path).text), dict[str, str](), ""
    for tag, each in page.tags:
        if tag == "input" and each.get("name") and each.get("type") not in ("checkbox", "submit"):
            found[each["name"] or ""] = each.get("value") or ""
        elif tag == "select":
            select = each.get("name") or ""
        elif tag == "option" and "selected" in each:
            found[select] = each.get("value") or ""
    return found


def a_change(what: str) -> Change:
    """Where it is changed, what, and what two people change of it."""
    mission = a_mission()
    cohort, later = a_cohort(mission), str(clock.today() + timedelta(days=20))
    if what == "cohort":
        return f"/cohorts/{cohort.id}/change", Cohort, cohort.id, {"title": "Theirs"}, {"capacity": "7"}, mission
    if what == "session":
        id = a_session(cohort, 3).id
        return f"/sessions/{id}/change", TrainingSession, id, {"venue": "Theirs"}, {"topic": "Mine"}, mission
    if what == "enrolment":
        id = an_enrolment(cohort).id
        return f"/enrolments/{id}/adjust", Enrolment, id, {"extension_days": "9"}, {"extra_time": "50"}, mission
    if what == "mission":
        return (
            f"/missions/{mission.id}/change",
            Mission,
            mission.id,
            {"host_country": "Theirs"},
            {"title": "M"},
            mission,
        )
    person = deployed(mission)
    id = session.scalars(select(Deployment.id).where(Deployment.user_id == person.id)).one()
    soon = str(clock.today() + timedelta(days=10))
    return f"/deployments/{id}", Deployment, id, {"ends": later}, {"ends": soon}, mission


@pytest.mark.parametrize("what", ["cohort", "session", "enrolment", "mission", "deployment"])
def test_what_others_saved_meanwhile_is_shown_before_it_is_overwritten(app: Flask, sign_in: SignIn, what: str) -> None:
    path, model, id, theirs, mine, mission = a_change(what)
    one, other = sign_in(deployed(mission, Role.MANAGER)), sign_in(deployed(mission, Role.MANAGER))
    older = fields_of(one, path)
    assert other.send(path, **(fields_of(other, path) | theirs)).status_code == 302
    refused = one.send(path, **(older | mine))
    assert refused.status_code == 422
    assert "Somebody saved this meanwhile" in refused.text
    ((name, value),) = theirs.items()
    session.expire_all()
    assert str(getattr(session.get_one(model, id), name)) == value
    shown = next(each for each in refused.text.splitlines() if "Somebody saved this meanwhile" in each)
    assert value in shown
    # Who has read it and saves again means it.
    again = {each.get("name") or "": each.get("value") or "" for each in Page(refused.text).all("input")}
    assert one.send(path, **(older | mine | {"seen": again["seen"]})).status_code == 302
    session.expire_all()
    ((name, value),) = mine.items()
    assert str(getattr(session.get_one(model, id), name)) == value


def test_what_is_as_it_was_seen_is_saved_at_once(app: Flask, sign_in: SignIn) -> None:
    path, _, _, theirs, _, mission = a_change("session")
    mentor = sign_in(deployed(mission))
    for _ in range(2):
        assert mentor.send(path, **(fields_of(mentor, path) | theirs)).status_code == 302
    refused = mentor.send(path, **(fields_of(mentor, path) | {"venue": ""}))
    assert refused.status_code == 422
    assert "meanwhile" not in refused.text


def test_days_that_others_set_meanwhile_stand_beside_ones_own(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    path = f"/cohorts/{(cohort := a_cohort(mission)).id}/days"
    one, other = sign_in(deployed(mission)), sign_in(deployed(mission))
    older, theirs = fields_of(one, path), {"opens-asking": "0", "due-greeting": "4"}
    for _ in range(2):  # A second click is no news.
        assert other.send(path, **(older | theirs)).status_code == 302
    refused = one.send(path, **(older | {"opens-asking": "0", "due-greeting": "7"}))
    assert refused.status_code == 422
    assert "Somebody saved something else meanwhile" in refused.text
    assert refused.text.count("Saved meanwhile: <bdi>4</bdi>") == refused.text.count("Saved meanwhile:") == 1
    session.expire_all()
    assert session.get_one(Cohort, cohort.id).schedule == {"asking": {"opens": 0}, "greeting": {"due": 4}}
    again = {each.get("name") or "": each.get("value") or "" for each in Page(refused.text).all("input")}
    assert (again["opens-asking"], again["due-greeting"]) == ("0", "7")
    assert one.send(path, **again).status_code == 302
    session.expire_all()
    assert session.get_one(Cohort, cohort.id).schedule == {"asking": {"opens": 0}, "greeting": {"due": 7}}


def test_what_others_asked_for_first_meanwhile_stands_beside_ones_own(app: Flask, sign_in: SignIn) -> None:
    mission, also = a_mission(), {"also-other": "on"}
    a_published(a_document(slug="other", code="DP03", title=words("Other")))
    path = f"/cohorts/{(cohort := a_cohort(mission)).id}/prerequisites"
    one, other = sign_in(deployed(mission)), sign_in(deployed(mission))
    older = fields_of(one, path)
    for _ in range(2):
        assert other.send(path, **(older | also)).status_code == 302
    refused = one.send(path, **older)
    assert refused.status_code == 422
    assert refused.text.count("Saved meanwhile: <bdi>Yes</bdi>") == 1
    session.expire_all()
    assert session.get_one(Cohort, cohort.id).prerequisites == {"also": ["other"], "without": {}}
    again = next(each.get("value") or "" for each in Page(refused.text).all("input") if each.get("name") == "seen")
    assert one.send(path, **(older | {"seen": again})).status_code == 302
    session.expire_all()
    assert session.get_one(Cohort, cohort.id).prerequisites is None
