"""From the clock on the wall to an instant, where the zone's clocks allow it."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from lms.core.errors import DomainError
from lms.core.words import N_


@cache
def zones() -> tuple[str, ...]:
    """The zones to choose from: places and UTC, without the abbreviations that mean several."""
    return ("UTC", *sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/")))


def instant(day: date, wall: time, zone: str, *, field: str) -> datetime:
    """The instant at which the clocks of the zone show this time; of two such, as clocks go back, the first.

    A time that the clocks skip is refused, with the mend.
    """
    if zone not in zones():
        raise DomainError(N_("Choose a time zone from the list."), field="zone")
    local = datetime.combine(day, wall, ZoneInfo(zone))
    try:
        found = local.astimezone(UTC)
    except OverflowError:  # before the first or after the last day that there is
        raise DomainError(N_("This day is more than ten years away. Check the year."), field="day") from None
    back = found.astimezone(ZoneInfo(zone))
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise DomainError(
            N_("On this day the clocks go forward and skip %(wall)s. Choose %(later)s or later."),
            field=field,
            wall=wall.strftime("%H:%M"),
            later=back.strftime("%H:%M"),
        )
    return found
