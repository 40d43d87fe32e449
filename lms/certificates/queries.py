"""Certificates, and what is missing for those not issued yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.certificates.models import Credential
from lms.certificates.service import is_eligible
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import courses_begun_by
from lms.core.db import session
from lms.library.edition import Edition, edition
from lms.progress.outline import Outline, outline
from lms.progress.queries import states_of


@dataclass(frozen=True)
class Due:
    """A course without a certificate so far: whether it may be had now, else what is missing."""

    enrolment_id: UUID
    edition: Edition
    outline: Outline
    eligible: bool


def own(user_id: UUID) -> Sequence[Credential]:
    """The person's certificates, newest first."""
    return session.scalars(
        select(Credential).where(Credential.user_id == user_id).order_by(Credential.issued_at.desc())
    ).all()


def due(user_id: UUID, issued: Sequence[Credential]) -> list[Due]:
    """The person's courses whose certificate is still to come; two statements."""
    have = {credential.enrolment_id for credential in issued}
    rows = [row for row in courses_begun_by(user_id) if row.id not in have]
    states = states_of(*(row.id for row in rows))
    found = []
    for row in rows:
        shown = edition(row.course_version_id)
        if shown.document.certificate is not None:
            standing = outline(shown, states[row.id])
            found.append(Due(row.id, shown, standing, is_eligible(standing)))
    return found


def of_cohort(cohort: Cohort) -> Sequence[Any]:
    """A cohort's certificates, in the order of issue: ``(Credential, holder's number)``."""
    return session.execute(
        select(Credential, func.coalesce(User.number, User.username))
        .join(Enrolment, Enrolment.id == Credential.enrolment_id)
        .join(User, User.id == Credential.user_id)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Credential.issued_at)
    ).all()
