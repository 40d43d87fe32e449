"""What was entered wrongly leaves the roll again: one trainee, a whole import, a unit's name."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.core import jobs
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.missions.models import Mission, RollEntry, Unit
from lms.roster import service as roster
from lms.roster import undoing
from lms.roster.models import RollImport
from tests.builders import a_cohort, a_mission, an_enrolment, deployed, done
from tests.pages import Browser
from tests.roster.test_import import a_csv, bring, taken, work

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    mission = a_mission()
    with transaction():
        roster.add_unit(mission, "North", "Traffic", 40, 6, by=None)
    return mission


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def imported() -> list[User]:
    return list(session.scalars(select(User).join(RollEntry, RollEntry.user_id == User.id).order_by(User.id)))


def acts(action: str) -> int:
    return session.scalar(select(func.count()).where(AuditEvent.action == action)) or 0


def test_who_has_no_record_leaves_the_roll_and_the_account_is_closed(mentor: Browser, mission: Mission) -> None:
    taken(mentor, mission, a_csv(",f,,,,,"))
    (trainee,) = imported()
    path = f"/missions/{mission.id}/roll/{trainee.id}/off"
    assert path in mentor.get(f"/missions/{mission.id}/roll/{trainee.id}").text
    assert "the account is closed" in mentor.text(path)
    assert mentor.send(path, because="he fell out with the commander").status_code == 422
    assert mentor.send(path).status_code == 422
    assert mentor.send(path, because="mistake").status_code == 302
    session.expire_all()
    assert imported() == []
    assert not session.get_one(User, trainee.id).active
    assert acts("roll.taken_off") == 1
    assert mentor.get(path).status_code == 404


def test_who_has_a_record_keeps_the_account_and_leaves_the_cohort_first(mentor: Browser, mission: Mission) -> None:
    enrolment = an_enrolment(a_cohort(mission))
    done(enrolment)
    path = f"/missions/{mission.id}/roll/{enrolment.user_id}/off"
    assert "The account stays" in mentor.text(path)
    refused = mentor.send(path, because="posted")
    assert refused.status_code == 422
    assert "This trainee has a place in Class" in refused.text
    mentor.send(f"/enrolments/{enrolment.id}/end", because="posted")
    assert mentor.send(path, because="posted").status_code == 302
    session.expire_all()
    assert imported() == []
    assert session.get_one(User, enrolment.user_id).active


def test_an_import_is_taken_back_but_for_who_has_used_the_account_or_has_a_record(
    mentor: Browser, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "STEP", 3)
    address = bring(mentor, mission, a_csv(*[",f,,,Traffic,,"] * 8))
    mentor.send(address)
    assert mentor.send(f"{address}/undo").status_code == 302
    assert acts("roll.undo_started") == 0
    work()
    used, placed, elsewhere, slip = (each.id for each in imported()[:4])
    an_enrolment(a_cohort(mission), session.get_one(User, placed))
    another = a_mission().id
    with transaction():
        session.add(RollEntry(mission_id=another, user_id=elsewhere))
        accounts.use_link(accounts.make_link(session.get_one(User, used), by=used), "correct horse battery")
        accounts.make_first_password(session.get_one(User, slip), by=used)
    page = mentor.text(address)
    assert "Can be taken back 5" in page
    assert "Stay, because they chose a password 1" in page
    assert "Stay, because something is on record: a place, a mark, another roll 2" in page
    assert address in mentor.get(f"/missions/{mission.id}/roll").text
    assert mentor.send(f"{address}/undo").status_code == 302
    assert jobs.work_one()
    assert "data-wait" not in mentor.get(address).text
    session.expire_all()
    assert {each.id for each in imported()} == {used, placed, elsewhere}
    assert session.get(User, slip) is None
    assert "Accounts taken away 5" in mentor.text(address)
    assert acts("accounts.taken_away") == 5
    assert f"{address}/undo" not in mentor.get(address).text


def test_what_an_import_only_changed_stays(mentor: Browser, mission: Mission) -> None:
    taken(mentor, mission, a_csv(",f,constable,,,,"))
    (trainee,) = imported()
    taken(mentor, mission, a_csv(f"{trainee.number},officer", head="number,rank"))
    latest = session.scalars(select(RollImport).order_by(RollImport.id.desc())).first()
    assert latest is not None
    assert "Take this import back" not in mentor.text(f"/roll-imports/{latest.id}")
    mentor.send(f"/roll-imports/{latest.id}/undo")
    work()
    assert [each.id for each in imported()] == [trainee.id]


def test_the_summary_counts_what_came_of_the_lines_and_says_why_one_was_refused_late(
    mentor: Browser, mission: Mission
) -> None:
    address = bring(mentor, mission, a_csv(",f,,,Traffic,,", ",m,,,,,"))
    assert "New trainees 2" in mentor.text(address)
    mentor.send(f"/units/{session.scalars(select(Unit.id)).one()}/remove")
    mentor.send(address)
    work()
    page = mentor.text(address)
    assert "New trainees 1" in page
    assert "Cannot be taken 1" in page
    assert "2 There is no unit “Traffic”." in page


def test_a_unit_with_trainees_gets_its_right_name_and_strength(mentor: Browser, mission: Mission) -> None:
    taken(mentor, mission, a_csv(",f,,,Traffic,,"))
    with transaction():
        roster.add_unit(mission, "North", "Harbour", 4, 2, by=None)
    unit = session.scalars(select(Unit).where(Unit.name == "Traffic")).one()
    path = f"/units/{unit.id}"
    assert path in mentor.get(f"/missions/{mission.id}/units").text
    told = {"region": "North", "name": "Traffic police", "strength": "50", "women": "9"}
    assert mentor.send(path, **told | {"name": "Harbour"}).status_code == 422
    assert mentor.send(path, **told | {"women": "51"}).status_code == 422
    assert mentor.send(path, **told).status_code == 302
    assert mentor.send(path, **told).status_code == 302
    assert "Traffic police 50 9 1" in mentor.text(f"/missions/{mission.id}/units")
    assert acts("roll.unit_changed") == 2
