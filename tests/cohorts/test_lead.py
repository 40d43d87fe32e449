"""Who leads a cohort: seen on its page, and changed among the mentors deployed to its mission."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, CohortLead
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.missions.models import Deployment, Mission
from tests.builders import a_cohort, a_mission, a_person, an_instructor, deployed
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission) -> Cohort:
    return a_cohort(mission)


def test_a_manager_names_who_leads_and_the_lead_hands_on(mission: Mission, cohort: Cohort, sign_in: SignIn) -> None:
    first, second, helper = deployed(mission), deployed(mission), an_instructor(cohort)
    manager, path, page = (
        sign_in(deployed(mission, Role.MANAGER)),
        f"/cohorts/{cohort.id}/lead",
        f"/cohorts/{cohort.id}",
    )
    seen = manager.text(page)
    assert "Nobody leads this cohort yet." not in seen
    assert f"Local instructor: {helper.username}" in seen
    assert sign_in(first).get(path).status_code == 403
    assert manager.send(path, person=first.id).status_code == 302
    assert f"Lead: {first.username} · Local instructor: {helper.username}" in sign_in(second).text(page)
    assert path not in sign_in(second).get(page).text
    assert path in sign_in(first).get(page).text
    assert sign_in(first).send(path, person=second.id).status_code == 302
    session.expire_all()
    assert session.scalars(select(CohortLead.user_id)).all() == [second.id]
    assert sign_in(first).get(path).status_code == 403
    changes = session.scalars(
        select(AuditEvent.detail).where(AuditEvent.action == "cohorts.lead_changed").order_by(AuditEvent.id)
    ).all()
    assert [each["person"] for each in changes] == [str(first.id), str(second.id)]


def test_only_who_is_deployed_here_leads_and_a_cohort_is_never_left_without(
    mission: Mission, cohort: Cohort, sign_in: SignIn
) -> None:
    lead, path = deployed(mission), f"/cohorts/{cohort.id}/lead"
    manager = sign_in(deployed(mission, Role.MANAGER))
    manager.send(path, person=lead.id)
    for person in ("", str(uuid4()), str(a_person(Role.MENTOR).id), str(deployed(a_mission()).id)):
        assert manager.send(path, person=person).status_code == 422
    assert session.scalars(select(CohortLead.user_id)).all() == [lead.id]


def test_the_form_opens_at_who_leads_or_at_nobody(mission: Mission, cohort: Cohort, sign_in: SignIn) -> None:
    """Saved without another choice, it changes nothing."""
    people = sorted((deployed(mission) for _ in range(3)), key=lambda each: each.username)
    manager, path = sign_in(deployed(mission, Role.MANAGER)), f"/cohorts/{cohort.id}/lead"

    def chosen() -> list[str | None]:
        options = Page(manager.get(path).text).all("option")
        return [each.get("value") for each in options if "selected" in each] or [options[0].get("value")]

    assert chosen() == [""]
    refused = manager.send(path, person="")
    assert refused.status_code == 422
    assert "Choose a mentor who is deployed" in refused.text
    manager.send(path, person=people[1].id)
    assert chosen() == [str(people[1].id)]
    with transaction():
        posting = session.scalars(select(Deployment).where(Deployment.user_id == people[1].id)).one()
        posting.ends = clock.today() - timedelta(days=1)
    assert chosen() == [""]
