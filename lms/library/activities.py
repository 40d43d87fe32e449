"""The kinds of activity that a course is made of."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lms.core.words import N_, said
from lms.library.texts import Id, Part, Picture, Reference, Text, check_unique


class Task(Part):
    """What every kind of activity has; ``minutes`` is the expected working time."""

    id: Id
    title: Text
    minutes: Annotated[int, Field(ge=1, le=600)]
    required: bool = True
    requires: list[Id] = Field(default_factory=list)


class Lesson(Task):
    """A page to read; ``law`` asks the mission for the law in force on the matter."""

    kind: Literal["lesson"]
    body: Text
    law: Text | None = None


class Draw(Part):
    """How many questions come from a pool; all of them when ``count`` is absent."""

    pool: Id
    count: Annotated[int, Field(ge=1)] | None = None


class Test(Task):
    """Questions to answer; ``time_limit`` in minutes, ``attempts`` unlimited when absent.

    With ``negative_marking`` a wrong choice costs what guessing would gain; the whole is never below nothing.
    """

    kind: str
    intro: Text | None = None
    draws: Annotated[list[Draw], Field(min_length=1)]
    attempts: Annotated[int, Field(ge=1)] | None = None
    time_limit: Annotated[int, Field(ge=1, le=600)] | None = None
    shuffle: bool = True
    negative_marking: bool = False


class PreTest(Test):
    """Where a trainee stands before the course: handed in once, neither passed nor failed."""

    kind: Literal["pre_test"]
    attempts: Literal[1] = 1


class GradedTest(Test):
    """A test that is passed or failed; ``pass_mark`` in percent of the points."""

    pass_mark: Annotated[int, Field(ge=0, le=100)] = 70


class Quiz(GradedTest):
    """A test for learning: it may be taken again."""

    kind: Literal["quiz"]


class ClosingTest(GradedTest):
    """A test that the certificate rests on: once passed, it is over."""


class FinalAssessment(ClosingTest):
    """The closing test of a course that has no pre-test."""

    kind: Literal["final_assessment"]


class PostTest(ClosingTest):
    """Where a trainee stands after the course, measured on the pre-test's pools; taken again 90 days later."""

    # Short enough for the name under which the record keeps its recheck.
    id: Annotated[Id, Field(max_length=60)]
    kind: Literal["post_test"]


class Choice(Part):
    """What an officer may do at a frame: its ``consequence`` is told before the frame that it leads ``to``."""

    id: Id
    text: Text
    consequence: Text
    to: Id
    references: list[Reference] = Field(default_factory=list)


class Frame(Part):
    """One moment of a scenario: a situation with choices, or an end with its outcome and a debrief."""

    id: Id
    text: Text
    image: Picture | None = None
    choices: Annotated[list[Choice], Field(max_length=5)] = Field(default_factory=list)
    outcome: Literal["good", "acceptable", "poor"] | None = None
    debrief: Text | None = None

    @model_validator(mode="after")
    def _goes_on_or_ends(self) -> Self:
        if self.outcome is None and len(self.choices) < 2:
            raise ValueError(said(N_("give two choices or more, or an outcome if the scenario ends here")))
        if self.outcome is not None and self.choices:
            raise ValueError(said(N_("an end has no choices: take them out, or take the outcome out")))
        if self.outcome is not None and self.debrief is None:
            raise ValueError(said(N_("say in 'debrief' what this end teaches")))
        check_unique([choice.id for choice in self.choices], "choice")
        return self


class Scenario(Task):
    """A situation that branches with what the officer decides; it begins with the first frame."""

    kind: Literal["scenario"]
    intro: Text | None = None
    frames: Annotated[list[Frame], Field(min_length=2, max_length=60)]

    @model_validator(mode="after")
    def _leads_to_ends(self) -> Self:
        check_unique([frame.id for frame in self.frames], "frame")
        known = {frame.id: frame for frame in self.frames}
        for choice in (choice for frame in self.frames for choice in frame.choices):
            if choice.to not in known:
                words = N_("the choice '%(choice)s' leads to the unknown moment '%(to)s'")
                raise ValueError(said(words, choice=choice.id, to=choice.to))
        try:
            TopologicalSorter({frame.id: [choice.to for choice in frame.choices] for frame in self.frames}).prepare()
        except CycleError as circle:
            words = N_("the moment '%(frame)s' leads back to itself: lead its choices onwards")
            raise ValueError(said(words, frame=circle.args[1][0])) from None
        reached, waiting = set(), [self.frames[0].id]
        while waiting:
            frame = known[waiting.pop()]
            reached.add(frame.id)
            for choice in frame.choices:
                if choice.to not in reached:
                    waiting.append(choice.to)
        if lost := [id for id in known if id not in reached]:
            words = N_("no choice leads to the moment '%(frame)s': lead one there or take it out")
            raise ValueError(said(words, frame=lost[0]))
        if not any(frame.outcome == "good" for frame in self.frames):
            raise ValueError(said(N_("no end is good: give one frame the outcome 'good'")))
        return self


class Level(Part):
    """One level of a criterion, with the points that it brings."""

    id: Id
    text: Text
    points: Annotated[int, Field(ge=0, le=100)]


class Criterion(Part):
    """One thing that a hand-in is judged by, in levels from the best to the least."""

    id: Id
    text: Text
    levels: Annotated[list[Level], Field(min_length=2, max_length=6)]

    @model_validator(mode="after")
    def _levels_have_own_ids(self) -> Self:
        check_unique([level.id for level in self.levels], "level")
        return self


class Assignment(Task):
    """Something to hand in, judged by a mentor against the rubric; ``pass_mark`` in percent of its points."""

    kind: Literal["assignment"]
    instructions: Text
    hand_in: Annotated[list[Literal["text", "file", "audio", "photo"]], Field(min_length=1)]
    rubric: Annotated[list[Criterion], Field(min_length=1, max_length=12)]
    pass_mark: Annotated[int, Field(ge=0, le=100)] = 70

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        check_unique(list(self.hand_in), "way of handing in")
        check_unique([criterion.id for criterion in self.rubric], "criterion")
        if not self.most_points():
            raise ValueError(said(N_("no level of the rubric brings points: give the best levels some")))
        return self

    def most_points(self) -> int:
        """What the best level of every criterion brings together."""
        return sum(max(level.points for level in criterion.levels) for criterion in self.rubric)


Activity = Annotated[
    Lesson | Quiz | FinalAssessment | PreTest | PostTest | Scenario | Assignment, Field(discriminator="kind")
]
