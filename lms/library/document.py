"""The course document: what a published course version is, typed and validated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from lms.core.words import N_, said
from lms.library.activities import Activity, Lesson, Scenario, Test
from lms.library.awards import CertificateRule, Hours, OtherRule, Rule, check_rules, in_one_order
from lms.library.questions import Pool
from lms.library.texts import KEPT, MEDIA_NAME, Id, LanguageTag, Part, Picture, Text, check_unique

# The names of a course's own pages, beside those of its lessons.
GUIDE, JOB_AID = "guide", "job-aid"
RESERVED = frozenset({GUIDE, JOB_AID})


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


class Reading(Part):
    """Something to read beyond the course; ``source`` names the instrument that it is, where it is one."""

    title: Text
    note: Text | None = None
    source: str | None = None


class ObservationItem(Part):
    """A behaviour that an assessor watches for at work; ``look_for`` is what level 3 looks like.

    A critical one must be seen at level 3, and its breach blocks a certificate of competence.
    """

    id: Id
    text: Text
    critical: bool = False
    competency: Annotated[str, StringConstraints(pattern=r"^C([1-9]|10)$")]
    look_for: Text


class GlossaryEntry(Part):
    """A word and what it means in this course."""

    term: Text
    meaning: Text


class Module(Part):
    """A group of activities."""

    id: Id
    title: Text
    activities: Annotated[list[Activity], Field(min_length=1)]


class CourseDocument(Part):
    """A whole course; ids are stable, so that work done stays done in a later version.

    ``guide`` is the mentor's and for staff only, ``job_aid`` one page to print and carry; both are Markdown.
    ``certificate`` is that of completion, which a course gives unless it says ``null``; others it gives if named.
    """

    format: Literal[1] = 1
    slug: Id
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2}$")]
    source_language: LanguageTag
    languages: Annotated[list[LanguageTag], Field(min_length=1)]
    title: Text
    summary: Text
    audience: Text
    hours: Hours
    topics: list[Id] = Field(default_factory=list)
    text_date: date
    requires_courses: list[Id] = Field(default_factory=list)
    objectives: Annotated[list[Objective], Field(min_length=1)]
    sources: list[Source] = Field(default_factory=list)
    glossary: list[GlossaryEntry] = Field(default_factory=list)
    certificate: CertificateRule | None = CertificateRule()
    more_certificates: list[OtherRule] = Field(default_factory=list)
    modules: Annotated[list[Module], Field(min_length=1)]
    pools: list[Pool] = Field(default_factory=list)
    guide: Text | None = None
    job_aid: Text | None = None
    observations: list[ObservationItem] = Field(default_factory=list)
    reading: list[Reading] = Field(default_factory=list)
    media: dict[Annotated[str, StringConstraints(pattern=MEDIA_NAME)], Media] = Field(default_factory=dict)

    @classmethod
    def from_kept(cls, text: str) -> Self:
        """A document that was published or is being printed, from its JSON."""
        return cls.model_validate_json(text, context=KEPT)

    @field_validator("pools")
    @classmethod
    def _in_one_order(cls, pools: list[Pool]) -> list[Pool]:
        """The order of pools means nothing, so it is always the same: equal courses have equal hashes."""
        return sorted(pools, key=lambda pool: pool.id)

    @field_validator("more_certificates")
    @classmethod
    def _rules_in_one_order(cls, rules: list[OtherRule]) -> list[OtherRule]:
        """Their order means nothing either."""
        return in_one_order(rules)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        check_unique(self.languages, "language")
        if self.source_language not in self.languages:
            words = N_("add the source language '%(language)s' to 'languages'")
            raise ValueError(said(words, language=self.source_language))
        check_unique([module.id for module in self.modules], "module")
        check_unique([pool.id for pool in self.pools], "pool")
        check_unique([objective.id for objective in self.objectives], "objective")
        check_unique([source.id for source in self.sources], "source")
        check_unique([activity.id for activity in self.activities()], "activity")
        check_unique([question.id for pool in self.pools for question in pool.questions], "question")
        check_unique([item.id for item in self.observations], "observation")
        self._check_reserved()
        self._check_prerequisites()
        self._check_draws()
        self._check_questions()
        self._check_scenarios()
        self._check_reading()
        critical = any(item.critical for item in self.observations)
        check_rules(self.rules(), {activity.id: activity for activity in self.activities()}, critical=critical)
        return self

    def _check_reserved(self) -> None:
        for activity in self.activities():
            if activity.id in RESERVED:
                words = N_("the activity id '%(id)s' is kept for the course's own page: choose another")
                raise ValueError(said(words, id=activity.id))

    def _check_prerequisites(self) -> None:
        earlier: set[str] = set()
        for activity in self.activities():
            for needed in activity.requires:
                if needed not in earlier:
                    words = N_(
                        "activity '%(id)s' requires '%(needed)s', which does not come before it: name an earlier one"
                    )
                    raise ValueError(said(words, id=activity.id, needed=needed))
            earlier.add(activity.id)

    def _check_draws(self) -> None:
        sizes = {pool.id: len(pool.questions) for pool in self.pools}
        for activity in self.tests():
            for draw in activity.draws:
                if draw.pool not in sizes:
                    words = N_("activity '%(id)s' draws from the unknown pool '%(pool)s'")
                    raise ValueError(said(words, id=activity.id, pool=draw.pool))
                if draw.count is not None and draw.count > sizes[draw.pool]:
                    words = N_("activity '%(id)s' draws %(count)s questions from pool '%(pool)s', which has %(size)s")
                    raise ValueError(
                        said(words, id=activity.id, count=draw.count, pool=draw.pool, size=sizes[draw.pool])
                    )
            check_unique([draw.pool for draw in activity.draws], f"pool drawn by '{activity.id}'")

    def _check_questions(self) -> None:
        objectives = {objective.id for objective in self.objectives}
        for pool in self.pools:
            for question in pool.questions:
                if question.objective is not None and question.objective not in objectives:
                    words = N_("question '%(id)s' names the unknown objective '%(objective)s'")
                    raise ValueError(said(words, id=question.id, objective=question.objective))
                self._check_refers(f"question '{question.id}'", question.references, question.image)
                self._check_heard(f"question '{question.id}'", question.recordings())

    def _check_scenarios(self) -> None:
        for activity in self.activities():
            if isinstance(activity, Scenario):
                for frame in activity.frames:
                    references = [each for choice in frame.choices for each in choice.references]
                    self._check_refers(f"activity '{activity.id}'", references, frame.image)

    def _check_reading(self) -> None:
        sources = {source.id for source in self.sources}
        for reading in self.reading:
            if reading.source is not None and reading.source not in sources:
                words = N_("the reading list names '%(source)s': add it to 'sources' or take it out")
                raise ValueError(said(words, source=reading.source))

    def _check_refers(self, what: str, references: list[str], image: Picture | None) -> None:
        sources = {source.id for source in self.sources}
        for reference in references:
            if reference.split(" ")[0] not in sources:
                words = N_("%(what)s cites '%(reference)s': add its source to 'sources'")
                raise ValueError(said(words, what=what, reference=reference))
        if image is not None and image.file not in self.media:
            words = N_("%(what)s shows '%(file)s', which is not in media/")
            raise ValueError(said(words, what=what, file=image.file))

    def _check_heard(self, what: str, recordings: list[str]) -> None:
        for name in recordings:
            if name not in self.media or not self.media[name].type.startswith("audio/"):
                words = N_("%(what)s is heard with '%(file)s', which is no sound in media/")
                raise ValueError(said(words, what=what, file=name))

    def activities(self) -> Iterator[Activity]:
        """Every activity in teaching order."""
        for module in self.modules:
            yield from module.activities

    def rules(self) -> list[Rule]:
        """The rule of every kind of certificate that the course gives, completion first."""
        return [*([self.certificate] if self.certificate else []), *self.more_certificates]

    def rule_of(self, kind: str) -> Rule | None:
        """The rule of one kind of certificate."""
        return next((rule for rule in self.rules() if rule.kind == kind), None)

    def tests(self) -> Iterator[Test]:
        """Every quiz and test in teaching order."""
        for activity in self.activities():
            if isinstance(activity, Test):
                yield activity

    def markdown(self) -> Iterator[tuple[str, Text]]:
        """Every text of whole pages by the name of its file: lessons, then the mentor's guide and the job aid."""
        for activity in self.activities():
            if isinstance(activity, Lesson):
                yield activity.id, activity.body
        if self.guide:
            yield GUIDE, self.guide
        if self.job_aid:
            yield JOB_AID, self.job_aid

    def canonical_json(self) -> str:
        """The document as JSON with one possible spelling, so that equal courses are equal bytes.

        What is as it mostly is stays out: a field that a later release adds leaves the hashes of courses as they are.
        """
        data = {"format": self.format, **self.model_dump(mode="json", exclude_defaults=True)}
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()
