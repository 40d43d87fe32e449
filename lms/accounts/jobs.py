"""Accounts' background work."""

from lms.accounts import throttle
from lms.core.db import transaction
from lms.core.jobs import periodic


@periodic
def forget_tries() -> None:
    """Keep counts of tries for as long as they matter and no longer, as they tell of somebody."""
    with transaction():
        throttle.forget_old()
