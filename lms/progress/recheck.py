"""The post-test once more, three months on: when it is open, and how the record calls it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from lms.core import clock
from lms.library.activities import PostTest
from lms.library.edition import Edition
from lms.record.models import Status

# The window in which partners measure what stayed, counted from when the post-test was passed.
OPENS, CLOSES = timedelta(days=75), timedelta(days=120)
# No activity has an '@' in its id: a recheck has a state of its own, which counts for nothing in the course.
MARK = "@90"


class State(Protocol):
    """What is known of an activity."""

    status: str
    completed_at: datetime | None


def recheck_of(test_id: str) -> str:
    """What the record calls the recheck of a post-test."""
    return test_id + MARK


def is_recheck(id: str) -> bool:
    """Whether the record means a recheck."""
    return id.endswith(MARK)


def activity_of(id: str) -> str:
    """The id of the activity that the record means: a recheck is of its post-test."""
    return id.removesuffix(MARK)


def due(edition: Edition, states: Mapping[str, State]) -> list[PostTest]:
    """The post-tests that a trainee with these states passed 75 to 120 days ago and has not taken again since."""
    now = clock.now()
    found = []
    for test in edition.document.tests():
        passed, again = states.get(test.id), states.get(recheck_of(test.id))
        if not isinstance(test, PostTest) or passed is None or passed.completed_at is None:
            continue
        if OPENS <= now - passed.completed_at <= CLOSES and (again is None or again.status != Status.COMPLETED):
            found.append(test)
    return found
