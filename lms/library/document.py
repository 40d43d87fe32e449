"""The course document: what a published course version is, typed and validated."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
MEDIA_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"


def _readable(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty: write something")
    if found := _UNWRITABLE.search(text):
        raise ValueError(f"holds the control character U+{ord(found[0]):04X}: delete it")
    return text


# PostgreSQL keeps no NUL, UTF-8 no lone surrogate, and nobody can see the others.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
Words = Annotated[str, AfterValidator(_readable)]
Text = Annotated[dict[LanguageTag, Words], Field(min_length=1)]
"""The same words in several languages, keyed by BCP 47 tag."""
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9-]*( .+)?$", max_length=120)]
"""A source's id and, mostly, an article: ``ICCPR 9(2)``."""


class Part(BaseModel):
    """Whatever stands in a course document: immutable, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Media(Part):
    """A file beside the course, known by the SHA-256 of its bytes."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    type: str
    bytes: Annotated[int, Field(ge=0)]


class Objective(Part):
    """One observable thing that a trainee can do afterwards."""

    id: Id
    text: Text


class Source(Part):
    """An instrument the course cites; ``binding`` says whether it binds states or guides them."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9-]*$", max_length=40)]
    binding: Literal["treaty", "standard", "guidance"]
    title: Text
    dated: str


class GlossaryEntry(Part):
    """A word and what it means in this course."""

    term: Text
    meaning: Text


class Picture(Part):
    """A picture of ``media/`` and the words for those who cannot see it."""

    file: str
    alt: Text


class Asked(Part):
    """What every kind of question has."""

    id: Id
    scenario: Text | None = None
    prompt: Text
    image: Picture | None = None
    points: Annotated[int, Field(ge=1, le=20)] = 1
    objective: Id | None = None
    references: list[Reference] = []


class Option(Part):
    """One choice; its feedback says why it is right or wrong."""

    id: Id
    text: Text
    correct: bool = False
    feedback: Text


class Choosing(Asked):
    """A question answered by choosing among options."""

    options: Annotated[list[Option], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _options_have_own_ids(self) -> Self:
        _unique([option.id for option in self.options], "option")
        return self


class SingleChoice(Choosing):
    """Exactly one option is right."""

    kind: Literal["single_choice"]

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if sum(option.correct for option in self.options) != 1:
            raise ValueError("mark exactly one option with 'correct: true'")
        return self


class MultipleChoice(Choosing):
    """One or more options are right; points are shared, never negative."""

    kind: Literal["multiple_choice"]

    @model_validator(mode="after")
    def _some_are_right(self) -> Self:
        if not any(option.correct for option in self.options):
            raise ValueError("mark at least one option with 'correct: true'")
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
        _unique([pair.id for pair in self.pairs], "pair")
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
        _unique([item.id for item in self.items], "item")
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


class Draw(Part):
    """How many questions come from a pool; all of them when ``count`` is absent."""

    pool: Id
    count: Annotated[int, Field(ge=1)] | None = None


class Task(Part):
    """What every kind of activity has; ``minutes`` is the expected working time."""

    id: Id
    title: Text
    minutes: Annotated[int, Field(ge=1, le=600)]
    required: bool = True
    requires: list[Id] = []


class Lesson(Task):
    """A page to read; ``law`` asks the mission for the law in force on the matter."""

    kind: Literal["lesson"]
    body: Text
    law: Text | None = None


class Test(Task):
    """Questions with a pass mark in percent; ``time_limit`` in minutes, ``attempts`` unlimited when absent."""

    intro: Text | None = None
    draws: Annotated[list[Draw], Field(min_length=1)]
    pass_mark: Annotated[int, Field(ge=0, le=100)] = 70
    attempts: Annotated[int, Field(ge=1)] | None = None
    time_limit: Annotated[int, Field(ge=1, le=600)] | None = None
    shuffle: bool = True


class Quiz(Test):
    """A test for learning: it may be taken again."""

    kind: Literal["quiz"]


class FinalAssessment(Test):
    """The test that the certificate rests on."""

    kind: Literal["final_assessment"]


Activity = Annotated[Lesson | Quiz | FinalAssessment, Field(discriminator="kind")]


class Module(Part):
    """A group of activities."""

    id: Id
    title: Text
    activities: Annotated[list[Activity], Field(min_length=1)]


class CertificateRule(Part):
    """What the certificate is of; it always rests on every required activity."""

    kind: Literal["completion"] = "completion"
    valid_months: Annotated[int, Field(ge=1)] | None = None


class CourseDocument(Part):
    """A whole course; ids are stable, so that work done stays done in a later version."""

    format: Literal[1] = 1
    slug: Id
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2}$")]
    source_language: LanguageTag
    languages: Annotated[list[LanguageTag], Field(min_length=1)]
    title: Text
    summary: Text
    audience: Text
    hours: Annotated[int, Field(ge=1)]
    topics: list[Id] = []
    text_date: date
    requires_courses: list[Id] = []
    objectives: Annotated[list[Objective], Field(min_length=1)]
    sources: list[Source] = []
    glossary: list[GlossaryEntry] = []
    certificate: CertificateRule | None = CertificateRule()
    modules: Annotated[list[Module], Field(min_length=1)]
    pools: list[Pool] = []
    media: dict[Annotated[str, StringConstraints(pattern=MEDIA_NAME)], Media] = {}

    @field_validator("pools")
    @classmethod
    def _in_one_order(cls, pools: list[Pool]) -> list[Pool]:
        """The order of pools means nothing, so it is always the same: equal courses have equal hashes."""
        return sorted(pools, key=lambda pool: pool.id)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _unique(self.languages, "language")
        if self.source_language not in self.languages:
            raise ValueError(f"add the source language '{self.source_language}' to 'languages'")
        _unique([module.id for module in self.modules], "module")
        _unique([pool.id for pool in self.pools], "pool")
        _unique([objective.id for objective in self.objectives], "objective")
        _unique([source.id for source in self.sources], "source")
        _unique([activity.id for activity in self.activities()], "activity")
        _unique([question.id for pool in self.pools for question in pool.questions], "question")
        self._check_prerequisites()
        self._check_draws()
        self._check_questions()
        return self

    def _check_prerequisites(self) -> None:
        earlier: set[str] = set()
        for activity in self.activities():
            for needed in activity.requires:
                if needed not in earlier:
                    raise ValueError(
                        f"activity '{activity.id}' requires '{needed}', which does not come before it: "
                        "name an earlier activity"
                    )
            earlier.add(activity.id)

    def _check_draws(self) -> None:
        sizes = {pool.id: len(pool.questions) for pool in self.pools}
        for activity in self.tests():
            for draw in activity.draws:
                if draw.pool not in sizes:
                    raise ValueError(f"activity '{activity.id}' draws from the unknown pool '{draw.pool}'")
                if draw.count is not None and draw.count > sizes[draw.pool]:
                    raise ValueError(
                        f"activity '{activity.id}' draws {draw.count} questions from pool '{draw.pool}', "
                        f"which has {sizes[draw.pool]}"
                    )
            _unique([draw.pool for draw in activity.draws], f"pool drawn by '{activity.id}'")

    def _check_questions(self) -> None:
        objectives = {objective.id for objective in self.objectives}
        sources = {source.id for source in self.sources}
        for pool in self.pools:
            for question in pool.questions:
                if question.objective is not None and question.objective not in objectives:
                    raise ValueError(f"question '{question.id}' names the unknown objective '{question.objective}'")
                for reference in question.references:
                    if reference.split(" ")[0] not in sources:
                        raise ValueError(f"question '{question.id}' cites '{reference}': add its source to 'sources'")
                if question.image is not None and question.image.file not in self.media:
                    raise ValueError(f"question '{question.id}' shows '{question.image.file}', which is not in media/")

    def activities(self) -> Iterator[Lesson | Quiz | FinalAssessment]:
        """Every activity in teaching order."""
        for module in self.modules:
            yield from module.activities

    def tests(self) -> Iterator[Quiz | FinalAssessment]:
        """Every quiz and final assessment in teaching order."""
        for activity in self.activities():
            if isinstance(activity, Quiz | FinalAssessment):
                yield activity

    def canonical_json(self) -> str:
        """The document as JSON with one possible spelling, so that equal courses are equal bytes."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()


def _unique(ids: list[str], noun: str) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise ValueError(f"the {noun} '{each}' stands twice: give each its own id")
        seen.add(each)
