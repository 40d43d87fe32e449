"""The host forces of a mission: several, with posts counted by day and units of their own."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.certificates import service as certificates
from lms.certificates.documents import face_of
from lms.core import clock, db, schema
from lms.core.db import session, transaction
from lms.missions import queries
from lms.missions.models import Establishment, HostForce, Mission, RollEntry, Unit
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def manager(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission, Role.MANAGER))


def entered(manager: Browser, mission: Mission, name: str = "Gendarmerie of Port-Salin") -> HostForce:
    """Enter a second force by the form."""
    answer = manager.send(f"/missions/{mission.id}/forces", name=name, kind="gendarmerie")
    assert answer.status_code == 302, answer.text
    return session.scalars(select(HostForce).where(HostForce.name == name)).one()


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def test_a_mission_works_with_several_forces_and_its_page_names_them(
    mission: Mission, manager: Browser, sign_in: SignIn
) -> None:
    entered(manager, mission)
    again = manager.send(f"/missions/{mission.id}/forces", name=" Gendarmerie  of Port-Salin ", kind="police")
    assert again.status_code == 422
    assert "already" in again.text
    mentor = sign_in(deployed(mission))
    for page in (f"/missions/{mission.id}", f"/missions/{mission.id}/forces"):
        text = mentor.text(page)
        assert "Port-Salin National Police" in text
        assert "Gendarmerie of Port-Salin" in text
    assert "Enter another force" not in mentor.text(f"/missions/{mission.id}/forces")


def test_posts_are_counted_by_day_and_the_newest_count_tells_womens_share(mission: Mission, manager: Browser) -> None:
    force = session.scalars(select(HostForce)).one()
    path = f"/host-forces/{force.id}/establishment"
    assert queries.establishment(mission.id) is None
    for wrong in ({"women": "31"}, {"posts": ""}, {"day": in_days(1)}, {"posts": "0"}):
        assert manager.send(path, **({"day": in_days(0), "posts": "30", "women": "3"} | wrong)).status_code == 422
    manager.send(path, day=in_days(-400), posts="100", women="5")
    manager.send(path, day=in_days(-1), posts="200", women="30")
    manager.send(path, day=in_days(-1), posts="200", women="28")
    assert len(session.scalars(select(Establishment)).all()) == 2
    assert queries.establishment(mission.id) == (200, 28)
    assert "14%" in manager.text(f"/missions/{mission.id}/forces")
    entered(manager, mission)
    assert queries.establishment(mission.id) is None


def test_units_belong_to_a_force_and_are_shown_by_force_and_region(mission: Mission, manager: Browser) -> None:
    second = entered(manager, mission)
    path = f"/missions/{mission.id}/units"
    fields = {"region": "Nord", "name": "Brigade 1", "strength": "12", "women": ""}
    assert manager.send(path, force=str(a_force_elsewhere()), **fields).status_code == 422
    assert manager.send(path, force=str(second.id), **fields).status_code == 302
    assert session.scalars(select(Unit.force_id)).one() == second.id
    page = manager.text(f"/missions/{mission.id}/forces")
    assert page.index("Gendarmerie of Port-Salin") < page.index("Nord") < page.index("Brigade 1")


def a_force_elsewhere() -> object:
    return session.scalars(select(HostForce.id).where(HostForce.mission_id == a_mission().id)).one()


def test_a_force_is_renamed_and_retired_but_never_the_last_one(mission: Mission, manager: Browser) -> None:
    first = session.scalars(select(HostForce)).one()
    manager.send(f"/host-forces/{first.id}/retire")
    assert "A mission works with one force at least." in manager.text(f"/missions/{mission.id}/forces")
    entered(manager, mission)
    manager.send(f"/host-forces/{first.id}", name="National Police", kind="police")
    manager.send(f"/host-forces/{first.id}/retire")
    page = manager.text(f"/missions/{mission.id}/forces")
    assert page.index("Gendarmerie of Port-Salin") < page.index("National Police") < page.index("Retired on")
    assert str(first.id) not in manager.get(f"/missions/{mission.id}/units").text
    manager.send(f"/host-forces/{first.id}/retire")
    assert "Retired on" not in manager.text(f"/missions/{mission.id}/forces")


def test_a_certificate_names_the_force_of_its_holder_and_else_the_missions_first(
    mission: Mission, manager: Browser, app: Flask
) -> None:
    second = entered(manager, mission)
    enrolment = an_enrolment(a_cohort(mission, a_published()))
    done(enrolment, score=1.0)
    with transaction():
        credential = certificates.issue(enrolment, by=enrolment.user_id)

    def named() -> str:
        return face_of(credential, data=app.config["DATA_DIR"], base_url="", issuer="").host_force

    assert named() == "Port-Salin National Police"
    with transaction():
        unit = Unit(mission_id=mission.id, force_id=second.id, region="Nord", name="Brigade 1")
        session.add(unit)
        session.flush()
        session.get_one(RollEntry, (mission.id, enrolment.user_id)).unit_id = unit.id
    assert named() == "Gendarmerie of Port-Salin"


def test_the_migration_makes_a_force_of_each_missions_text_and_keeps_what_stands_on_the_roll(tmp_path: Path) -> None:
    mission, unit, person = "a" * 32, "b" * 32, "c" * 32
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    db.listen_to(engine)
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), "0014")
        for statement in (
            "INSERT INTO mission (id, title, host_country, host_force, requested_by, mandate_begins, mandate_ends, "
            "languages, keeps_names) "
            f"VALUES ('{mission}', 'M', 'C', 'Police', 'UN', '2026-01-01', '2026-12-31', '[]', 0)",
            f"INSERT INTO unit (id, mission_id, region, name) VALUES ('{unit}', '{mission}', 'North', 'Station')",
            "INSERT INTO user (id, username, role, stamp, active, direction, created_at) "
            f"VALUES ('{person}', 'p', 'trainee', 'x', 1, 'auto', '2026-01-01 00:00:00')",
            "INSERT INTO roll_entry (mission_id, user_id, entered_at, unit_id) "
            f"VALUES ('{mission}', '{person}', '2026-01-01 00:00:00', '{unit}')",
        ):
            connection.exec_driver_sql(statement)
    looks = (
        "SELECT f.name FROM roll_entry r JOIN unit u ON u.id = r.unit_id JOIN host_force f ON f.id = u.force_id",
        "SELECT m.host_force FROM roll_entry r JOIN unit u ON u.id = r.unit_id JOIN mission m ON m.id = u.mission_id",
    )
    for act, revision, look in ((command.upgrade, "0015", looks[0]), (command.downgrade, "0014", looks[1])):
        with engine.begin() as connection:
            act(schema.configuration(connection), revision)
            assert connection.exec_driver_sql(look).scalars().all() == ["Police"]
