"""What a course may ask for before it gives a certificate, and what it may not."""

from typing import Any

import pytest
from pydantic import ValidationError

from lms.library.awards import asked_for
from lms.library.document import CourseDocument
from tests.documents import a_document, with_handouts

RENEWAL = {"activities": ["final"], "remind_days": [90, 30]}


def refused(**changes: Any) -> str:
    with pytest.raises(ValidationError) as error:
        with_handouts(**changes)
    return str(error.value)


def test_a_course_that_says_nothing_means_what_it_meant() -> None:
    document = a_document()
    assert [rule.kind for rule in document.rules()] == ["completion"]
    assert "certificate" not in document.canonical_json()
    assert asked_for(document.rules()[0], {each.id: each for each in document.activities()}) == [
        "greeting",
        "asking",
        "quiz",
        "final",
    ]
    assert a_document(certificate=None).rules() == []


def test_every_kind_of_certificate_has_a_rule_of_its_own() -> None:
    rules: list[dict[str, Any]] = [
        {"kind": "instructor", "final_mark": 80},
        {"kind": "competence", "level": 4, "valid_months": 24, "renewal": RENEWAL},
        {"kind": "attendance", "attendance": 90, "hours": 12},
    ]
    document = with_handouts(more_certificates=rules)
    assert [rule.kind for rule in document.rules()] == ["completion", "attendance", "competence", "instructor"]
    assert [rule.least_level for rule in document.rules()] == [None, None, 4, 4]
    assert CourseDocument.model_validate_json(document.canonical_json()) == document
    turned = with_handouts(more_certificates=rules[::-1])
    assert turned.content_hash() == document.content_hash()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"kind": "attendance", "activities": ["gone"]}, "asks for the unknown activity 'gone'"),
        ({"kind": "attendance", "renewal": RENEWAL}, "a renewal but no end"),
        (
            {"kind": "attendance", "valid_months": 12, "renewal": {"activities": ["greeting"]}},
            "shows nothing when it is done again",
        ),
        ({"kind": "attendance", "attendance": 120}, "less than or equal to 100"),
        ({"kind": "attendance", "valid_months": 601}, "write 600 or less"),
        ({"kind": "attendance", "hours": 1001}, "write 1000 or less"),
        ({"kind": "competence", "level": 2}, "Input should be 3 or 4"),
        ({"kind": "mastery"}, "'attendance', 'competence', 'instructor'"),
    ],
)
def test_a_rule_that_nobody_could_meet_is_refused(rule: dict[str, Any], words: str) -> None:
    assert words in refused(more_certificates=[rule])


def test_a_course_that_was_published_before_there_were_these_limits_is_still_read() -> None:
    text = a_document().model_dump_json().replace('"hours":16', '"hours":70000')
    assert "70000" in text
    with pytest.raises(ValidationError, match="write 1000 or less"):
        CourseDocument.model_validate_json(text)
    assert CourseDocument.from_kept(text).hours == 70000


def test_a_kind_stands_once() -> None:
    assert "stands twice" in refused(more_certificates=[{"kind": "attendance"}, {"kind": "attendance"}])


def test_competence_needs_critical_behaviours_to_be_watched_for() -> None:
    with pytest.raises(ValidationError, match="mark one in 'observations' as critical"):
        a_document(more_certificates=[{"kind": "competence"}])
