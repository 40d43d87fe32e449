"""What an answer earns, and what is said to it."""

from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter

from lms.assessment.marking import feedback, mark, normal, number, penalty
from lms.library.questions import Question, SingleChoice
from tests.documents import a_question_of_each_kind

QUESTIONS = {each["id"]: TypeAdapter[Any](Question).validate_python(each) for each in a_question_of_each_kind()}


@pytest.mark.parametrize(
    ("question", "answer", "share"),
    [
        ("single", "b", 1),
        ("single", "a", 0),
        ("single", ["b"], 0),
        ("multiple", ["a", "c"], 1),
        ("multiple", ["c", "a", "a"], 1),
        ("multiple", ["a"], Fraction(1, 2)),
        ("multiple", ["a", "b"], 0),
        ("multiple", ["a", "b", "c"], Fraction(1, 2)),
        ("multiple", ["b"], 0),
        ("truth", True, 1),
        ("truth", 1, 0),
        ("truth", False, 0),
        ("number", "48", 1),
        ("number", "48,0", 1),
        ("number", "٤٨", 1),
        ("number", "۴۸", 1),
        ("number", " +48.000 ", 1),
        ("number", "47.999", 0),
        ("number", "nan", 0),
        ("number", "4" * 500, 0),
        ("text", "DIGNITY.", 1),
        ("text", "dignite", 1),
        ("text", "dig", 0),
        ("match", {"x": "x", "y": "y", "z": "z"}, 1),
        ("match", {"x": "x", "y": "z"}, Fraction(1, 3)),
        ("match", "x", 0),
        ("order", ["one", "two", "three"], 1),
        ("order", ["one", "three", "two"], 0),
    ],
)
def test_an_answer_earns_its_share(question: str, answer: Any, share: Fraction) -> None:
    assert mark(QUESTIONS[question], answer) == share


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("answer", [None, "", "zzz", [], {}, 3, 1.5, [None], {"a": None}, [["b"]]])
def test_nothing_and_nonsense_earn_nothing_and_never_fail(question: str, answer: Any) -> None:
    assert mark(QUESTIONS[question], answer) == 0
    feedback(QUESTIONS[question], answer, ["en"])


def test_feedback_speaks_only_of_what_was_chosen() -> None:
    assert feedback(QUESTIONS["single"], "a", ["en"]) == ["Wrong, because of a"]
    assert feedback(QUESTIONS["multiple"], ["a", "b"], ["fr"]) == [
        "Right, because of a (fr)",
        "Wrong, because of b (fr)",
    ]
    assert feedback(QUESTIONS["truth"], False, ["en"]) == ["It is so after all"]
    assert feedback(QUESTIONS["number"], "47", ["en"]) == ["Read it again"]
    assert feedback(QUESTIONS["order"], ["one", "two", "three"], ["en"]) == ["You have it"]
    assert all(feedback(question, None, ["en"]) == [] for question in QUESTIONS.values())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1,5", "1.5"), ("-3", "-3"), ("\u22123", "-3"), ("1 000", "1000"), ("١٫٥", "1.5"), (".5", "0.5")],
)
def test_numbers_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert str(number(typed)) == meant or number(typed) == __import__("decimal").Decimal(meant)


@pytest.mark.parametrize("typed", ["", "abc", "1.2.3", "1e5", "inf", "--1", "0x10"])
def test_what_is_not_a_number_is_none(typed: str) -> None:
    assert number(typed) is None


def test_arabic_words_match_without_vowel_signs_and_stretching() -> None:
    assert normal("كَرَامَةٌ") == normal("كرامـــة")


@pytest.mark.parametrize(
    ("question", "answer", "cost"),
    [
        ("single", "a", Fraction(1, 2)),
        ("single", "b", Fraction(0)),
        ("truth", False, Fraction(1)),
        ("multiple", ["b"], Fraction(1, 2)),
        ("multiple", ["a", "c"], Fraction(0)),
        ("single", None, Fraction(0)),
        ("truth", None, Fraction(0)),
        ("text", "nonsense", Fraction(0)),
        ("number", "1", Fraction(0)),
        ("order", ["two", "one", "three"], Fraction(0)),
    ],
)
def test_a_wrong_choice_costs_what_guessing_would_gain_and_silence_costs_nothing(
    question: str, answer: Any, cost: Fraction
) -> None:
    assert penalty(QUESTIONS[question], answer) == cost


def test_by_pure_guessing_nobody_gains_or_loses() -> None:
    """Over all choices the gain and the cost are equal, which is the point of it."""
    for id in ("single", "truth"):
        question = QUESTIONS[id]
        choices: list[Any] = (
            [option.id for option in question.options] if isinstance(question, SingleChoice) else [True, False]
        )
        assert sum(mark(question, each) - penalty(question, each) for each in choices) == 0
