"""A question's recordings in the studio: chosen from the course's sounds, kept, published, copied, never lost."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.core.db import session
from lms.library.document import CourseDocument
from lms.missions.models import Mission
from lms.studio import readiness
from lms.studio.models import Asset, Draft, Part
from tests.builders import a_draft, a_mission, a_published, deployed
from tests.documents import a_document
from tests.pages import Browser
from tests.studio.test_files import upload

SignIn = Callable[[User], Browser]
OGG = b"OggS" + bytes(2000)


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def author(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


@pytest.fixture
def draft(mission: Mission, author: Browser) -> Draft:
    draft = a_draft(mission)
    for name in ("Question.ogg", "Choice.ogg"):
        assert upload(author, draft, name, OGG + name.encode())[0] == 200
    return draft


def data_of(draft: Draft, id: str = "single") -> dict[str, Any]:
    session.expire_all()
    return dict(json.loads(session.get_one(Part, (draft.id, f"question/{id}")).content))


def fields(page: str, standing: dict[str, Any], language: str = "en", **typed: str) -> dict[str, str]:
    """What the question's form sends in a language when nothing else is changed in it."""
    sent = dict(re.findall(r'<input type="hidden" name="(question/[^"]+)" value="(\d+)"', page))
    sent |= {name: standing[name][language] for name in ("prompt", "audio") if language in standing.get(name, {})}
    for place, option in enumerate(standing["options"]):
        sent[f"options-{place}-id"] = option["id"]
        for name in ("text", "feedback", "audio"):
            if language in option.get(name, {}):
                sent[f"options-{place}-{name}"] = option[name][language]
        if option.get("correct"):
            sent["correct"] = f"{place}"
    return sent | typed


def save(author: Browser, draft: Draft, language: str = "en", **typed: str) -> int:
    address = f"/studio/{draft.id}/questions/single?language={language}"
    return author.send(address, **fields(author.get(address).text, data_of(draft), language, **typed)).status_code


def test_recordings_are_chosen_for_each_language_and_stay_when_another_is_saved(author: Browser, draft: Draft) -> None:
    assert "Recording of the question" in author.text(f"/studio/{draft.id}/questions/single")
    assert save(author, draft, audio="question.ogg", **{"options-1-audio": "choice.ogg"}) == 302
    assert save(author, draft, "fr", prompt="Laquelle ?") == 302
    data = data_of(draft)
    assert data["audio"] == {"en": "question.ogg"}
    assert [option.get("audio") for option in data["options"]] == [None, {"en": "choice.ogg"}, None]
    document = readiness.document_of(session.merge(draft))
    assert {"question.ogg", "choice.ogg"} <= set(document.media), "what is heard is published"


def test_a_recording_is_taken_off_again(author: Browser, draft: Draft) -> None:
    save(author, draft, audio="question.ogg")
    save(author, draft, audio="")
    assert "audio" not in data_of(draft)


def test_a_sound_that_a_question_is_heard_with_is_not_thrown_away(author: Browser, draft: Draft) -> None:
    save(author, draft, **{"options-0-audio": "choice.ogg"})
    for name in ("choice.ogg", "question.ogg"):
        author.send(f"/studio/{draft.id}/files/{name}/remove")
    session.expire_all()
    assert session.get(Asset, (draft.id, "choice.ogg")) is not None
    assert session.get(Asset, (draft.id, "question.ogg")) is None


def test_a_recording_in_one_language_leaves_no_translation_missing(author: Browser, draft: Draft) -> None:
    before = author.text(f"/studio/{draft.id}/translations")
    save(author, draft, audio="question.ogg")
    assert author.text(f"/studio/{draft.id}/translations").count("Missing") == before.count("Missing")


def test_a_copied_question_brings_its_recordings(mission: Mission, author: Browser) -> None:
    data = a_document(slug="elsewhere", code="XB07").model_dump(mode="json")
    file = {"sha256": "ab" * 32, "type": "audio/ogg", "bytes": 10}
    data["media"] = {"prompt.ogg": file, "right.ogg": file | {"sha256": "cd" * 32}}
    (pool,) = [each for each in data["pools"] if each["id"] == "kinds"]
    pool["questions"][0]["audio"] = {"en": "prompt.ogg"}
    pool["questions"][0]["options"][0]["audio"] = {"en": "right.ogg"}
    version = a_published(CourseDocument.model_validate(data))
    draft = a_draft(mission, a_published())
    address = f"/studio/{draft.id}/questions/reuse"
    assert author.send(address, question=f"version/{version}/single", pool="final").status_code == 302
    copied = data_of(draft, "single-2")
    assert copied["audio"] == {"en": "prompt.ogg"}
    assert copied["options"][0]["audio"] == {"en": "right.ogg"}
    assert session.get_one(Asset, (draft.id, "right.ogg")).sha256 == "cd" * 32
