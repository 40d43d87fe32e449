"""The kinds of question, and the pools that they lie in."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lms.core.words import N_, said
from lms.library.texts import Id, LanguageTag, Part, Picture, Recording, Reference, Text, Words, check_unique


class Asked(Part):
    """What every kind of question has: ``hint`` for who asks for it, ``difficulty`` and ``tags`` for authors.

    ``audio`` is the prompt read aloud, for those who read with difficulty.
    """

    id: Id
    scenario: Text | None = None
    prompt: Text
    image: Picture | None = None
    audio: Recording | None = None
    points: Annotated[int, Field(ge=1, le=20)] = 1
    objective: Id | None = None
    references: list[Reference] = Field(default_factory=list)
    hint: Text | None = None
    difficulty: Literal["easy", "medium", "hard"] | None = None
    tags: list[Id] = Field(default_factory=list)

    def recordings(self) -> list[str]:
        """The sounds of ``media/`` that it is heard with."""
        return list((self.audio or {}).values())


class Option(Part):
    """One choice; its feedback says why it is right or wrong, ``audio`` is the choice read aloud."""

    id: Id
    text: Text
    audio: Recording | None = None
    correct: bool = False
    feedback: Text


class Choosing(Asked):
    """A question answered by choosing among options."""

    options: Annotated[list[Option], Field(min_length=2, max_length=10)]

    def recordings(self) -> list[str]:
        """Those of the prompt and of every option."""
        return super().recordings() + [each for option in self.options for each in (option.audio or {}).values()]

    @model_validator(mode="after")
    def _options_have_own_ids(self) -> Self:
        check_unique([option.id for option in self.options], "option")
        return self


class SingleChoice(Choosing):
    """Exactly one option is right."""

    kind: Literal["single_choice"]

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if sum(option.correct for option in self.options) != 1:
            raise ValueError(said(N_("mark exactly one option with 'correct: true'")))
        return self


class MultipleChoice(Choosing):
    """One or more options are right; points are shared, never negative."""

    kind: Literal["multiple_choice"]

    @model_validator(mode="after")
    def _some_are_right(self) -> Self:
        if not any(option.correct for option in self.options):
            raise ValueError(said(N_("mark at least one option with 'correct: true'")))
        return self


class TrueFalse(Asked):
    """A statement that holds or does not; feedback for each choice."""

    kind: Literal["true_false"]
    answer: bool
    when_true: Text
    when_false: Text


class Judged(Asked):
    """A question whose feedback depends on being right or wrong only."""

    feedback_right: Text
    feedback_wrong: Text


class Numeric(Judged):
    """A number within ``tolerance`` of ``answer``, both in ``unit``."""

    kind: Literal["numeric"]
    answer: float
    tolerance: Annotated[float, Field(ge=0)] = 0
    unit: Text | None = None


class ShortText(Judged):
    """A few words, equal to an accepted answer but for case, accents and punctuation."""

    kind: Literal["short_text"]
    accepted: Annotated[dict[LanguageTag, Annotated[list[Words], Field(min_length=1)]], Field(min_length=1)]


class Pair(Part):
    """A term and what belongs to it."""

    id: Id
    term: Text
    match: Text


class Matching(Judged):
    """Every term gets its match; points are shared between the pairs."""

    kind: Literal["matching"]
    pairs: Annotated[list[Pair], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _pairs_have_own_ids(self) -> Self:
        check_unique([pair.id for pair in self.pairs], "pair")
        return self


class Item(Part):
    """One thing to put in order."""

    id: Id
    text: Text


class Ordering(Judged):
    """Items listed here in their right order; points for the whole order only."""

    kind: Literal["ordering"]
    items: Annotated[list[Item], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _items_have_own_ids(self) -> Self:
        check_unique([item.id for item in self.items], "item")
        return self


Question = Annotated[
    SingleChoice | MultipleChoice | TrueFalse | Numeric | ShortText | Matching | Ordering,
    Field(discriminator="kind"),
]


class Pool(Part):
    """Questions that quizzes draw from."""

    id: Id
    title: Text
    questions: Annotated[list[Question], Field(min_length=1)]
