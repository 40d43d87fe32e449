"""What assessors saw of a trainee at work: the ground of a certificate of competence."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.accounts.models import User
from lms.certificates.models import Attestation
from lms.cohorts.models import Enrolment
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.edition import edition


def attest(
    enrolment: Enrolment, observed_on: date, levels: Mapping[str, int], *, taught: bool, by: UUID
) -> Attestation:
    """Put on record what one assessor saw on one day: ``levels`` by observation item, 1 to 4, or 0 for a breach."""
    items = {item.id: item for item in edition(enrolment.course_version_id).document.observations}
    if not items:
        raise DomainError(N_("This course names nothing to watch for."))
    if observed_on > clock.today() or observed_on < enrolment.enrolled_at.date():
        raise DomainError(N_("Give a day between the enrolment and today."), field="observed_on")
    seen = {id: level for id, level in levels.items() if id in items}
    if not seen:
        raise DomainError(N_("Choose a level for what you saw. What you did not see stays open."))
    if any(level not in range(5) or (level == 0 and not items[id].critical) for id, level in seen.items()):
        raise DomainError(N_("Choose a level from the list."))
    mine = select(Attestation.id).where(
        Attestation.enrolment_id == enrolment.id, Attestation.by == by, Attestation.observed_on == observed_on
    )
    if session.scalar(mine) is not None:
        raise DomainError(N_("You have said what you saw on this day already."), field="observed_on")
    made = Attestation(
        enrolment_id=enrolment.id, by=by, observed_on=observed_on, levels=seen, taught=taught, at=clock.now()
    )
    session.add(made)
    session.flush()
    audit.record("certificates.attested", actor_id=by, object_id=enrolment.id)
    return made


def attested(enrolment: Enrolment) -> Sequence[Any]:
    """What was seen so far, newest first: ``(Attestation, assessor)``."""
    return session.execute(
        select(Attestation, User.username)
        .join(User, User.id == Attestation.by)
        .where(Attestation.enrolment_id == enrolment.id)
        .order_by(Attestation.observed_on.desc(), Attestation.at.desc())
    ).all()
