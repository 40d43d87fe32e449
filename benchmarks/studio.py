"""How long the studio takes over a course of three hundred activities."""

import time
from collections.abc import Callable
from statistics import median

from flask import Flask

from benchmarks.seed import cookie_of
from lms.accounts import service as accounts
from lms.accounts.models import Role
from lms.core import clock
from lms.core.db import session, transaction
from lms.missions import service as missions
from lms.missions.models import Mission
from lms.studio import arranging, beginning, parts, service
from lms.studio import outline as tree

MODULES, LESSONS, TIMES = 15, 20, 15
TEXT = "## What to do\n\n" + "Greet, say who you are, give the reason, listen, answer. " * 60 + "\n"


def measure(app: Flask, mission_title: str) -> dict[str, float]:
    """Milliseconds, the median of fifteen requests, to open the tree, to open a lesson, to save it, to move one."""
    with app.app_context():
        draft_id, cookie = _prepared(app, mission_title)
    client = app.test_client()
    client.set_cookie("session", cookie)
    root = f"/studio/{draft_id}/"
    token = client.get(root).text.split('name="csrf_token" value="')[1].split('"')[0]
    number = 1

    def save() -> None:
        nonlocal number
        fields = {
            "csrf_token": token,
            "title": "Lesson 7",
            "minutes": "15",
            "required": "yes",
            "text": f"Words {number}.",
        }
        keys = {"activity/lesson-7": "1", "lesson/lesson-7/en": f"{number}"}
        answer = client.post(
            f"{root}activities/lesson-7", data={**fields, **keys}, headers={"Accept": "application/json"}
        )
        number = answer.json["numbers"]["lesson/lesson-7/en"]

    move = {"csrf_token": token, "do": "down", "id": "lesson-7"}
    return {
        "open the outline": _median(lambda: client.get(root)),
        "open a lesson": _median(lambda: client.get(f"{root}activities/lesson-7")),
        "save a lesson": _median(save),
        "move an activity": _median(lambda: client.post(f"{root}outline", data=move)),
        "run the checklist": _median(lambda: client.get(f"{root}review")),
    }


def _median(act: Callable[[], object]) -> float:
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        spent.append(1000 * (time.perf_counter() - began))
    return median(spent)


def _prepared(app: Flask, mission_title: str) -> tuple[str, str]:
    with transaction():
        mission = session.query(Mission).filter_by(title=mission_title).one()
        author = accounts.create("bench-author", Role.MENTOR, by=None)
        today = clock.today()
        missions.deploy(mission, "bench-author", today, today, by=None)
        draft = beginning.from_nothing(mission, title="Three hundred", code="TH01", language="en", by=author.id)
        for module in range(MODULES):
            arranging.add_group(draft, "modules", f"Module {module}", by=author.id)
            for _ in range(LESSONS):
                place = len(list(tree.activity_ids(parts.load(service.contents(draft)[parts.OUTLINE]))))
                id = arranging.add_activity(draft, f"module-{module}", "lesson", f"Lesson {place}", by=author.id)
                service.save(draft, parts.lesson_key(id, "en"), TEXT, 0, by=author.id)
        return str(draft.id), cookie_of(app, author)
