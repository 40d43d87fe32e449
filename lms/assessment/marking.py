"""Marking answers: pure functions from a question and an answer to a share of its points, and to feedback."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from lms.core.words import pick
from lms.library.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from lms.library.texts import Text

NOTHING, ALL = Fraction(0), Fraction(1)
LONGEST_NUMBER = 40


def mark(question: Question, answer: Any) -> Fraction:
    """The share of the question's points, from 0 to 1; an answer of the wrong shape earns nothing.

    Answers are JSON values: an option's id (single choice), a list of ids (multiple choice, ordering), a bool
    (true/false), text as typed (numeric, short text), a mapping from pair to chosen pair (matching).
    """
    match question:
        case SingleChoice():
            return _all_or_nothing(any(option.correct and option.id == answer for option in question.options))
        case MultipleChoice():
            return _share_of_choices(question, answer)
        case TrueFalse():
            return _all_or_nothing(answer is question.answer)
        case Numeric():
            return _all_or_nothing(_is_near(question, answer))
        case ShortText():
            accepted = {normal(text) for texts in question.accepted.values() for text in texts}
            return _all_or_nothing(isinstance(answer, str) and normal(answer) in accepted)
        case Matching():
            if not isinstance(answer, dict):
                return NOTHING
            return Fraction(sum(answer.get(pair.id) == pair.id for pair in question.pairs), len(question.pairs))
        case Ordering():
            return _all_or_nothing(answer == [item.id for item in question.items])


def _all_or_nothing(right: bool) -> Fraction:
    return ALL if right else NOTHING


def _share_of_choices(question: MultipleChoice, answer: Any) -> Fraction:
    """Right picks less wrong ones, over all right ones; never below nothing."""
    if not isinstance(answer, list):
        return NOTHING
    picked = {each for each in answer if isinstance(each, str)}
    right = {option.id for option in question.options if option.correct}
    return max(NOTHING, Fraction(len(picked & right) - len(picked - right), len(right)))


def penalty(question: Question, answer: Any) -> Fraction:
    """What a wrong choice costs where wrong ones cost, as a share of the points: what a guesser gains by luck.

    Nothing for no answer, and nothing for what cannot be guessed.
    """
    match question:
        case SingleChoice() if isinstance(answer, str) and mark(question, answer) == NOTHING:
            return Fraction(1, len(question.options) - 1)
        case TrueFalse() if isinstance(answer, bool) and mark(question, answer) == NOTHING:
            return ALL
        case MultipleChoice() if isinstance(answer, list):
            right = {option.id for option in question.options if option.correct}
            picked = {each for each in answer if isinstance(each, str)}
            return min(ALL, max(NOTHING, Fraction(len(picked - right) - len(picked & right), len(right))))
        case _:
            return NOTHING


def number(typed: Any) -> Decimal | None:
    """The number that was typed: with point or comma, in any script's digits; ``None`` for anything else."""
    if not isinstance(typed, str) or len(typed) > LONGEST_NUMBER:
        return None
    plain = "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in typed)
    plain = re.sub(r"[\s\u066c]", "", plain).replace("\u066b", ".").replace(",", ".").replace("\u2212", "-")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _is_near(question: Numeric, typed: Any) -> bool:
    given = number(typed)
    # Decimals of what stands in the document, so that 0.1 is a tenth.
    return given is not None and abs(given - Decimal(str(question.answer))) <= Decimal(str(question.tolerance))


def normal(text: str) -> str:
    """Words without what a hurried typist leaves out: case, accents and vowel signs, punctuation, spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (each for each in decomposed if unicodedata.category(each)[0] in "LN" and each != "\u0640")
    return "".join(kept)


def is_unknown(question: Question, answer: str) -> bool:
    """Whether these are words that the key does not know, so that a person has to judge them."""
    return isinstance(question, ShortText) and normal(answer) != "" and mark(question, answer) == NOTHING


def fingerprint(question: Question) -> str:
    """The question as it is worded, in 64 characters: a change to its words or its key gives another."""
    return hashlib.sha256(question.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def feedback(question: Question, answer: Any, languages: Sequence[str], *, accepted: bool = False) -> list[str]:
    """What to say to this answer and to no other: options left alone stay unexplained, and the key hidden.

    ``accepted`` says that a marker took an answer for right which the key does not know.
    """
    return [pick(text, languages)[1] for text in _feedback(question, answer, accepted)]


def _feedback(question: Question, answer: Any, accepted: bool) -> list[Text]:
    match question:
        case SingleChoice() | MultipleChoice():
            picked = answer if isinstance(answer, list) else [answer]
            return [option.feedback for option in question.options if option.id in picked]
        case TrueFalse():
            return [question.when_true if answer else question.when_false] if isinstance(answer, bool) else []
        case _:
            if answer is None:
                return []
            right = accepted or mark(question, answer) == ALL
            return [question.feedback_right if right else question.feedback_wrong]
