"""What a course asks for before it gives a certificate, of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from lms.core.words import N_, said
from lms.library.activities import Activity, ClosingTest, GradedTest, Scenario
from lms.library.texts import Id, Part, at_most, check_unique

KINDS = ("completion", "attendance", "competence", "instructor")
# When holders are reminded, in days before the end, where a course says nothing else.
REMIND_DAYS = (60, 14)
# Kinds that rest on what assessors saw at work.
OBSERVED = ("competence", "instructor")

# What a certificate can say: fifty years, and the hours of a course.
MOST_MONTHS, MOST_HOURS = 600, 1000
Months = Annotated[int, Field(ge=1), at_most(MOST_MONTHS)]
Hours = Annotated[int, Field(ge=1), at_most(MOST_HOURS)]
Percent = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=1, le=365)]


class Renewal(Part):
    """What must be done again before a certificate ends, and how many days before that its holder is reminded."""

    activities: Annotated[list[Id], Field(min_length=1)]
    remind_days: Annotated[list[Days], Field(min_length=1, max_length=4)] = Field(
        default_factory=lambda: [*REMIND_DAYS]
    )


class Rule(Part):
    """What every kind asks for; what is absent is not asked for.

    ``activities`` absent means every required one. ``final_mark`` and ``attendance`` are least percentages, of the
    final mark and of the sessions held. ``hours`` absent are the course's.
    """

    kind: str
    activities: list[Id] | None = None
    final_mark: Percent | None = None
    attendance: Percent | None = None
    hours: Hours | None = None
    valid_months: Months | None = None
    renewal: Renewal | None = None

    @property
    def least_level(self) -> int | None:
        """The level of the rating scale (1 to 4) that assessors must have seen; ``None`` where none is asked for."""
        return None


class CertificateRule(Rule):
    """Everything required is done, the test at the end among it."""

    kind: Literal["completion"] = "completion"


class AttendanceRule(Rule):
    """Being there: it says nothing of what was learnt, and asks for activities only where it names them."""

    kind: Literal["attendance"]
    activities: list[Id] | None = Field(default_factory=list)
    attendance: Percent = 80


class CompetenceRule(Rule):
    """The written pass, and every critical behaviour (★) seen at work at ``level`` by two assessors on two days."""

    kind: Literal["competence"]
    level: Literal[3, 4] = 3

    @property
    def least_level(self) -> int | None:
        """Independent, or able to teach others; less is no competence."""
        return self.level


class InstructorRule(Rule):
    """The same at level 4, with teaching observed."""

    kind: Literal["instructor"]

    @property
    def least_level(self) -> int | None:
        """Able to teach others."""
        return 4


OtherRule = Annotated[AttendanceRule | CompetenceRule | InstructorRule, Field(discriminator="kind")]


def in_one_order(rules: Sequence[OtherRule]) -> list[OtherRule]:
    """The rules in the order of kinds, so that equal courses have equal hashes."""
    return sorted(rules, key=lambda rule: KINDS.index(rule.kind))


def check_rules(rules: Sequence[Rule], activities: Mapping[str, Activity], *, critical: bool) -> None:
    """Refuse rules that nobody could meet; ``critical``: whether the course names a critical behaviour."""
    check_unique([rule.kind for rule in rules], "certificate")
    for rule in rules:
        _check_activities(rule, activities)
        if rule.least_level is not None and not critical:
            words = N_("the %(kind)s certificate rests on critical behaviours: mark one in 'observations' as critical")
            raise ValueError(said(words, kind=rule.kind))
        if rule.final_mark is not None and not any(isinstance(each, GradedTest) for each in activities.values()):
            words = N_("the %(kind)s certificate asks for a final mark, but nothing in the course is marked")
            raise ValueError(said(words, kind=rule.kind))
        if rule.renewal is not None and rule.valid_months is None:
            words = N_("the %(kind)s certificate has a renewal but no end: give 'valid_months'")
            raise ValueError(said(words, kind=rule.kind))


def _check_activities(rule: Rule, activities: Mapping[str, Activity]) -> None:
    again = rule.renewal.activities if rule.renewal else []
    for id in [*(rule.activities or []), *again]:
        if id not in activities:
            words = N_("the %(kind)s certificate asks for the unknown activity '%(id)s'")
            raise ValueError(said(words, kind=rule.kind, id=id))
    check_unique(rule.activities or [], "activity of a certificate")
    check_unique(again, "activity of a renewal")
    for id in again:
        if not isinstance(activities[id], GradedTest | Scenario):
            words = N_("'%(id)s' shows nothing when it is done again: name quizzes, the test at the end or scenarios")
            raise ValueError(said(words, id=id))


def asked_for(rule: Rule, activities: Mapping[str, Activity]) -> list[str]:
    """The ids of all activities that the rule asks for, in teaching order.

    A certificate that rests on all required activities rests on the closing tests too, required or not.
    """
    if rule.activities is not None:
        return [id for id in activities if id in rule.activities]
    return [id for id, each in activities.items() if each.required or isinstance(each, ClosingTest)]
