"""Who leads a cohort: seen on its page, and changed among the mentors deployed to its mission."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, CohortLead
from lms.core.audit import AuditEvent
from lms.core.db import session
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_person, an_instructor, deployed
from tests.pages import Browser

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
