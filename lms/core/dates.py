"""Days that people plan by."""

from datetime import date, timedelta

from lms.core import clock
from lms.core.errors import DomainError
from lms.core.words import N_

TEN_YEARS = timedelta(days=3653)


def check_near(day: date, *, field: str) -> None:
    """Refuse a day more than ten years from today: nobody plans by it, and the calendar itself ends with 9999."""
    if abs(day - clock.today()) > TEN_YEARS:
        raise DomainError(N_("This day is more than ten years away. Check the year."), field=field)


def later(day: date, days: int) -> date:
    """So many days after a day, or the last day that there is."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))
