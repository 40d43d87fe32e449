"""Rights over cohorts follow the deployment to their mission."""

from sqlalchemy import ColumnElement, select

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, JoinRequest
from lms.core.policy import permission
from lms.missions.models import Mission
from lms.missions.policy import is_staff, missions_where_deployed


@permission("cohorts.list")
def lists_cohorts(user: User) -> bool:
    """Mentors and managers; each sees only their missions' cohorts."""
    return is_staff(user)


def of_deployed(user: User) -> ColumnElement[bool] | bool:
    """Cohorts of the missions to which the person is deployed today."""
    return Cohort.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False


permission("cohorts.see", Cohort)(of_deployed)
permission("cohorts.enrol", Cohort)(of_deployed)
permission("cohorts.export", Cohort)(of_deployed)
permission("cohorts.move", Cohort)(of_deployed)


@permission("cohorts.create", Mission)
def creates_cohort(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


def of_deployed_enrolment(user: User) -> ColumnElement[bool] | bool:
    """Enrolments in cohorts of the missions to which the person is deployed today."""
    if not is_staff(user):
        return False
    return Enrolment.cohort_id.in_(select(Cohort.id).where(Cohort.mission_id.in_(missions_where_deployed(user))))


permission("enrolments.see", Enrolment)(of_deployed_enrolment)
permission("enrolments.end", Enrolment)(of_deployed_enrolment)
permission("enrolments.name", Enrolment)(of_deployed_enrolment)


@permission("cohorts.let_in", JoinRequest)
def lets_in(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the cohort's mission."""
    if not is_staff(user):
        return False
    return JoinRequest.cohort_id.in_(select(Cohort.id).where(Cohort.mission_id.in_(missions_where_deployed(user))))
