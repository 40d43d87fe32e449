"""The mission desk: requests, terms of reference, and the rotation calendar."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.core import clock
from lms.core.db import session
from lms.missions.models import AssistanceRequest, Mission
from lms.missions.partners import name_on
from tests.builders import a_deployment, a_mission, a_person, deployed
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


@pytest.fixture
def manager(app: Flask, sign_in: SignIn) -> Browser:
    return sign_in(a_person(Role.MANAGER))


def entered(browser: Browser) -> str:
    """Enter a request; returns its address."""
    form = {
        "asked_by_kind": "un",
        "asked_by": "Department of Peace Operations",
        "host_country": "Port-Salin",
        "host_force": "National Police",
        "need": "Mentors for custody officers",
        "received_on": day(-30),
    }
    answer = browser.send("/requests/new", **form)
    assert answer.status_code == 302, Page(answer.text).text
    return answer.headers["Location"]


def test_a_request_is_received_assessed_accepted_and_becomes_a_mission(manager: Browser, sign_in: SignIn) -> None:
    address = entered(manager)
    manager.send(address, partner="rcmp", day=day(-20), text="Twelve officers can go.")
    manager.send(address, partner="gac", day=day(-10), text="It fits.", decision="accepted")
    page = manager.text(address)
    for words in ("Assessed by Royal Canadian Mounted Police", "Twelve officers can go.", "Accepted by Global Affairs"):
        assert words in page
    admin = sign_in(a_person(Role.ADMIN))
    asked = session.scalars(select(AssistanceRequest)).one()
    opening = f"/missions/new?request={asked.id}"
    assert 'value="National Police"' in admin.get(opening).text
    form = {"title": "Custody", "host_country": "Port-Salin", "host_force": "National Police", "languages": "fr"}
    form |= {"requested_by": "United Nations", "mandate_begins": day(0), "mandate_ends": day(365)}
    assert admin.send(opening, **form).status_code == 302
    session.expire_all()
    assert asked.mission_id == session.scalars(select(Mission.id)).one()
    again = admin.send(opening, **(form | {"title": "Custody again"}))
    assert again.status_code == 422


def test_a_request_is_declined_with_reasons_and_stays_declined(manager: Browser) -> None:
    address = entered(manager)
    manager.send(address, partner="rcmp", day=day(-20), text="Nobody is free.")
    assert manager.send(address, partner="ps", day=day(-10), text="", decision="declined").status_code == 422
    manager.send(address, partner="ps", day=day(-10), text="Nobody is free.", decision="declined")
    assert "Declined by Public Safety Canada" in manager.text(address)
    assert manager.send(address, partner="ps", day=day(-9), text="After all", decision="accepted").status_code == 422
    assert "Declined" in manager.text("/requests/")


def test_a_step_is_not_dated_before_the_one_before_it_or_in_the_future(manager: Browser) -> None:
    address = entered(manager)
    for wrong, words in ((day(-31), "before the one before it"), (day(1), "in the future")):
        answer = manager.send(address, partner="gac", day=wrong, text="It fits.")
        assert answer.status_code == 422
        assert words in answer.text


def test_a_partner_bears_the_name_that_it_had_on_the_day() -> None:
    assert name_on("gac", date(2015, 11, 3)) == "Foreign Affairs, Trade and Development Canada"
    assert name_on("gac", date(2015, 11, 4)) == "Global Affairs Canada"
    assert name_on("gac", date(2010, 1, 1)) == "Foreign Affairs and International Trade Canada"


def test_terms_of_reference_are_a_pdf_by_content_for_the_missions_people_alone(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    manager = sign_in(deployed(mission, Role.MANAGER))
    path = f"/missions/{mission.id}/terms"
    assert manager.get(f"{path}.pdf").status_code == 404
    for wrong in (b"<html>%PDF-", b"%PDF-1.7 cut short"):
        answer = manager.send(path, file=(io.BytesIO(wrong), "terms.pdf"))
        assert answer.status_code == 422
        assert "This is not a whole PDF." in answer.text
    assert manager.send(path, file=(io.BytesIO(PDF), "whatever.doc")).status_code == 302
    answer = sign_in(deployed(mission)).get(f"{path}.pdf")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sign_in(deployed(a_mission())).get(f"{path}.pdf").status_code == 403


def test_the_calendar_shows_overlaps_and_days_without_a_mentor(app: Flask, sign_in: SignIn) -> None:
    today = clock.today()
    mission = a_mission(mandate_begins=today - timedelta(days=10), mandate_ends=today + timedelta(days=100))
    manager = deployed(mission, Role.MANAGER, today - timedelta(days=10), today + timedelta(days=100))
    for begins, ends in ((-10, 20), (11, 40), (51, 90)):
        a_deployment(mission, a_person(Role.MENTOR), today + timedelta(days=begins), today + timedelta(days=ends))
    answer = sign_in(manager).get(f"/missions/{mission.id}/rotations")
    page = " ".join(Page(answer.text).text.split())
    assert "10 days together" in page
    assert page.count("No overlap with the next mentor") == 1
    assert page.count("No mentor from") == 2
    assert '<rect class="is-now" x="0" width="31" height="10"/>' in answer.text
