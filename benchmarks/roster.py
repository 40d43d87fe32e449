"""How long a nominal roll of ten thousand rows takes."""

import csv
import io
import random
import time
from datetime import timedelta

from flask import Flask

from lms.accounts import service as accounts
from lms.accounts.models import Role
from lms.core import clock, jobs
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.missions import service as missions
from lms.missions.models import Mission
from lms.roster import importing, service

ROWS = 10_000


def measure(app: Flask, mission_title: str) -> dict[str, float]:
    """Seconds to read the file, to try it dry, and to take it."""
    with app.app_context():
        vault = vault_of(app.config["DATA_DIR"])
        with transaction():
            mission = session.query(Mission).filter_by(title=mission_title).one()
            keeper = accounts.create("bench-keeper", Role.MENTOR, by=None)
            today = clock.today()
            missions.deploy(mission, keeper.username, today, today + timedelta(days=1), by=None)
            for number in range(50):
                service.add_unit(mission, f"Region {number % 4}", f"Station {number}", None, None, by=None)
        times = [time.perf_counter()]
        with transaction():
            brought = importing.bring(mission, _file(), vault=vault, by=keeper.id)
        times.append(time.perf_counter())
        with transaction():
            importing.match(brought, brought.columns, vault=vault)
        times.append(time.perf_counter())
        with transaction():
            importing.start(brought, whole=True, by=keeper.id)
        while jobs.work_one():
            pass
        times.append(time.perf_counter())
        with transaction(write=False):
            assert importing.counts(brought)["done"] == ROWS
        names = ("read the file", "dry run", "take the rows")
        return {name: after - before for name, before, after in zip(names, times, times[1:], strict=False)}


def _file() -> bytes:
    chance, out = random.Random(7), io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["number", "sex", "rank", "unit", "languages", "literacy", "name"])
    for number in range(ROWS):
        rank = chance.choice(["recruit", "constable", "supervisor", "officer"])
        sex, reading = chance.choice("fm"), chance.choice(["reads", "help", "audio"])
        lines.writerow(["", sex, rank, f"Station {number % 50}", "fr ht", reading, f"Nobody {number}"])
    return out.getvalue().encode()
