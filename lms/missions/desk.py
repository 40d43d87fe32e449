"""The mission desk: a request from its receipt to the decision, and the terms of reference."""

from datetime import date
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.missions.models import AssistanceRequest, Mission

# In bytes.
LARGEST_TERMS = 15_000_000


class Store(Protocol):
    """Where files lie by their content."""

    def keep(self, sha256: str, content: bytes) -> None:
        """Keep a file durably."""


def receive(
    *,
    asked_by_kind: str,
    asked_by: str,
    host_country: str,
    host_force: str,
    need: str,
    received_on: date,
    by: UUID | None,
    id: UUID | None = None,
) -> AssistanceRequest:
    """Enter a request that has come in."""
    _not_in_the_future(received_on, "received_on")
    request = AssistanceRequest(
        id=id or new_id(),
        asked_by_kind=asked_by_kind,
        asked_by=asked_by,
        host_country=host_country,
        host_force=host_force,
        need=need.strip(),
        received_on=received_on,
    )
    session.add(request)
    session.flush()
    audit.record("requests.received", actor_id=by, object_id=request.id)
    return request


def assess(request: AssistanceRequest, partner: str, on: date, text: str, *, by: UUID | None) -> None:
    """What a partner makes of the request; until the decision it may be said again."""
    if request.decided_on is not None:
        raise DomainError(N_("This request is decided already."))
    _not_in_the_future(on, "day")
    if on < request.received_on:
        raise DomainError(N_("This day is before the one before it. Correct it."), field="day")
    request.assessed_by, request.assessed_on, request.assessment = partner, on, text.strip()
    audit.record("requests.assessed", actor_id=by, object_id=request.id)


def decide(
    request: AssistanceRequest, accepted: bool, partner: str, on: date, reasons: str, *, by: UUID | None
) -> None:
    """Accept or decline an assessed request, with the reasons; a decision stands."""
    if request.decided_on is not None:
        raise DomainError(N_("This request is decided already."))
    if request.assessed_on is None:
        raise DomainError(N_("Enter the assessment first."))
    _not_in_the_future(on, "day")
    if on < request.assessed_on:
        raise DomainError(N_("This day is before the one before it. Correct it."), field="day")
    request.accepted, request.decided_by, request.decided_on = accepted, partner, on
    request.reasons = reasons.strip()
    audit.record("requests.accepted" if accepted else "requests.declined", actor_id=by, object_id=request.id)


def answer_with(request: AssistanceRequest, mission: Mission) -> None:
    """Note that the mission came of the request."""
    if not request.accepted or request.mission_id is not None:
        raise DomainError(N_("A mission can only come of a request that is accepted and has none yet."))
    request.mission_id = mission.id


def _not_in_the_future(day: date, field: str) -> None:
    if day > clock.today():
        raise DomainError(N_("This day is in the future. Give the day it was done."), field=field)


def keep_terms(mission: Mission, content: bytes, store: Store, *, by: UUID | None) -> None:
    """Keep the terms of reference, a PDF by its content; they take the place of earlier ones."""
    if len(content) > LARGEST_TERMS:
        raise DomainError(N_("This file is larger than 15 MB. Make it smaller or shorter."), field="file")
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise DomainError(N_("This is not a whole PDF. Save the document as PDF and choose it again."), field="file")
    digest = sha256(content).hexdigest()
    store.keep(digest, content)
    mission.terms_sha256, mission.terms_kept_on = digest, clock.today()
    audit.record("missions.terms_kept", actor_id=by, object_id=mission.id, sha256=digest)
