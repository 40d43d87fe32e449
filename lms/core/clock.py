"""The one source of time; tests move it, nothing else asks the machine."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The current instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The current date in UTC; deployments and cohorts begin and end by it."""
    return now().date()
