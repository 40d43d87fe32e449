"""Sessions belong to who teaches their cohort; a trainee checks in for themselves alone."""

from sqlalchemy import ColumnElement, select

from lms.accounts.models import Role, User
from lms.attendance.models import TrainingSession
from lms.cohorts.models import Cohort
from lms.cohorts.policy import taught
from lms.core.policy import permission
from lms.missions.policy import is_staff


@permission("sessions.list")
def lists_sessions(user: User) -> bool:
    """Mentors, managers and local instructors; each sees only their own cohorts' sessions."""
    return is_staff(user) or user.role == Role.INSTRUCTOR


@permission("sessions.hold", TrainingSession)
def holds(user: User) -> ColumnElement[bool] | bool:
    """Whoever teaches the cohort."""
    cohorts = taught(user)
    return cohorts if isinstance(cohorts, bool) else TrainingSession.cohort_id.in_(select(Cohort.id).where(cohorts))


@permission("attendance.check_in")
def checks_in(user: User) -> bool:
    """Trainees; which session it is follows from their own enrolments."""
    return user.role == Role.TRAINEE
