"""The code in the room: six characters that change every minute and follow from the session's own key."""

import hmac
from datetime import datetime

from lms.core.ids import ALPHABET

LENGTH = 6
STEP = 60


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def _of_step(key: str, session_id: str, step: int) -> str:
    number = int.from_bytes(hmac.digest(key.encode(), f"{session_id} {step}".encode(), "sha256"), "big")
    letters = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return letters


def code_at(key: str, session_id: str, at: datetime) -> str:
    """The code that the room shows at this instant."""
    return _of_step(key, session_id, _step(at))


def seconds_left(at: datetime) -> int:
    """After how many seconds the code changes."""
    return STEP - int(at.timestamp()) % STEP


def fits(typed: str, key: str, session_id: str, at: datetime) -> bool:
    """Whether this is the code of now or of the minute before, however it is typed."""
    given = "".join(each for each in typed.upper() if each.isalnum())
    steps = (_step(at), _step(at) - 1)
    return any(hmac.compare_digest(given.encode(), _of_step(key, session_id, step).encode()) for step in steps)
