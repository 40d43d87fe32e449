"""Question files, Word documents and Common Cartridges come in through the studio: seen first, then taken whole."""

import io
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.core.db import session
from lms.missions.models import Mission
from lms.studio.models import Draft, Part
from tests.builders import a_draft, a_mission, a_published, deployed
from tests.exchange.test_documents import a_cartridge, a_docx, heading, paragraph
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def author(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def bring(author: Browser, address: str, name: str, content: bytes, **fields: object) -> tuple[int, str]:
    data = {"csrf_token": author.token(), "file": (io.BytesIO(content), name), **fields}
    answer = author.post(address, data=data)
    return answer.status_code, answer.text


GIFT = b"""::Reasons:: When is a person told the reasons for arrest? {
=At the time of arrest#Yes, at once.
~After the first interview#Too late.
}

::Odd:: Match it {=a -> b}

::Essay:: Say what you think. {}
"""


def test_questions_of_a_file_are_shown_first_and_then_taken_into_a_pool(author: Browser, mission: Mission) -> None:
    draft = a_draft(mission, a_published())
    address = f"/studio/{draft.id}/questions/import"
    status, page = bring(author, address, "questions.txt", GIFT)
    assert status == 200
    assert "When is a person told the reasons for arrest?" in page
    assert "This kind of question is not supported." in page
    before = len(parts_of(draft))
    held = re.search(r'name="held" value="([0-9a-f]{64})"', page)[1]
    taken = author.send(f"{address}/take", held=held, pool="", title="Brought along")
    assert taken.status_code == 302
    bank = author.get(f"/studio/{draft.id}/questions").text
    assert "Brought along" in bank
    assert "When is a person told the reasons for arrest?" in bank
    assert len(parts_of(draft)) > before
    author.send(f"{address}/take", held=held, pool="", title="Twice")
    assert "Twice" not in author.get(f"/studio/{draft.id}/questions").text


def parts_of(draft: Draft) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Part.key).where(Part.draft_id == draft.id).order_by(Part.key)))


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"<quiz><!DOCTYPE x>", b"<quiz", b"no question at all"])
def test_a_file_without_questions_is_refused_with_a_reason(author: Browser, mission: Mission, content: bytes) -> None:
    draft = a_draft(mission, a_published())
    before = parts_of(draft)
    status, page = bring(author, f"/studio/{draft.id}/questions/import", "x.txt", content)
    assert status == 422 or "There is no question in it that can be taken." in page
    assert parts_of(draft) == before


@pytest.mark.parametrize("kind", ["gift", "xml"])
def test_a_pool_goes_out_and_comes_in_as_the_same_questions(author: Browser, mission: Mission, kind: str) -> None:
    draft = a_draft(mission, a_published())
    page = author.get(f"/studio/{draft.id}/questions/export?pool=final").text
    assert "8 whole questions" in page
    out = author.send(f"/studio/{draft.id}/questions/export", pool="final", format=kind)
    assert out.status_code == 200
    _, page = bring(author, f"/studio/{draft.id}/questions/import", f"pool.{kind}", out.data)
    assert page.count("Question f-") == 8
    held = re.search(r'name="held" value="([0-9a-f]{64})"', page)[1]
    author.send(f"/studio/{draft.id}/questions/import/take", held=held, pool="", title="Again")
    contents = {key: session.get_one(Part, (draft.id, key)).content for key in parts_of(draft)}
    pools = json.loads(contents["outline"])["pools"]
    again = next(pool for pool in pools if pool["title"]["en"] == "Again")
    for first, second in zip([f"f-{n}" for n in range(8)], again["questions"], strict=True):
        then, now = (json.loads(contents[f"question/{id}"]) for id in (first, second))
        assert now["prompt"]["en"] == then["prompt"]["en"]
        assert [
            (option["text"]["en"], option.get("correct", False), option["feedback"]["en"]) for option in now["options"]
        ] == [
            (option["text"]["en"], option.get("correct", False), option["feedback"]["en"]) for option in then["options"]
        ]


def test_a_word_document_becomes_a_course_of_lessons(author: Browser, mission: Mission) -> None:
    content = a_docx(
        heading("At the gate"),
        paragraph("Greet first."),
        heading("In the cell"),
        paragraph("Look in every thirty minutes."),
    )
    fields = {"mission": str(mission.id), "code": "WD01", "language": "en"}
    status, page = bring(author, "/studio/import", "Custody care.docx", content, **fields)
    assert status == 200
    assert "Custody care" in page
    held = re.search(r'name="held" value="([0-9a-f]{64})"', page)[1]
    author.send("/studio/import/take", held=held, name="Custody care.docx", **fields)
    session.rollback()
    draft = session.scalars(select(Draft)).one()
    assert (draft.code, draft.title) == ("WD01", {"en": "Custody care"})
    outline = author.get(f"/studio/{draft.id}/").text
    assert outline.index("At the gate") < outline.index("In the cell")


def test_a_common_cartridge_becomes_a_course_of_lessons_and_quizzes(author: Browser, mission: Mission) -> None:
    fields = {"mission": str(mission.id), "code": "CC01", "language": "en"}
    status, page = bring(author, "/studio/import", "course.imscc", a_cartridge(), **fields)
    assert status == 200
    held = re.search(r'name="held" value="([0-9a-f]{64})"', page)[1]
    author.send("/studio/import/take", held=held, name="course.imscc", **fields)
    session.rollback()
    draft = session.scalars(select(Draft)).one()
    kinds = [
        json.loads(session.get_one(Part, (draft.id, key)).content)["kind"]
        for key in parts_of(draft)
        if "activity/" in key
    ]
    assert {"lesson", "quiz"} <= set(kinds)
