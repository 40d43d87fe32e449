"""Saying in the studio which certificates a course gives, and what each asks for."""

from collections.abc import Callable
from typing import Any

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
COMPETENCE = {
    "kind": "competence",
    "level": 4,
    "valid_months": 24,
    "renewal": {"activities": ["final"], "remind_days": [90]},
}


@pytest.fixture
def draft(app: Flask) -> Draft:
    mission = a_mission()
    document = with_handouts(more_certificates=[COMPETENCE])
    return a_draft(mission, a_published(document), deployed(mission))


@pytest.fixture
def author(draft: Draft, sign_in: SignIn) -> Browser:
    return sign_in(session.get_one(User, draft.created_by))


def save(author: Browser, draft: Draft, **typed: Any) -> int:
    about = parts.load(service.contents(draft)[parts.COURSE])
    fields = {name: about[name]["en"] for name in ("title", "summary", "audience")}
    number = service.part(draft, parts.COURSE).number  # type: ignore[union-attr]
    fields |= {
        "hours": "16",
        "topics": "human-rights",
        "objectives-id": "o",
        "objectives-text": "Do it",
        parts.COURSE: str(number),
    }
    return author.send(f"/studio/{draft.id}/about", **(fields | typed)).status_code


def test_rules_are_shown_changed_and_taken_away(author: Browser, draft: Draft) -> None:
    page = author.get(f"/studio/{draft.id}/about").text
    for field in ('value="competence" checked', 'name="competence-level" type="number" value="4"', 'value="90"'):
        assert field in page
    typed = {
        "certificates": ["completion", "attendance"],
        "completion-valid_months": "12",
        "completion-again": ["quiz", "final"],
        "completion-remind_days": "60, 7",
        "attendance-attendance": "90",
    }
    assert save(author, draft, **typed) == 302
    document = readiness.document_of(draft)
    completion, attendance = document.rules()
    assert (completion.kind, completion.valid_months) == ("completion", 12)
    assert completion.renewal is not None
    assert (completion.renewal.activities, completion.renewal.remind_days) == (["quiz", "final"], [60, 7])
    assert (attendance.kind, attendance.attendance) == ("attendance", 90)


def test_a_course_may_give_none(author: Browser, draft: Draft) -> None:
    assert save(author, draft) == 302
    assert readiness.document_of(draft).rules() == []


def test_saving_what_stands_changes_nothing(author: Browser, draft: Draft) -> None:
    before = readiness.document_of(draft).content_hash()
    typed = {
        "certificates": ["completion", "competence"],
        "competence-level": "4",
        "competence-valid_months": "24",
        "competence-again": ["final"],
        "competence-remind_days": "90",
    }
    assert save(author, draft, **typed) == 302
    assert readiness.document_of(draft).content_hash() == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"attendance-attendance": "120"}, "Type a whole number from 1 to 100"),
        ({"attendance-again": "final", "attendance-remind_days": "soon"}, "at most four numbers of days"),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_typed(
    author: Browser, draft: Draft, typed: dict[str, str], words: str
) -> None:
    answer = author.send(f"/studio/{draft.id}/about", title="T", summary="S", audience="A", certificates="attendance",
                         **typed)  # fmt: skip
    assert answer.status_code == 422
    assert words in answer.text
    for value in typed.values():
        assert f'value="{value}"' in answer.text


def test_a_rule_without_an_end_stands_on_the_checklist(author: Browser, draft: Draft) -> None:
    assert save(author, draft, certificates="completion", **{"completion-again": "final"}) == 302
    assert "a renewal but no end" in author.text(f"/studio/{draft.id}/review")
