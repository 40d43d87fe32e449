"""Questions of other courses are found and copied, whole, by who may see them."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.core.db import session
from lms.library.document import CourseDocument
from lms.missions.models import Mission
from lms.studio.models import Asset, Draft, Part
from tests.builders import a_draft, a_mission, a_published, deployed
from tests.documents import a_document, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def author(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def a_bank(slug: str, prompt: str, media: dict[str, object] | None = None, **more: object) -> CourseDocument:
    """A course whose question ``single`` asks this."""
    data = a_document(slug=slug, code="XB07", title=words(slug)).model_dump(mode="json")
    data["sources"] = [{"id": "CAT", "binding": "treaty", "title": words("Convention"), "dated": "1984"}]
    data["media"] = media or {}
    (pool,) = [each for each in data["pools"] if each["id"] == "kinds"]
    pool["questions"][0] |= {"prompt": words(prompt), "references": ["CAT 12"], **more}
    return CourseDocument.model_validate(data)


def question(draft: Draft, id: str) -> dict[str, object]:
    session.rollback()
    content = session.scalars(select(Part.content).where(Part.draft_id == draft.id, Part.key == f"question/{id}")).one()
    return dict(json.loads(content))


def pool_of(draft: Draft) -> dict[str, object]:
    session.rollback()
    content = session.scalars(select(Part.content).where(Part.draft_id == draft.id, Part.key == "outline")).one()
    return dict(next(pool for pool in json.loads(content)["pools"] if pool["id"] == "final"))


def test_a_question_of_the_library_is_found_by_its_words_and_copied_with_its_source(
    mission: Mission, author: Browser
) -> None:
    version = a_published(a_bank("elsewhere", "Who investigates a complaint of ill-treatment?"))
    draft = a_draft(mission, a_published())
    address = f"/studio/{draft.id}/questions/reuse"
    found = author.get(f"{address}?q=complaint+investigates").text
    assert "Who investigates a complaint" in found
    assert "Who investigates a complaint" not in author.get(f"{address}?q=complaint+aeroplane").text
    assert author.send(address, question=f"version/{version}/single", pool="final").status_code == 302
    copied = question(draft, "single-2")
    assert copied["prompt"]["en"] == "Who investigates a complaint of ill-treatment?"
    assert [option["correct"] for option in copied["options"] if "correct" in option] == [True]
    assert "single-2" in pool_of(draft)["questions"]
    about = json.loads(session.get_one(Part, (draft.id, "course")).content)
    assert [source["id"] for source in about["sources"]] == ["CAT"]


def test_a_question_of_a_colleagues_draft_comes_with_its_picture(mission: Mission, author: Browser) -> None:
    file = {"sha256": "ab" * 32, "type": "image/png", "bytes": 10}
    shown = {"file": "gate.png", "alt": words("The gate")}
    version = a_published(a_bank("draft-bank", "What is wrong at this gate?", {"gate.png": file}, image=shown))
    other, draft = a_draft(mission, version), a_draft(mission, a_published())
    address = f"/studio/{draft.id}/questions/reuse"
    assert author.get(f"{address}?q=gate").text.count("What is wrong at this gate?") == 1
    author.send(address, question=f"draft/{other.id}/single", pool="final")
    assert question(draft, "single-2")["image"] == shown
    assert session.get_one(Asset, (draft.id, "gate.png")).sha256 == "ab" * 32


def test_languages_that_the_course_does_not_have_stay_behind(mission: Mission, author: Browser) -> None:
    version = a_published(a_bank("bilingual", "Which one?"))
    only = a_document().model_dump(mode="json")

    def english(data: object) -> object:
        if isinstance(data, dict):
            if set(data) == {"en", "fr"}:
                return {"en": data["en"]}
            return {name: english(each) for name, each in data.items()}
        return [english(each) for each in data] if isinstance(data, list) else data

    document = CourseDocument.model_validate(english(only) | {"languages": ["en"], "slug": "english-only"})
    draft = a_draft(mission, a_published(document))
    author.send(f"/studio/{draft.id}/questions/reuse", question=f"version/{version}/single", pool="final")
    assert question(draft, "single-2")["prompt"] == {"en": "Which one?"}
    assert "fr" not in json.dumps(question(draft, "single-2"))


def test_another_missions_draft_is_neither_found_nor_copied(mission: Mission, author: Browser) -> None:
    elsewhere = a_mission()
    theirs = a_draft(elsewhere, a_published(a_bank("secret", "What does nobody here know?")))
    part = session.get_one(Part, (theirs.id, "question/single"))
    part.content = part.content.replace("nobody here", "only the other mission")
    session.commit()
    draft = a_draft(mission, a_published())
    address = f"/studio/{draft.id}/questions/reuse"
    assert "only the other mission" not in author.get(f"{address}?q=only+mission").text
    answer = author.send(address, question=f"draft/{theirs.id}/single", pool="final")
    assert answer.status_code == 422
    assert "no longer there" in answer.text
    assert len(pool_of(draft)["questions"]) == 8


@pytest.mark.parametrize("named", ["", "draft/x/y", "version/00000000-0000-0000-0000-000000000000/single", "nonsense"])
def test_what_is_not_there_is_refused_and_changes_nothing(mission: Mission, author: Browser, named: str) -> None:
    draft = a_draft(mission, a_published())
    fields = {"question": named} if named else {}
    assert author.send(f"/studio/{draft.id}/questions/reuse", pool="final", **fields).status_code == 422
    assert len(pool_of(draft)["questions"]) == 8


def test_the_bank_says_which_tests_draw_and_which_other_courses_ask(mission: Mission, author: Browser) -> None:
    version = a_published()
    a_draft(mission, version)
    draft = a_draft(mission, version)
    page = author.get(f"/studio/{draft.id}/questions").text
    assert "Drawn by" in page
    assert "also in DP01" in page
    author.send(f"/studio/{draft.id}/outline", do="add-group", group="pools", title="Spare")
    assert "No test draws from this pool yet." in author.get(f"/studio/{draft.id}/questions").text


def test_accents_and_capitals_do_not_hide_a_question(mission: Mission, author: Browser) -> None:
    a_draft(mission, a_published(a_bank("accents", "Égalité devant la loi ?")))
    draft = a_draft(mission, a_published())
    for typed in ("égalité", "ÉGALITÉ", "Égalité"):
        assert "Égalité devant la loi ?" in author.get(f"/studio/{draft.id}/questions/reuse?q={typed}").text, typed


def test_what_was_taken_out_and_what_the_course_has_itself_is_not_offered(mission: Mission, author: Browser) -> None:
    version = a_published(a_bank("own", "Which gate is ours?"))
    other, draft = a_draft(mission, version), a_draft(mission, a_published())
    author.send(f"/studio/{other.id}/outline", do="remove", group="pools", id="single")
    session.rollback()
    found = author.get(f"/studio/{draft.id}/questions/reuse?q=gate+ours").text
    assert f"draft/{other.id}/single" not in found
    assert f"version/{version}/single" in found
    assert "also in XB07" not in author.get(f"/studio/{draft.id}/questions").text.split('id="single"')[1][:900]
