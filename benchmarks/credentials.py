"""How long sealing and checking take, and how large what is sealed is; no database, one process."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from lms.core import clock
from lms.credentials import service
from lms.credentials.badge import Claims
from lms.credentials.issuer import issuer_of
from lms.credentials.status import PURPOSES, SIZE, Place, list_document, list_url

TIMES = 200


def measure(folder: Path) -> dict[str, float]:
    """Milliseconds of processor time each, and bytes."""
    issuer, now = issuer_of(folder, "https://lms.example.org", "Bench"), clock.now()

    def claims(number: int) -> Claims:
        return Claims(
            id=f"https://lms.example.org/verify/{number:04}-2222-2222",
            code=f"{number:04}-2222-2222",
            number=f"PS-{number:05}",
            names={"fr": "Fondements de la police démocratique", "en": "Democratic policing foundations"},
            course_code="DP01",
            kind="completion",
            hours=16,
            criteria="Toutes les activités obligatoires du cours ont été faites.",
            issued_at=now,
            valid_until=now + timedelta(days=730),
            issuer=issuer,
            place=Place(1, number),
        )

    def listed(revoked: tuple[int, ...]) -> dict[str, str]:
        return {
            list_url(issuer.url, 1, purpose): list_document(issuer, 1, purpose, revoked, now) for purpose in PURPOSES
        }

    lists = listed((1, 2, 3))
    texts = [service.seal(claims(number)) for number in range(TIMES)]
    assert service.verify(texts[9], issuer, lists.get).reason == "valid"
    half = max(listed(tuple(random.Random(1).sample(range(SIZE), SIZE // 2))).values(), key=len)
    return {
        "sealing, ms each": _each(lambda number: service.seal(claims(number))),
        "checking, ms each": _each(lambda number: service.verify(texts[number], issuer, lists.get)),
        "list, ms each": _each(lambda number: list_document(issuer, 1, "revocation", (number,), now)),
        "credential, bytes": max(len(text.encode()) for text in texts),
        "list, bytes": max(len(text) for text in lists.values()),
        "list half set, bytes": len(half),
    }


def _each(act: Callable[[int], object]) -> float:
    began = time.process_time()
    for number in range(TIMES):
        act(number)
    return (time.process_time() - began) / TIMES * 1000
