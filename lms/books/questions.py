"""A quiz's questions on paper: what is asked without its key, and the key with its reasons for mentors."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, TypeVar

from markupsafe import Markup, escape

from lms.books.press import Press
from lms.core.words import N_
from lms.library.questions import (
    Choosing,
    Item,
    Judged,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortText,
    TrueFalse,
)

LETTERS = {"ar": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"}
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WRITING_LINES = 2


class Named(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str: ...


P = TypeVar("P", bound=Named)


@dataclass(frozen=True)
class Part:
    """A choice, a term or an item, with the letter or number that it is called by."""

    label: str
    text: Markup


@dataclass(frozen=True)
class Asked:
    """A question as it is printed for trainees; nothing in it tells the key."""

    number: str
    language: str
    scenario: Markup | None
    picture: Markup | None
    prompt: Markup
    hint: str | None
    terms: Sequence[Part]
    choices: Sequence[Part]
    lines: int
    unit: Markup | None


@dataclass(frozen=True)
class Remark:
    """What is said to those who answer so."""

    label: str
    right: bool
    text: Markup


@dataclass(frozen=True)
class Key:
    """The right answer of a printed question, and the reasons."""

    number: str
    language: str
    prompt: Markup
    right: Sequence[Part]
    remarks: Sequence[Remark]
    references: Sequence[str]


def ask(question: Question, number: str, press: Press) -> Asked:
    """The question in the best language there is, its parts in an order that tells nothing."""
    language, _ = press.voice.pick(question.prompt)
    return Asked(
        number=number,
        language=language,
        scenario=press.short(question.scenario, language) if question.scenario else None,
        picture=press.picture(question.image, language) if question.image else None,
        prompt=press.short(question.prompt, language),
        hint=_hint(question, press),
        terms=_terms(question, language, press),
        choices=_choices(question, language, press),
        lines=_lines(question),
        unit=press.short(question.unit, language) if isinstance(question, Numeric) and question.unit else None,
    )


def key(question: Question, number: str, press: Press) -> Key:
    """The right answer by the letters that ``ask`` gave, and the feedback of every choice."""
    language, _ = press.voice.pick(question.prompt)
    return Key(
        number=number,
        language=language,
        prompt=press.short(question.prompt, language),
        right=_right(question, language, press),
        remarks=_remarks(question, language, press),
        references=question.references,
    )


def mixed(seed: str, parts: Sequence[P]) -> list[P]:
    """The parts in an order that looks like chance and is always the same."""
    return sorted(parts, key=lambda part: sha256(f"{seed}/{part.id}".encode()).digest())


def disordered(question: Ordering) -> list[Item]:
    """The items in any order but the right one."""
    items = mixed(question.id, question.items)
    return [*items[1:], items[0]] if items == question.items else items


def _hint(question: Question, press: Press) -> str | None:
    if isinstance(question, MultipleChoice):
        return press.voice.words.gettext(N_("Choose all that are right."))
    if isinstance(question, Matching):
        return press.voice.words.gettext(N_("Choose what belongs to each line."))
    if isinstance(question, Ordering):
        return press.voice.words.gettext(N_("Give each line its place: 1 comes first."))
    return None


def _terms(question: Question, language: str, press: Press) -> list[Part]:
    pairs = question.pairs if isinstance(question, Matching) else []
    return [Part(str(number), press.short(pair.term, language)) for number, pair in enumerate(pairs, 1)]


def _choices(question: Question, language: str, press: Press) -> list[Part]:
    if isinstance(question, TrueFalse):
        return [Part("", word) for word in _truth(press)]
    if isinstance(question, Choosing):
        texts = [option.text for option in mixed(question.id, question.options)]
    elif isinstance(question, Matching):
        texts = [pair.match for pair in mixed(question.id, question.pairs)]
    elif isinstance(question, Ordering):
        texts = [item.text for item in disordered(question)]
    else:
        return []
    return [Part(letter, press.short(text, language)) for letter, text in zip(_letters(press), texts, strict=False)]


def _lines(question: Question) -> int:
    """How many lines there are to write on: none where something is chosen."""
    if isinstance(question, Choosing | TrueFalse | Matching | Ordering):
        return 0
    return 1 if isinstance(question, Numeric) else WRITING_LINES


def _right(question: Question, language: str, press: Press) -> list[Part]:
    choices = _choices(question, language, press)
    if isinstance(question, Choosing):
        options = mixed(question.id, question.options)
        return [part for part, option in zip(choices, options, strict=True) if option.correct]
    if isinstance(question, TrueFalse):
        return [choices[0 if question.answer else 1]]
    if isinstance(question, Matching):
        return _in_order(question.pairs, mixed(question.id, question.pairs), choices)
    if isinstance(question, Ordering):
        return _in_order(question.items, disordered(question), choices)
    if isinstance(question, Numeric):
        return [Part("", _amount(question, language, press))]
    if isinstance(question, ShortText):
        accepted = question.accepted.get(language) or next(iter(question.accepted.values()))
        return [Part("", Markup(" / ").join(Markup("<bdi>{}</bdi>").format(each) for each in accepted))]
    return []


def _in_order(wanted: Sequence[P], shown: Sequence[P], choices: Sequence[Part]) -> list[Part]:
    """``2 – C``: the number of each in its right order, with the letter it was printed with."""
    printed = {each.id: choice for each, choice in zip(shown, choices, strict=True)}
    return [
        Part(f"{number} – {printed[each.id].label}", printed[each.id].text) for number, each in enumerate(wanted, 1)
    ]


def _remarks(question: Question, language: str, press: Press) -> list[Remark]:
    if isinstance(question, Choosing):
        options = mixed(question.id, question.options)
        return [
            Remark(letter, option.correct, press.short(option.feedback, language))
            for letter, option in zip(_letters(press), options, strict=False)
        ]
    if isinstance(question, TrueFalse):
        true, false = _truth(press)
        return [
            Remark(true, question.answer, press.short(question.when_true, language)),
            Remark(false, not question.answer, press.short(question.when_false, language)),
        ]
    if isinstance(question, Judged):
        return [
            Remark("", True, press.short(question.feedback_right, language)),
            Remark("", False, press.short(question.feedback_wrong, language)),
        ]
    return []


def _truth(press: Press) -> tuple[Markup, Markup]:
    words = press.voice.words
    return escape(words.gettext(N_("True"))), escape(words.gettext(N_("False")))


def _amount(question: Numeric, language: str, press: Press) -> Markup:
    amount = press.voice.number(question.answer)
    if question.tolerance:
        amount += f" ± {press.voice.number(question.tolerance)}"
    unit = press.voice.pick(question.unit, language)[1] if question.unit else ""
    return Markup('<bdi dir="ltr">{}</bdi> {}').format(amount, unit)


def _letters(press: Press) -> str:
    return LETTERS.get(press.voice.language.split("-")[0], LATIN)
