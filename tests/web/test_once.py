"""A second click, and a second try after a lost answer: what was sent twice is there once."""

import contextlib
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.attendance.models import SpotCount, TrainingSession
from lms.cohorts.models import Cohort, Correction, Enrolment
from lms.core import clock
from lms.core.db import Base, session
from lms.mentoring.models import ActionPlan, MentoringComment, MentoringNote, PlanEntry
from lms.messages.models import Post, Thread
from lms.missions import desk
from lms.missions.models import AssistanceRequest, Deployment, HostForce, Mission, Unit
from lms.roster.models import RollExport
from tests.builders import a_cohort, a_mission, a_person, a_published, a_session, an_enrolment, deployed, trainee_of
from tests.pages import Browser

SignIn = Callable[[User], Browser]
SENT_TWICE = "The form was sent twice"
NEW = "four words in a row"


class Scene:
    """A mission with a cohort, a trainee in it, a mentor and a manager."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self.app = app
        self.mission, self.version = a_mission(), a_published()
        self.cohort = a_cohort(self.mission, self.version)
        self.enrolment = an_enrolment(self.cohort)
        self.person = trainee_of(self.enrolment)
        self.lead = deployed(self.mission)
        self.leader = deployed(self.mission, Role.MANAGER)
        self.mentor, self.manager = sign_in(self.lead), sign_in(self.leader)
        self.trainee, self.admin = sign_in(self.person), sign_in(a_person(Role.ADMIN))
        self.training = a_session(self.cohort)

    def question(self) -> str:
        answer = self.trainee.send(f"/learn/{self.enrolment.id}/greeting/ask", words="Why?")
        return str(answer.headers["Location"]).partition("#")[0]

    def of_person(self, rest: str) -> str:
        return f"/missions/{self.mission.id}/mentoring/{self.person.id}{rest}"

    def plan(self) -> str:
        self.mentor.send(self.of_person("/plan"), **self.agreed())
        return f"/action-plans/{session.scalars(select(ActionPlan.id)).one()}"

    def agreed(self) -> dict[str, str]:
        day = clock.today().isoformat()
        words = dict.fromkeys(("gap", "action", "evidence"), "Greets everybody")
        return {**words, "owner": str(self.lead.id), "due": day, "next_review": day}

    def closed(self) -> str:
        path = f"/cohorts/{self.cohort.id}/close"
        self.mentor.send(path)
        return path


@pytest.fixture
def scene(app: Flask, sign_in: SignIn) -> Scene:
    return Scene(app, sign_in)


def seed(browser: Browser, page: str, path: str) -> str:
    """What the form that goes to ``path`` carries, on a page."""
    forms = re.finditer(r'<form method="post"(?: action="([^"]*)")?.*?</form>', browser.get(page).text, re.S)
    found = [re.search(r'name="once" value="([^"]+)"', each[0]) for each in forms if (each[1] or page) == path]
    return next(each[1] for each in found if each)


def count(row: type[Base], *where: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(row).where(*where)) or 0


ROLL = ("sex", "rank", "unit", "languages", "literacy")
TODAY = clock.today().isoformat()
Case = Callable[[Scene], tuple[Browser, str, str, dict[str, str]]]
# What is made, by whom, on which page, with which address, and what is typed.
CASES: dict[str, tuple[type[Base], Case]] = {
    "announcement": (
        Thread,
        lambda s: (s.mentor, p := f"/cohorts/{s.cohort.id}/announce", p, {"words": "On Sunday"}),
    ),
    "question": (
        Thread,
        lambda s: (s.trainee, p := f"/learn/{s.enrolment.id}/greeting/ask", p, {"words": "Why?"}),
    ),
    "answer": (Post, lambda s: (s.mentor, p := s.question(), p, {"words": "Because"})),
    "trainee of the roll": (
        User,
        lambda s: (s.mentor, p := f"/missions/{s.mission.id}/roll/new", p, dict.fromkeys(ROLL, "")),
    ),
    "trainee of a cohort": (
        User,
        lambda s: (s.mentor, f"/cohorts/{s.cohort.id}/enrol", f"/cohorts/{s.cohort.id}/trainees", {}),
    ),
    "account": (User, lambda s: (s.admin, p := "/people/new", p, {"username": "a.mentor", "role": "mentor"})),
    "unit": (
        Unit,
        lambda s: (
            s.mentor,
            p := f"/missions/{s.mission.id}/units",
            p,
            {"force": str(session.scalars(select(HostForce.id)).first()), "region": "North", "name": "Station 1"},
        ),
    ),
    "export": (
        RollExport,
        lambda s: (s.mentor, p := f"/missions/{s.mission.id}/roll/exports", p, {"kind": "csv", "purpose": "Pay"}),
    ),
    "note": (
        MentoringNote,
        lambda s: (
            s.mentor,
            s.of_person(""),
            s.of_person("/notes"),
            {"day": TODAY, "text": "Greets", "competency": ""},
        ),
    ),
    "plan": (ActionPlan, lambda s: (s.mentor, p := s.of_person("/plan"), p, s.agreed())),
    "review": (PlanEntry, lambda s: (s.mentor, p := s.plan(), f"{p}/review", s.agreed() | {"text": "Better"})),
    "comment": (
        MentoringComment,
        lambda s: (s.trainee, "/my-mentoring/", f"{s.plan()}/comment", {"text": "I will"}),
    ),
    "session": (
        TrainingSession,
        lambda s: (
            s.mentor,
            p := f"/cohorts/{s.cohort.id}/sessions/new",
            p,
            {"topic": "Greeting", "day": TODAY, "begins": "08:00", "ends": "09:00", "zone": "UTC", "venue": "Hall"}
            | dict.fromkeys(("venue_code", "trainer"), ""),
        ),
    ),
    "count of the room": (
        SpotCount,
        lambda s: (s.mentor, f"/sessions/{s.training.id}", f"/sessions/{s.training.id}/count", {"people": "12"}),
    ),
    "cohort": (
        Cohort,
        lambda s: (
            s.mentor,
            p := f"/missions/{s.mission.id}/cohorts/new",
            p,
            {"title": "Second", "course": str(s.version), "begins": TODAY, "ends": TODAY, "capacity": "5"},
        ),
    ),
    "correction": (Correction, lambda s: (s.mentor, p := s.closed(), p, {"reason": "A wrong mark"})),
    "deployment": (
        Deployment,
        lambda s: (
            s.manager,
            p := f"/missions/{s.mission.id}/deployments",
            p,
            {"username": a_person(Role.MENTOR).username, "begins": TODAY, "ends": TODAY},
        ),
    ),
    "request": (
        AssistanceRequest,
        lambda s: (
            s.manager,
            p := "/requests/new",
            p,
            dict.fromkeys(("asked_by", "host_country", "host_force", "need"), "HT")
            | {"asked_by_kind": "un", "received_on": TODAY},
        ),
    ),
    "mission": (
        Mission,
        lambda s: (
            s.admin,
            p := "/missions/new",
            p,
            dict.fromkeys(("title", "host_force", "requested_by"), "Another")
            | {"host_country": "HT", "mandate_begins": TODAY, "mandate_ends": TODAY, "languages": "fr"},
        ),
    ),
    "force": (
        HostForce,
        lambda s: (
            s.manager,
            f"/missions/{s.mission.id}/forces",
            f"/missions/{s.mission.id}/forces",
            {"name": "Border police", "kind": "border"},
        ),
    ),
}


@pytest.mark.parametrize("made", CASES)
def test_what_is_sent_twice_is_made_once_and_leads_to_the_same_page(scene: Scene, made: str) -> None:
    row, case = CASES[made]
    browser, page, path, typed = case(scene)
    typed = typed | {"once": seed(browser, page, path)}
    before = count(row)
    first, second = browser.send(path, **typed), browser.send(path, **typed)
    assert first.status_code == second.status_code < 400
    assert count(row) == before + 1
    assert first.headers.get("Location") == second.headers.get("Location")


def test_two_that_are_on_their_way_at_one_time_are_one(
    scene: Scene, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, case = CASES["request"]
    browser, page, path, typed = case(scene)
    typed = typed | {"once": seed(browser, page, path)}
    both, receive = threading.Barrier(2), desk.receive

    def received_together(**values: Any) -> AssistanceRequest:
        # SQLite lets one in after the other, and then nobody comes to the barrier.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return receive(**values)

    monkeypatch.setattr(desk, "receive", received_together)
    clients = browser, sign_in(scene.leader)

    def send(client: Browser) -> tuple[int, str | None]:
        with scene.app.app_context():
            answer = client.send(path, **typed)
        return answer.status_code, answer.headers.get("Location")

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(send, clients))
    assert [status for status, _ in answers] == [302]
    assert count(AssistanceRequest) == 1


@pytest.mark.parametrize("once", [None, "", "no id", "1" * 400])
def test_a_form_without_a_good_seed_makes_a_row_each_time(scene: Scene, once: str | None) -> None:
    path = f"/cohorts/{scene.cohort.id}/announce"
    typed = {"words": "On Sunday"} | ({"once": once} if once is not None else {})
    assert [scene.mentor.send(path, **typed).status_code for _ in range(2)] == [302, 302]
    assert count(Thread) == 2


def test_other_words_are_another_message_also_from_the_same_page(scene: Scene) -> None:
    path = f"/cohorts/{scene.cohort.id}/announce"
    once = seed(scene.mentor, path, path)
    for words in ("On Sunday", "On Monday"):
        scene.mentor.send(path, words=words, once=once)
    assert count(Thread) == 2


def test_nobody_reaches_what_another_made_by_its_id_or_by_the_seed_of_its_form(scene: Scene, sign_in: SignIn) -> None:
    path = f"/cohorts/{scene.cohort.id}/announce"
    once = seed(scene.mentor, path, path)
    address = scene.mentor.send(path, words="On Sunday", once=once).headers["Location"]
    other = sign_in(deployed(scene.mission))
    for tried in (once, address.rpartition("/")[2]):
        assert other.send(path, words="On Sunday", once=tried).headers["Location"] != address
    elsewhere = f"/cohorts/{a_cohort(scene.mission).id}/announce"
    assert scene.mentor.send(elsewhere, words="On Sunday", once=once).headers["Location"] != address
    assert count(Thread) == 4


@pytest.mark.parametrize("of", ["the roll", "a cohort"])
def test_the_lost_link_of_a_new_trainee_is_made_anew_and_the_first_ends(
    scene: Scene, browser: Browser, of: str
) -> None:
    mentor, page, path, typed = CASES[f"trainee of {of}"][1](scene)
    typed["once"] = seed(mentor, page, path)
    first, second = mentor.send(path, **typed), mentor.send(path, **typed)
    assert SENT_TWICE not in first.text
    assert SENT_TWICE in second.text
    lost, link = (re.search(r"/recover/[\w-]+", answer.text)[0] for answer in (first, second))  # type: ignore[index]
    assert browser.get(lost).status_code == 410
    assert browser.send(link, new_password=NEW, again=NEW).status_code == 302
    assert mentor.send(path, **typed).status_code == 302, "who has a password gets no other by an old form"
    assert count(Enrolment) == (1 if of == "the roll" else 2)
