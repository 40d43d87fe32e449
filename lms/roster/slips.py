"""Printed sign-in slips: username, first password and its QR code; made again when lost, kept nowhere."""

import io
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from sqlalchemy import delete, func, select

from lms.accounts.models import OneTimeLink, User
from lms.core import clock, printing
from lms.core.db import session, upsert
from lms.missions.models import RollEntry, Unit
from lms.roster.models import Slip

# On one pressing of the button: five pages of ten.
MOST = 50
# A file that is lost, or badly printed, is missed soon.
AGAIN_WITHIN = timedelta(days=1)


def _without_password(mission_id: UUID) -> Any:
    return (
        select(User, Unit.name)
        .join(RollEntry, RollEntry.user_id == User.id)
        .outerjoin(Unit, Unit.id == RollEntry.unit_id)
        .where(RollEntry.mission_id == mission_id, User.password_hash.is_(None), User.active)
    )


def _waiting(mission_id: UUID) -> Any:
    """Trainees on the roll who have set no password and hold no slip or link that still works."""
    holds = (
        select(OneTimeLink.token_hash)
        .where(OneTimeLink.user_id == User.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now())
        .exists()
    )
    return _without_password(mission_id).where(~holds)


def _printed(mission_id: UUID, by: UUID) -> Any:
    """Who has set no password since this person printed their latest slip, not long ago."""
    known = _without_password(mission_id).join(Slip, Slip.user_id == User.id)
    fresh = Slip.made_at > clock.now() - AGAIN_WITHIN
    return known.where(Slip.mission_id == mission_id, Slip.made_by == by, fresh)


def waiting(mission_id: UUID) -> int:
    """How many trainees need a slip."""
    return session.scalar(select(func.count()).select_from(_waiting(mission_id).subquery())) or 0


def next_in_need(mission_id: UUID) -> Sequence[Any]:
    """The next ``(trainee, unit's name)`` who need a slip, by unit and number."""
    return session.execute(_waiting(mission_id).order_by(Unit.name, User.number).limit(MOST)).all()


def note(printing: UUID, mission_id: UUID, people: Iterable[UUID], *, by: UUID) -> None:
    """Remember whose slips are printed at once; what was noted of them before ends."""
    for id in people:
        made = {"user_id": id, "printing": printing, "mission_id": mission_id, "made_by": by, "made_at": clock.now()}
        upsert(Slip, made)


def is_noted(printing: UUID) -> bool:
    """Whether this printing was done before."""
    return session.scalar(select(Slip.user_id).where(Slip.printing == printing).limit(1)) is not None


def leave_out(user_id: UUID) -> None:
    """This person got a slip of their own since: printing the others again does not end it."""
    session.execute(delete(Slip).where(Slip.user_id == user_id))


def printings(mission_id: UUID, by: UUID) -> Sequence[Any]:
    """``(printing, at, count)`` of the slips that this person may print again, newest first; one statement."""
    at = func.max(Slip.made_at).label("at")
    counted = _printed(mission_id, by).with_only_columns(Slip.printing, at, func.count().label("people"))
    return session.execute(counted.group_by(Slip.printing).order_by(at.desc())).all()


def in_printing(printing: UUID, mission_id: UUID, by: UUID) -> Sequence[Any]:
    """``(trainee, unit's name)`` of those in one's own printing who have not used their slip, in its order."""
    found = _printed(mission_id, by).where(Slip.printing == printing)
    return session.execute(found.order_by(Unit.name, User.number)).all()


def forget_old() -> None:
    """Forget what can no longer be printed again."""
    session.execute(delete(Slip).where(Slip.made_at < clock.now() - AGAIN_WITHIN))


def pdf(slips: list[dict[str, str]], language: str) -> bytes:
    """Slips ``{"username", "password", "unit", "address"}`` as a PDF in a language, ten on a page."""
    files, shown = {}, []
    for number, slip in enumerate(slips):
        # As pictures, which are set many times faster than drawings.
        picture = f"slip:{number}.png"
        files[picture] = ("image/png", _qr(slip["address"]))
        shown.append(slip | {"qr": picture})
    html = printing.page("pdf/slips.html", language, slips=shown)
    return printing.pdf(html, printing.TEMPLATES / "pdf" / "slips.css", files)


def _qr(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=6, border=2)
    return out.getvalue()
