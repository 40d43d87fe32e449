"""A course goes out as a file and comes in again: seen first, made whole or not at all."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.core.db import session
from lms.exchange import package
from lms.library import folder
from lms.library.document import CourseDocument
from lms.missions.models import Mission
from lms.studio import readiness
from lms.studio.jobs import forget_old
from lms.studio.models import Draft, Part
from tests.builders import a_draft, a_mission, a_published, deployed
from tests.documents import a_document
from tests.pages import Browser

SignIn = Callable[[User], Browser]
COURSES = sorted(path.parent for path in (Path(__file__).parents[2] / "courses").glob("*/course.yaml"))


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def author(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def drafts() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Draft)) or 0


def look(author: Browser, mission: Mission, content: bytes) -> tuple[int, str]:
    data = {"csrf_token": author.token(), "mission": mission.id, "file": (io.BytesIO(content), "course.zip")}
    answer = author.post("/studio/import", data=data)
    return answer.status_code, answer.text


def take(author: Browser, mission: Mission, page: str) -> Draft:
    found = re.search(r'name="held" value="([0-9a-f]{64})"', page)
    assert found
    answer = author.send("/studio/import/take", held=found[1], mission=mission.id)
    assert answer.status_code == 302
    return session.scalars(select(Draft).order_by(Draft.created_at.desc())).first()


def out(author: Browser, draft: Draft) -> bytes:
    answer = author.send(f"/studio/{draft.id}/export")
    assert answer.mimetype == "application/zip"
    return answer.data


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.name)
def test_every_course_of_the_library_comes_in_and_goes_out_the_same(
    author: Browser, mission: Mission, path: Path
) -> None:
    packed = package.write(folder.read(path), folder.media_of(path))
    status, page = look(author, mission, packed)
    assert status == 200
    assert drafts() == 0
    assert out(author, take(author, mission, page)) == packed
    held = re.search(r'name="held" value="([0-9a-f]{64})"', page)[1]
    author.send("/studio/import/take", held=held, mission=mission.id)
    assert drafts() == 1


def test_the_dry_run_says_what_becomes_what_and_makes_nothing(author: Browser, mission: Mission) -> None:
    _, page = look(author, mission, package.write(a_document(), lambda name: b""))
    for each in ("A course", "a-course", "Modules", "Lessons", "Questions"):
        assert each in page
    assert drafts() == 0


def test_a_package_whose_short_name_is_taken_becomes_a_course_of_its_own(author: Browser, mission: Mission) -> None:
    a_published()
    _, page = look(author, mission, package.write(a_document(), lambda name: b""))
    assert "a course of its own" in page
    draft = take(author, mission, page)
    assert draft.slug == "a-course-2"
    assert CourseDocument.model_validate(readiness.data_of(draft)).modules == a_document().modules


@pytest.mark.parametrize("content", [b"", b"not a zip", package.write(a_document(), lambda name: b"")[:-200]])
def test_a_bad_file_is_a_clear_error_and_leaves_nothing_behind(
    app: Flask, author: Browser, mission: Mission, content: bytes
) -> None:
    before = set((app.config["DATA_DIR"] / "imports").glob("*"))
    status, page = look(author, mission, content)
    assert status == 422
    assert "not a whole zip file" in page or "Choose a file" in page
    assert drafts() == 0
    assert session.scalar(select(func.count()).select_from(Part)) == 0
    assert set((app.config["DATA_DIR"] / "imports").glob("*")) == before


def test_a_held_file_is_for_ones_own_missions_and_ends_after_a_day(
    app: Flask, author: Browser, mission: Mission, sign_in: SignIn
) -> None:
    packed = package.write(a_document(), lambda name: b"")
    _, page = look(author, mission, packed)
    held = re.search(r'name="held" value="([0-9a-f]{64})"', page)[1]
    stranger = sign_in(deployed(a_mission()))
    assert stranger.send("/studio/import/take", held=held, mission=mission.id).status_code == 403
    kept = app.config["DATA_DIR"] / "imports" / held
    forget_old()
    assert kept.exists()
    os.utime(kept, (0, 0))
    forget_old()
    assert not kept.exists()
    author.send("/studio/import/take", held=held, mission=mission.id)
    author.send("/studio/import/take", held="../../keys/session", mission=mission.id)
    assert drafts() == 0


def test_an_unfinished_course_says_why_it_cannot_travel(author: Browser, mission: Mission, sign_in: SignIn) -> None:
    draft = a_draft(mission)
    author.send(f"/studio/{draft.id}/outline", do="add-group", group="modules", title="Empty")
    answer = author.send(f"/studio/{draft.id}/export")
    assert answer.status_code == 302
    assert "must be mended first" in author.text(answer.headers["Location"])
