"""Instruments are found by article, and what is cited becomes a source of the course."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.core.db import session
from lms.missions.models import Mission
from lms.studio import parts, queries
from lms.studio.models import Draft
from tests.builders import a_draft, a_mission, deployed
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def author(mission: Mission) -> User:
    return deployed(mission)


@pytest.fixture
def draft(mission: Mission, author: User) -> Draft:
    return a_draft(mission, author=author)


def sources(draft: Draft) -> list[str]:
    session.expire_all()
    return [source["id"] for source in parts.load(queries.content(draft, parts.COURSE)).get("sources", [])]


def test_an_article_is_found_by_what_it_is_about(draft: Draft, author: User, sign_in: SignIn) -> None:
    words = sign_in(author).text(f"/studio/{draft.id}/instruments?q=reasons arrest")
    assert "ICCPR 9(2)" in words
    assert "CEDAW" not in words
    assert "Nothing is called that" in sign_in(author).text(f"/studio/{draft.id}/instruments?q=zebra")


def test_an_instrument_becomes_a_source_of_the_course_once(draft: Draft, author: User, sign_in: SignIn) -> None:
    browser, before = sign_in(author), sources(draft)
    assert "CAT" not in before
    browser.send(f"/studio/{draft.id}/sources", id="CAT")
    browser.send(f"/studio/{draft.id}/sources", id="CAT")
    assert sources(draft) == [*before, "CAT"]
    added = parts.load(queries.content(draft, parts.COURSE))["sources"][-1]
    assert added["binding"] == "treaty"
    assert set(added["title"]) == set(draft.languages)


def test_what_is_no_instrument_is_refused_with_the_mend(draft: Draft, author: User, sign_in: SignIn) -> None:
    browser, before = sign_in(author), sources(draft)
    browser.send(f"/studio/{draft.id}/sources", id="MADEUP")
    assert "Choose an instrument from the list." in browser.text(f"/studio/{draft.id}/instruments")
    assert sources(draft) == before
