"""Certificates as pages show them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.certificates.cases import Case, cases_of
from lms.certificates.models import Credential, Issuing
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session
from lms.missions.models import Mission

# A mission looks so far ahead.
SOON = timedelta(days=90)


def own(user_id: UUID) -> Sequence[Any]:
    """The person's certificates, newest first: ``(Credential, number of the one that renews it)``."""
    later = aliased(Credential)
    return session.execute(
        select(Credential, later.code)
        .outerjoin(later, later.renews_id == Credential.id)
        .where(Credential.user_id == user_id)
        .order_by(Credential.issued_at.desc(), Credential.id)
    ).all()


def due(user_id: UUID) -> list[tuple[UUID, list[Case]]]:
    """What is still to come, by place: first certificates and renewals, of every kind."""
    open_cases = [case for case in cases_of(Enrolment.user_id == user_id) if not case.settled]
    return [(id, list(cases)) for id, cases in groupby(open_cases, lambda case: case.place.id)]


def missions_of_two(user_id: UUID) -> set[UUID]:
    """The missions of this trainee's cohorts in which two people issue."""
    return set(
        session.scalars(
            select(Mission.id)
            .join(Cohort, Cohort.mission_id == Mission.id)
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .where(Enrolment.user_id == user_id, Mission.two_to_issue)
        )
    )


def of_cohort(cohort: Cohort) -> Sequence[Any]:
    """A cohort's certificates, in the order of issue: ``(Credential, holder's number, whether it was renewed)``."""
    later = aliased(Credential)
    return session.execute(
        select(Credential, func.coalesce(User.number, User.username), later.id.is_not(None))
        .join(Enrolment, Enrolment.id == Credential.enrolment_id)
        .join(User, User.id == Credential.user_id)
        .outerjoin(later, later.renews_id == Credential.id)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Credential.issued_at, Credential.id)
    ).all()


def renewed_by(credential: Credential) -> str | None:
    """The number of the certificate that follows this one, unless its holder hides that."""
    return session.scalar(
        select(Credential.code).where(Credential.renews_id == credential.id, Credential.hidden_at.is_(None))
    )


def issuings(cohort: Cohort) -> Sequence[Any]:
    """When certificates were issued for the cohort, newest first: ``(Issuing, by whom)``."""
    return session.execute(
        select(Issuing, User.username)
        .join(User, User.id == func.coalesce(Issuing.proposed_by, Issuing.started_by))
        .where(Issuing.cohort_id == cohort.id, or_(Issuing.proposed_at.is_not(None), Issuing.started_at.is_not(None)))
        .order_by(Issuing.asked_at.desc())
        .limit(20)
    ).all()


def counts(mission: Mission) -> dict[str, int]:
    """How many certificates of each kind the mission issued that were not revoked."""
    rows = session.execute(
        select(Credential.kind, func.count())
        .where(Credential.mission_id == mission.id, Credential.revoked_at.is_(None))
        .group_by(Credential.kind)
    )
    return {row[0]: row[1] for row in rows}


def ending_soon(mission: Mission, most: int = 200) -> Sequence[Any]:
    """What ends within 90 days and has nothing after it, first to end: ``(Credential, holder's number)``."""
    now, later = clock.now(), aliased(Credential)
    return session.execute(
        select(Credential, func.coalesce(User.number, User.username))
        .join(User, User.id == Credential.user_id)
        .outerjoin(later, later.renews_id == Credential.id)
        .where(
            Credential.mission_id == mission.id,
            Credential.revoked_at.is_(None),
            Credential.expires_at > now,
            Credential.expires_at <= now + SOON,
            later.id.is_(None),
        )
        .order_by(Credential.expires_at, Credential.id)
        .limit(most)
    ).all()


def to_approve(mission: Mission) -> Sequence[Any]:
    """What waits for a second person, longest first: ``(Issuing, cohort's title, by whom)``."""
    return session.execute(
        select(Issuing, Cohort.title, User.username)
        .join(Cohort, Cohort.id == Issuing.cohort_id)
        .join(User, User.id == Issuing.proposed_by)
        .where(
            Issuing.mission_id == mission.id,
            Issuing.proposed_at.is_not(None),
            Issuing.started_at.is_(None),
            Issuing.refused_at.is_(None),
        )
        .order_by(Issuing.proposed_at, Issuing.id)
    ).all()
