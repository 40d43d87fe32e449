"""Whether a trainee has earned a certificate, and if not, what is missing: pure functions of what is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from lms.core.percent import reached, whole
from lms.core.words import N_, Said, said
from lms.grades.marks import ATTENDANCE, Mark
from lms.library.activities import ClosingTest
from lms.library.awards import CertificateRule, Rule, asked_for
from lms.library.edition import Edition
from lms.record.models import Status

# Concord's rating scale: 3 is independent, 4 can teach others; a breach of a critical item blocks.
INDEPENDENT, TEACHES, BREACH = 3, 4, 0


class State(Protocol):
    """What is known of an activity."""

    status: str


class Seen(Protocol):
    """What an assessor saw on a day; see ``models.Attestation``."""

    by: UUID
    observed_on: date
    levels: dict[str, Any]
    taught: bool
    at: datetime


class Issued(Protocol):
    """A certificate that there is."""

    id: UUID
    enrolment_id: UUID
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    suspended_at: datetime | None


@dataclass(frozen=True)
class Lack:
    """One thing that is missing, in words, and the course's names of what it is about."""

    words: Said
    names: tuple[Mapping[str, str], ...] = ()

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {"words": self.words.template, "values": dict(self.words.values), "names": [*map(dict, self.names)]}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Lack":
        """From that JSON."""
        return cls(said(kept["words"], **kept["values"]), tuple(kept["names"]))


SUSPENDED = Lack(said(N_("The certificate before it is suspended while something is looked into.")))
FAILED = Lack(said(N_("It could not be made. Tell the administrator: the log says why. The others are not affected.")))
REVOKED = Lack(said(N_("The certificate was revoked.")))


@dataclass(frozen=True)
class Known:
    """What is known of one trainee in one place of a cohort.

    ``again`` are the activities done again, in this place, since ``renewal_opens``. ``assessors``: how many people of
    the mission could assess.
    """

    edition: Edition
    states: Mapping[str, State]
    mark: Mark
    seen: Sequence[Seen] = ()
    assessors: int = 2
    again: frozenset[str] = field(default_factory=frozenset)


def renewal_opens(credential: Issued, rule: Rule) -> datetime | None:
    """From when on what is done again counts; ``None`` for a certificate that does not end."""
    if credential.expires_at is None or rule.renewal is None:
        return None
    opens = credential.expires_at - timedelta(days=max(rule.renewal.remind_days))
    return max(opens, credential.issued_at)


def lacks(rule: Rule, known: Known) -> list[Lack]:
    """What is missing for a first certificate; nothing when it is earned."""
    return [*_undone(rule, known), *_marks(rule, known), *_level_lacks(rule, known, known.seen)]


def lacks_again(rule: Rule, known: Known, since: datetime) -> list[Lack]:
    """What is missing for a renewal: what the rule has done again, else everything, and being observed anew."""
    if rule.renewal is None:
        return lacks(rule, known)
    undone = [id for id in rule.renewal.activities if id not in known.again]
    found = [Lack(said(N_("To be done again:")), _titles(known.edition, undone))] if undone else []
    return found + _level_lacks(rule, known, _seen_since(known, since))


def _seen_since(known: Known, since: datetime) -> list[Seen]:
    """What was both seen and written down since: a day before it renews nothing, however late somebody says so."""
    return [each for each in known.seen if each.at > since and each.observed_on >= since.date()]


def _titles(edition: Edition, ids: Iterable[str]) -> tuple[Mapping[str, str], ...]:
    return tuple(edition.activities[id].title for id in ids if id in edition.activities)


def _undone(rule: Rule, known: Known) -> list[Lack]:
    asked, activities = asked_for(rule, known.edition.activities), known.edition.activities
    whole = isinstance(rule, CertificateRule) and rule.activities is None
    if whole and not any(isinstance(activities[id], ClosingTest) for id in asked):
        return [Lack(said(N_("The course has no test at its end, so nobody can complete it.")))]
    undone = [id for id in asked if id not in known.states or known.states[id].status != Status.COMPLETED]
    return [Lack(said(N_("To be done:")), _titles(known.edition, undone))] if undone else []


def _marks(rule: Rule, known: Known) -> list[Lack]:
    found = []
    final, share = known.mark.final, known.mark.parts[ATTENDANCE].score
    if rule.final_mark is not None:
        if final is None:
            words = N_("There is no final mark yet; %(least)s%% is needed.")
            found.append(Lack(said(words, least=rule.final_mark)))
        elif not reached(final, rule.final_mark):
            words = N_("The final mark is %(mark)s%%; %(least)s%% is needed.")
            found.append(Lack(said(words, mark=whole(final), least=rule.final_mark)))
    if rule.attendance is not None:
        if share is None:
            words = N_("No attendance is on record yet; %(least)s%% of the sessions are needed.")
            found.append(Lack(said(words, least=rule.attendance)))
        elif not reached(share, rule.attendance):
            words = N_("Present at %(share)s%% of the sessions; %(least)s%% are needed.")
            found.append(Lack(said(words, share=whole(share), least=rule.attendance)))
    return found


def level_of(known: Known, since: datetime | None) -> int | None:
    """The level (3 or 4) at which every critical behaviour was seen as the definition of competence asks; else none."""
    seen = known.seen if since is None else _seen_since(known, since)
    taught = any(each.taught for each in _counting(known, seen))
    for level in (TEACHES, INDEPENDENT):
        if (level < TEACHES or taught) and not _unseen(known, seen, level):
            return level
    return None


def _critical(known: Known) -> list[str]:
    return [item.id for item in known.edition.document.observations if item.critical]


def _counting(known: Known, seen: Sequence[Seen]) -> list[Seen]:
    """The observations since the last breach of a critical behaviour."""
    critical = _critical(known)
    counting: list[Seen] = []
    for each in sorted(seen, key=lambda one: (one.observed_on, one.at)):
        if any(each.levels.get(id) == BREACH for id in critical):
            counting = []
        else:
            counting.append(each)
    return counting


def _unseen(known: Known, seen: Sequence[Seen], level: int) -> list[str]:
    """The critical behaviours not seen at ``level`` on two days, by two assessors where there are two."""
    unseen = []
    for id in _critical(known):
        good = [each for each in _counting(known, seen) if each.levels.get(id, -1) >= level]
        pairs = [
            (one, other)
            for one in good
            for other in good
            if one.observed_on != other.observed_on and (one.by != other.by or known.assessors < 2)
        ]
        if not pairs:
            unseen.append(id)
    return unseen


def _level_lacks(rule: Rule, known: Known, seen: Sequence[Seen]) -> list[Lack]:
    level = rule.least_level
    if level is None:
        return []
    found = []
    if unseen := _unseen(known, seen, level):
        texts = {item.id: item.text for item in known.edition.document.observations}
        words = N_("To be seen at work at level %(level)s on two days, by two assessors:")
        if known.assessors < 2:
            words = N_("To be seen at work at level %(level)s on two days:")
        found.append(Lack(said(words, level=level), tuple(texts[id] for id in unseen)))
    if level == TEACHES and not any(each.taught for each in _counting(known, seen)):
        found.append(Lack(said(N_("To be seen teaching."))))
    return found
