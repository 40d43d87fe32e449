"""Cohorts as lists show them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.core import policy
from lms.core.db import session
from lms.library.models import CourseVersion
from lms.missions.models import Mission


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
    """A trainee's present enrolments: ``(Enrolment, cohort's dates and mission)``, newest first."""
    return session.execute(
        select(
            Enrolment.id,
            Enrolment.course_version_id,
            Enrolment.language,
            Cohort.title.label("cohort"),
            Cohort.ends,
            Cohort.mission_id,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.user_id == user_id, Enrolment.left_at.is_(None))
        .order_by(Enrolment.enrolled_at.desc())
    ).all()
