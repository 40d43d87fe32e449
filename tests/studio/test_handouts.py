"""Writing what goes with a course: guide, job aid, observations, reading."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.core.db import session
from lms.studio import parts, readiness, service
from lms.studio.models import Draft
from tests.builders import a_draft, a_mission, a_published, deployed
from tests.documents import with_handouts
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def draft(app: Flask) -> Draft:
    mission = a_mission()
    return a_draft(mission, a_published(with_handouts()), deployed(mission))


@pytest.fixture
def author(draft: Draft, sign_in: SignIn) -> Browser:
    return sign_in(session.get_one(User, draft.created_by))


def about(draft: Draft) -> dict[str, object]:
    return dict(parts.load(service.contents(draft)[parts.COURSE]))


@pytest.mark.parametrize(("handout", "said"), [("guide", "Bring chalk."), ("job-aid", "Say who you are.")])
def test_a_text_is_edited_in_each_language_beside_its_source(
    author: Browser, draft: Draft, handout: str, said: str
) -> None:
    path = f"/studio/{draft.id}/handouts/{handout}"
    assert said in author.text(path)
    page = author.text(f"{path}?language=fr")
    assert said in page
    assert f"{said} (fr)" in page
    author.send(f"{path}?language=fr", text="Deux heures.", **{f"{handout}/fr": "1"})
    assert service.contents(draft)[f"{handout}/fr"] == "Deux heures.\n"
    data = readiness.data_of(draft)
    assert data[{"guide": "guide", "job-aid": "job_aid"}[handout]]["fr"] == "Deux heures.\n"


def test_two_authors_of_the_guide_see_both_texts(author: Browser, draft: Draft) -> None:
    path = f"/studio/{draft.id}/handouts/guide"
    author.send(path, text="Mine.", **{"guide/en": "1"})
    answer = author.send(path, text="Theirs.", **{"guide/en": "1"})
    assert answer.status_code == 409
    assert "Mine." in answer.text
    assert "Theirs." in answer.text


def test_an_emptied_text_leaves_the_course(author: Browser, draft: Draft) -> None:
    for language in ("en", "fr"):
        path = f"/studio/{draft.id}/handouts/guide?language={language}"
        author.send(path, text=" ", **{f"guide/{language}": "1"})
    assert readiness.data_of(draft)["guide"] is None


def test_observations_are_added_changed_and_taken_out(author: Browser, draft: Draft) -> None:
    sent = {
        "course": "1",
        "observations-0-id": "identifies",
        "observations-0-text": "Says name and unit",
        "observations-0-look_for": "Before anything else",
        "observations-0-competency": "C2",
        "observations-1-id": "explains",
        "observations-1-text": "",
        "observations-1-look_for": "",
        "observations-2-id": "",
        "observations-2-text": "Gives aid",
        "observations-2-look_for": "Within a minute",
        "observations-2-competency": "C4",
        "observations-2-critical": "yes",
        "reading-0-id": "0",
        "reading-0-title": "The Code",
        "reading-0-note": "",
        "reading-0-source": "CCLEO",
    }
    assert author.send(f"/studio/{draft.id}/handouts", **sent).status_code == 302
    known = about(draft)
    assert known["observations"] == [
        {
            "id": "identifies",
            "text": {"en": "Says name and unit", "fr": "Identifies himself or herself (fr)"},
            "competency": "C2",
            "look_for": {"en": "Before anything else", "fr": "Name and unit first (fr)"},
        },
        {
            "id": "gives-aid",
            "text": {"en": "Gives aid"},
            "look_for": {"en": "Within a minute"},
            "competency": "C4",
            "critical": True,
        },
    ]
    assert known["reading"] == [
        {
            "title": {"en": "The Code", "fr": "The Code in full (fr)"},
            "note": {"fr": "Eight articles (fr)"},
            "source": "CCLEO",
        }
    ]


def test_a_translation_changes_words_and_nothing_else(author: Browser, draft: Draft) -> None:
    sent = {
        "course": "1",
        "observations-0-id": "identifies",
        "observations-0-text": "Se présente",
        "observations-0-look_for": "Nom et unité",
        "observations-0-competency": "C9",
        "reading-0-id": "0",
        "reading-0-title": "Le Code",
        "reading-0-note": "Huit articles",
    }
    author.send(f"/studio/{draft.id}/handouts?language=fr", **sent)
    data = readiness.data_of(draft)
    first, second = data["observations"]
    assert first["text"] == {"en": "Identifies himself or herself", "fr": "Se présente"}
    assert (first["competency"], first["critical"]) == ("C1", True)
    assert second["text"]["fr"] == "Explains (fr)"
    assert data["reading"][0]["title"] == {"en": "The Code in full", "fr": "Le Code"}
    assert data["reading"][0]["source"] == "CCLEO"


def test_the_checklist_leads_to_the_handout_that_lacks_a_picture(author: Browser, draft: Draft) -> None:
    author.send(f"/studio/{draft.id}/handouts/guide", text="![A gate](media/gate.png)", **{"guide/en": "1"})
    page = author.get(f"/studio/{draft.id}/review").text
    assert f'href="/studio/{draft.id}/handouts/guide?language=en"' in page


def test_the_translations_page_names_both_texts(author: Browser, draft: Draft) -> None:
    page = author.text(f"/studio/{draft.id}/translations?language=fr")
    assert "Mentor's guide" in page
    assert "Job aid" in page


def test_an_unknown_handout_is_not_found(author: Browser, draft: Draft) -> None:
    assert author.get(f"/studio/{draft.id}/handouts/diary").status_code == 404
