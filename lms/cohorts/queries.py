"""Cohorts as lists show them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, union_all

from lms.accounts.models import User
from lms.cohorts.models import Cohort, CohortLead, Correction, Enrolment, Teaching, Waiting
from lms.core import clock, policy
from lms.core.db import session
from lms.library.models import CourseVersion
from lms.missions.models import Deployment, Mission


def _listed() -> Any:
    trainees = (
        select(func.count())
        .where(Enrolment.cohort_id == Cohort.id, Enrolment.left_at.is_(None))
        .correlate(Cohort)
        .scalar_subquery()
    )
    return (
        select(
            Cohort.id,
            Cohort.title,
            Cohort.begins,
            Cohort.ends,
            Cohort.capacity,
            CourseVersion.code,
            CourseVersion.title.label("course"),
            Mission.title.label("mission"),
            trainees.label("trainees"),
        )
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .join(Mission, Mission.id == Cohort.mission_id)
        .order_by(Cohort.begins.desc(), Cohort.title)
    )


def visible(user: User) -> Sequence[Any]:
    """The cohorts of the person's present deployments, newest first; one statement."""
    return session.execute(_listed().where(policy.where(user, "cohorts.see"))).all()


def of_mission(mission: Mission) -> Sequence[Any]:
    """A mission's cohorts, newest first; one statement."""
    return session.execute(_listed().where(Cohort.mission_id == mission.id)).all()


def courses_begun_by(user_id: UUID) -> Sequence[Any]:
    """A trainee's present enrolments, each with its ``Cohort``, newest first."""
    return session.execute(
        select(
            Enrolment.id,
            Enrolment.course_version_id,
            Enrolment.language,
            Enrolment.extension_days,
            Cohort,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == user_id, Enrolment.left_at.is_(None))
        .order_by(Enrolment.enrolled_at.desc())
    ).all()


def queue(cohort: Cohort) -> Sequence[Any]:
    """Who waits for a place, longest first: ``(id, number)``."""
    return session.execute(
        select(Waiting.id, func.coalesce(User.number, User.username).label("number"))
        .join(User, User.id == Waiting.user_id)
        .where(Waiting.cohort_id == cohort.id)
        .order_by(Waiting.asked_at, Waiting.id)
    ).all()


def instructors(cohort: Cohort) -> Sequence[Any]:
    """The local instructors named in the cohort: ``(id, username)``."""
    return session.execute(
        select(User.id, User.username)
        .join(Teaching, Teaching.user_id == User.id)
        .where(Teaching.cohort_id == cohort.id)
        .order_by(User.username)
    ).all()


def teachers(cohort: Cohort) -> Sequence[Any]:
    """Who teaches the cohort, whoever answers for it first: ``(username, whether it is the lead)``; one statement."""
    leads, taught = (
        select(User.username, literal(leads).label("leads"))
        .join(table, table.user_id == User.id)
        .where(table.cohort_id == cohort.id)
        for table, leads in ((CohortLead, 1), (Teaching, 0))
    )
    both = union_all(leads, taught).subquery()
    return session.execute(select(both).order_by(both.c.leads.desc(), both.c.username)).all()


def lead_of(cohort: Cohort) -> UUID | None:
    """Who answers for the cohort."""
    return session.scalar(select(CohortLead.user_id).where(CohortLead.cohort_id == cohort.id))


def may_lead(cohort: Cohort) -> Sequence[Any]:
    """The mentors and managers deployed to the mission today: ``(id, username)``."""
    today = clock.today()
    deployed = select(Deployment.user_id).where(
        Deployment.mission_id == cohort.mission_id, Deployment.begins <= today, Deployment.ends >= today
    )
    return session.execute(
        select(User.id, User.username).where(User.id.in_(deployed), User.active).order_by(User.username)
    ).all()


def corrections(cohort: Cohort) -> Sequence[Any]:
    """The corrections of a closed cohort, newest first: ``(begun at, by whom, reason)``."""
    return session.execute(
        select(Correction.begins_at, User.username, Correction.reason)
        .join(User, User.id == Correction.by)
        .where(Correction.cohort_id == cohort.id)
        .order_by(Correction.begins_at.desc())
    ).all()
