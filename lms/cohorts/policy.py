"""Rights over cohorts follow the deployment to their mission; a local instructor's, the cohorts they teach."""

from sqlalchemy import ColumnElement, and_, select

from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, CohortLead, Enrolment, JoinRequest, Teaching
from lms.core.policy import permission
from lms.missions.models import Mission
from lms.missions.policy import is_staff, missions_where_deployed


@permission("cohorts.list")
def lists_cohorts(user: User) -> bool:
    """Mentors, managers and local instructors; each sees only their own cohorts."""
    return is_staff(user) or user.role == Role.INSTRUCTOR


def of_deployed(user: User) -> ColumnElement[bool] | bool:
    """Cohorts of the missions to which the person is deployed today."""
    return Cohort.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False


def taught(user: User) -> ColumnElement[bool] | bool:
    """The same, and for a local instructor the cohorts that they are named in, until these close."""
    if user.role != Role.INSTRUCTOR:
        return of_deployed(user)
    named = select(Teaching.cohort_id).where(Teaching.user_id == user.id)
    return and_(Cohort.id.in_(named), Cohort.closed_at.is_(None))


permission("cohorts.see", Cohort)(taught)
permission("cohorts.teach", Cohort)(taught)
permission("cohorts.change", Cohort)(of_deployed)
permission("cohorts.close", Cohort)(of_deployed)
permission("cohorts.enrol", Cohort)(of_deployed)
permission("cohorts.export", Cohort)(of_deployed)
permission("cohorts.move", Cohort)(of_deployed)


@permission("cohorts.lead", Cohort)
def changes_lead(user: User) -> ColumnElement[bool] | bool:
    """Managers deployed to the mission, and whoever leads the cohort, while deployed there."""
    deployed = of_deployed(user)
    if isinstance(deployed, bool) or user.role == Role.MANAGER:
        return deployed
    return and_(deployed, Cohort.id.in_(select(CohortLead.cohort_id).where(CohortLead.user_id == user.id)))


@permission("cohorts.create", Mission)
def creates_cohort(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


def of_deployed_enrolment(user: User) -> ColumnElement[bool] | bool:
    """Enrolments in cohorts of the missions to which the person is deployed today."""
    if not is_staff(user):
        return False
    return Enrolment.cohort_id.in_(select(Cohort.id).where(Cohort.mission_id.in_(missions_where_deployed(user))))


@permission("enrolments.see", Enrolment)
def sees_enrolment(user: User) -> ColumnElement[bool] | bool:
    """Enrolments in the cohorts that the person teaches."""
    cohorts = taught(user)
    return cohorts if isinstance(cohorts, bool) else Enrolment.cohort_id.in_(select(Cohort.id).where(cohorts))


permission("enrolments.adjust", Enrolment)(of_deployed_enrolment)
permission("enrolments.end", Enrolment)(of_deployed_enrolment)
permission("enrolments.name", Enrolment)(of_deployed_enrolment)


@permission("cohorts.let_in", JoinRequest)
def lets_in(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the cohort's mission."""
    if not is_staff(user):
        return False
    return JoinRequest.cohort_id.in_(select(Cohort.id).where(Cohort.mission_id.in_(missions_where_deployed(user))))
