"""The whole roll leaves the house: two people, a mark, a day, and back in without a change."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.missions.models import Mission, RollEntry
from lms.roster import exporting
from lms.roster import service as roster
from lms.roster.models import RollExport
from tests.builders import a_mission, deployed
from tests.conftest import Clock
from tests.pages import Browser
from tests.roster.test_import import a_csv, taken

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    mission = a_mission()
    with transaction():
        roster.add_unit(mission, "North", "=cmd|' /C calc'!A0", None, None, by=None)
    return mission


def an_export(mission: Mission, asker: Browser, kind: str) -> str:
    """Ask for an export; returns the start of its addresses."""
    assert asker.send(f"/missions/{mission.id}/roll/exports", kind=kind, purpose="Pay office").status_code == 302
    return f"/roll-exports/{session.scalars(select(RollExport.id)).one()}"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_ones_own_export_comes_back_without_a_change(
    mission: Mission, sign_in: SignIn, kind: str, language: str
) -> None:
    mentor, manager = sign_in(deployed(mission)), sign_in(deployed(mission, Role.MANAGER))
    rows = [",f,constable,North,=cmd|' /C calc'!A0,fr ht,audio", ",m,,,,,", ",,commander,,,ar,help"] * 15
    taken(mentor, mission, a_csv(*rows))
    before = entries()
    assert len(before) == 45
    path = an_export(mission, mentor, kind)
    manager.send(f"{path}/approve")
    mentor.send("/language", language=language)
    file = mentor.send(f"{path}/file")
    assert file.status_code == 200
    mentor.send("/language", language="en")
    page = taken(mentor, mission, file.data)
    assert "Unchanged 45" in page
    assert "New trainees 0 Changed 0" in page
    after = entries()
    assert after == before


def entries() -> list[tuple[str, ...]]:
    session.expire_all()
    rows = session.scalars(select(RollEntry))
    return sorted(tuple(map(str, (r.user_id, r.sex, r.rank, r.unit_id, r.languages, r.literacy))) for r in rows)


def test_every_group_of_rows_says_who_took_it_and_no_cell_is_a_formula(mission: Mission, sign_in: SignIn) -> None:
    asker, approver = deployed(mission), deployed(mission)
    mentor = sign_in(asker)
    taken(mentor, mission, a_csv(*[",f,,,=cmd|' /C calc'!A0,,"] * (exporting.GROUP + 1)))
    path = an_export(mission, mentor, "csv")
    sign_in(approver).send(f"{path}/approve")
    rows = list(csv.reader(io.StringIO(mentor.send(f"{path}/file").data.decode("utf-8-sig"))))
    marks = [place for place, row in enumerate(rows) if asker.username in row[0] and approver.username in row[0]]
    assert marks == [0, exporting.GROUP + 2]
    assert {cell[:1] for row in rows for cell in row if cell} & set("=+@") == set()


def test_an_xlsx_is_marked_on_every_printed_page(mission: Mission, sign_in: SignIn) -> None:
    asker = deployed(mission)
    path = an_export(mission, sign_in(asker), "xlsx")
    sign_in(deployed(mission)).send(f"{path}/approve")
    sheet = load_workbook(io.BytesIO(sign_in(asker).send(f"{path}/file").data)).active
    assert asker.username in str(sheet.oddHeader.center.text)
    assert asker.username in str(sheet["A1"].value)


def test_nobody_approves_their_own_and_nobody_takes_what_is_not_approved(mission: Mission, sign_in: SignIn) -> None:
    mentor = sign_in(deployed(mission))
    path = an_export(mission, mentor, "csv")
    assert mentor.send(f"{path}/approve").status_code == 403
    assert mentor.send(f"{path}/file").status_code == 302
    assert sign_in(deployed(a_mission())).send(f"{path}/approve").status_code == 403
    second = sign_in(deployed(mission))
    assert second.send(f"{path}/approve").status_code == 302
    assert second.send(f"{path}/file").status_code == 403
    assert mentor.send(f"{path}/file").status_code == 200


def test_the_day_ends_and_all_of_it_is_on_record(mission: Mission, sign_in: SignIn, time: Clock) -> None:
    asker, approver = deployed(mission), deployed(mission)
    path = an_export(mission, sign_in(asker), "csv")
    sign_in(approver).send(f"{path}/approve")
    time.forward(hours=23)
    assert sign_in(session.get_one(User, asker.id)).send(f"{path}/file").status_code == 200
    time.forward(hours=1)
    sign_in(session.get_one(User, approver.id)).send(f"{path}/approve")
    assert sign_in(session.get_one(User, asker.id)).send(f"{path}/file").status_code == 302
    acts = session.execute(select(AuditEvent.action, AuditEvent.actor_id).where(AuditEvent.action.startswith("roll.")))
    told = {(action, actor) for action, actor in acts if "export" in action}
    assert told == {
        ("roll.export_asked", asker.id),
        ("roll.export_approved", approver.id),
        ("roll.exported", asker.id),
    }
