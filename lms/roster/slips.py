"""Printed sign-in slips: username, first password and its QR code; made once, kept nowhere."""

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import segno
from sqlalchemy import func, select

from lms.accounts.models import OneTimeLink, User
from lms.core import clock, printing
from lms.core.db import session
from lms.missions.models import RollEntry, Unit

# On one pressing of the button: five pages of ten.
MOST = 50


def _waiting(mission_id: UUID) -> Any:
    """Trainees on the roll who have set no password and hold no slip or link that still works."""
    holds = (
        select(OneTimeLink.token_hash)
        .where(OneTimeLink.user_id == User.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now())
        .exists()
    )
    return (
        select(User, Unit.name)
        .join(RollEntry, RollEntry.user_id == User.id)
        .outerjoin(Unit, Unit.id == RollEntry.unit_id)
        .where(RollEntry.mission_id == mission_id, User.password_hash.is_(None), User.active, ~holds)
    )


def waiting(mission_id: UUID) -> int:
    """How many trainees need a slip."""
    return session.scalar(select(func.count()).select_from(_waiting(mission_id).subquery())) or 0


def next_in_need(mission_id: UUID) -> Sequence[Any]:
    """The next ``(trainee, unit's name)`` who need a slip, by unit and number."""
    return session.execute(_waiting(mission_id).order_by(Unit.name, User.number).limit(MOST)).all()


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
