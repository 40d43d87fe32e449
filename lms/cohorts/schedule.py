"""When activities open and are due, for one trainee: days from the cohort's first one, and their own extension."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort
from lms.core import audit
from lms.core.dates import later
from lms.core.errors import DomainError
from lms.core.words import N_

# In days: years after its first day nothing of a cohort opens.
FURTHEST = 1000


class Days(NamedTuple):
    """The days of an activity, counted from the cohort's first day, which is 0."""

    opens: int | None
    due: int | None


NEVER: tuple[None, None] = (None, None)


@dataclass(frozen=True)
class Schedule:
    """The days of a cohort's activities; ``extension`` moves what is due, never what opens."""

    begins: date
    days: Mapping[str, Mapping[str, int]] | None
    extension: int = 0

    def to_come(self, today: date) -> set[str]:
        """The activities that open after today."""
        return {id for id, (opens, _) in self.known.items() if opens is not None and opens > today}

    def over(self, today: date) -> set[str]:
        """The activities that were to be done before today."""
        return {id for id, (_, due) in self.known.items() if due is not None and due < today}

    def opens(self, activity_id: str) -> date | None:
        """The day from which the activity may be done."""
        return self.known.get(activity_id, NEVER)[0]

    def due(self, activity_id: str) -> date | None:
        """The day until which it is to be done; later is late, and still counts."""
        return self.known.get(activity_id, NEVER)[1]

    @cached_property
    def known(self) -> dict[str, tuple[date | None, date | None]]:
        """Both days of each activity that has any; reckoned once, since a table asks for every trainee."""
        return {
            id: (self._day(days.get("opens"), 0), self._day(days.get("due"), self.extension))
            for id, days in (self.days or {}).items()
        }

    def _day(self, number: int | None, more: int) -> date | None:
        return None if number is None else later(self.begins, number + more)


def days_of(cohort: Cohort, activity_id: str) -> Days:
    """The days of one activity as they were set."""
    days = (cohort.schedule or {}).get(activity_id, {})
    return Days(days.get("opens"), days.get("due"))


def set_days(cohort: Cohort, days: Mapping[str, Days], *, by: UUID) -> None:
    """Say when each activity opens and is due; what is left out opens at once and is never due."""
    check_open(cohort.id, by=by)
    for each in days.values():
        for number in each:
            if number is not None and not 0 <= number <= FURTHEST:
                raise DomainError(N_("Give days from 0, the cohort's first day, to 1000."))
        if each.opens is not None and each.due is not None and each.due < each.opens:
            raise DomainError(N_("Something would be due before it opens. Change one of its days."))
    cohort.schedule = {
        id: {which: number for which, number in each._asdict().items() if number is not None}
        for id, each in days.items()
        if each != Days(None, None)
    } or None
    audit.record("cohorts.days_set", actor_id=by, object_id=cohort.id, activities=len(cohort.schedule or {}))
