"""Drawing a paper, showing its questions without their keys, and reading what comes back.

Options travel as their place in the order shown, never by id, so nothing on the page tells which is right.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from lms.core.words import pick
from lms.library.activities import Test
from lms.library.edition import Edition
from lms.library.questions import Choosing, Matching, MultipleChoice, Ordering, Pool, Question, SingleChoice, TrueFalse
from lms.library.rendering import inline, media_url
from lms.library.texts import Text

_chance = random.SystemRandom()


def draw(edition: Edition, activity: Test, seen: Mapping[str, int]) -> list[dict[str, Any]]:
    """A paper: questions drawn at random from each pool, each with the order in which its parts are shown.

    ``seen`` says how often a question was met before: those met least come first, so that papers are parallel forms.
    """
    pools: dict[str, Pool] = {pool.id: pool for pool in edition.document.pools}
    drawn: list[Question] = []
    for wanted in activity.draws:
        questions = pools[wanted.pool].questions
        count = wanted.count or len(questions)
        by_lot = _chance.sample(questions, len(questions))
        chosen = {question.id for question in sorted(by_lot, key=lambda each: seen.get(each.id, 0))[:count]}
        drawn += [question for question in questions if question.id in chosen]
    if activity.shuffle:
        _chance.shuffle(drawn)
    return [{"question": question.id, "order": _order(question)} for question in drawn]


def _order(question: Question) -> list[str]:
    if isinstance(question, Choosing):
        ids = [option.id for option in question.options]
    elif isinstance(question, Matching):
        ids = [pair.id for pair in question.pairs]
    elif isinstance(question, Ordering):
        ids = [item.id for item in question.items]
    else:
        return []
    shown = _chance.sample(ids, len(ids))
    # Items that happen to fall into their right order would give the answer away.
    while isinstance(question, Ordering) and shown == ids:
        shown = _chance.sample(ids, len(ids))
    return shown


@dataclass(frozen=True)
class Sound:
    """Words read aloud: where they are to be had, and how many bytes that costs."""

    url: str
    bytes: int


@dataclass(frozen=True)
class Choice:
    """Something that can be picked: the value its input sends, its words, whether it is picked now."""

    value: str
    text: Markup
    picked: bool
    sound: Sound | None = None


@dataclass(frozen=True)
class Line:
    """A matching term, or an item to order: the input's name, its words, what is chosen for it."""

    name: str
    text: Markup
    chosen: str


@dataclass(frozen=True)
class Shown:
    """A question as the browser gets it, in one language: words and choices, nothing that tells the key."""

    kind: str
    language: str
    scenario: Markup | None
    prompt: Markup
    image: str | None
    image_alt: str
    points: int
    choices: Sequence[Choice]
    lines: Sequence[Line]
    typed: str
    unit: str | None
    hint: Markup | None
    sound: Sound | None


def show(edition: Edition, entry: Mapping[str, Any], answer: Any, languages: Sequence[str]) -> Shown:
    """The question of a paper's entry, with the answer given so far."""
    question = edition.questions[entry["question"]]
    order: list[str] = entry["order"]
    language, prompt = pick(question.prompt, languages)

    def words(text: Text) -> Markup:
        return inline(pick(text, [language, *languages])[1])

    def heard(recording: Mapping[str, str] | None) -> Sound | None:
        # Another language than the one that is shown would not be the same words.
        name = (recording or {}).get(language)
        address = media_url(edition.document.media, name) if name else None
        return Sound(address, edition.document.media[name].bytes) if name and address else None

    choices: list[Choice] = []
    lines: list[Line] = []
    typed, unit = "", None
    if isinstance(question, SingleChoice | MultipleChoice):
        options = {option.id: option for option in question.options}
        picked = set(answer if isinstance(answer, list) else [answer])
        choices = [
            Choice(str(place), words(options[id].text), id in picked, heard(options[id].audio))
            for place, id in enumerate(order)
        ]
    elif isinstance(question, TrueFalse):
        choices = [Choice(value, Markup(), answer is meaning) for value, meaning in (("true", True), ("false", False))]
    elif isinstance(question, Matching):
        pairs = {pair.id: pair for pair in question.pairs}
        given = answer if isinstance(answer, dict) else {}
        choices = [Choice(str(place), words(pairs[id].match), False) for place, id in enumerate(order)]
        # Terms stand in the author's order; their matches are what is shuffled.
        lines = [
            Line(f"line-{number}", words(pair.term), _place(order, given.get(pair.id)))
            for number, pair in enumerate(question.pairs)
        ]
    elif isinstance(question, Ordering):
        items = {item.id: item for item in question.items}
        ordered = answer if isinstance(answer, list) else []
        choices = [Choice(str(rank), escape(rank + 1), False) for rank in range(len(order))]
        lines = [Line(f"line-{place}", words(items[id].text), _place(ordered, id)) for place, id in enumerate(order)]
    else:
        typed = answer if isinstance(answer, str) else ""
        text = getattr(question, "unit", None)
        unit = pick(text, [language, *languages])[1] if text else None
    return Shown(
        kind=question.kind,
        language=language,
        scenario=words(question.scenario) if question.scenario else None,
        prompt=inline(prompt),
        image=media_url(edition.document.media, question.image.file) if question.image else None,
        image_alt=pick(question.image.alt, languages)[1] if question.image else "",
        points=question.points,
        choices=choices,
        lines=lines,
        typed=typed,
        unit=unit,
        hint=words(question.hint) if question.hint else None,
        sound=heard(question.audio),
    )


def _place(order: Sequence[str], id: str | None) -> str:
    return str(order.index(id)) if id in order else ""


class Unreadable(ValueError):
    """What came back is not an answer to this question."""


def read(question: Question, order: Sequence[str], sent: Mapping[str, Sequence[str]]) -> Any:
    """The answer in a sent form, in the shape that marking takes; ``None`` when nothing was answered.

    ``sent`` maps field names to their values. Raises ``Unreadable`` for what no page of ours sends.
    """
    picked = list(sent.get("answer", []))
    if isinstance(question, SingleChoice):
        return _id(order, picked[0]) if picked else None
    if isinstance(question, MultipleChoice):
        return sorted({_id(order, each) for each in picked}) or None
    if isinstance(question, TrueFalse):
        return {"true": True, "false": False}.get(picked[0]) if picked else None
    if isinstance(question, Matching):
        chosen = {
            pair.id: _id(order, value)
            for number, pair in enumerate(question.pairs)
            if (value := _one(sent, f"line-{number}"))
        }
        return chosen or None
    if isinstance(question, Ordering):
        return _ordered(order, [_one(sent, f"line-{place}") for place in range(len(order))])
    return (picked[0].strip()[:200] or None) if picked else None


def _ordered(order: Sequence[str], ranks: Sequence[str]) -> list[str] | None:
    """The ids by the rank given to each; ranks given twice keep the order shown, missing ones come last."""
    if not any(ranks):
        return None
    last = len(order)
    keyed = []
    for place, rank in enumerate(ranks):
        if rank and not rank.isdecimal():
            raise Unreadable(rank)
        keyed.append((int(rank) if rank else last, place))
    return [order[place] for _, place in sorted(keyed)]


def _one(sent: Mapping[str, Sequence[str]], name: str) -> str:
    values = sent.get(name, [])
    return values[0] if values else ""


def _id(order: Sequence[str], value: str) -> str:
    if not value.isdecimal() or int(value) >= len(order):
        raise Unreadable(value)
    return order[int(value)]
