"""Who may fetch, propose, approve, issue and revoke certificates."""

from sqlalchemy import ColumnElement, and_, func, or_

from lms.accounts.models import Role, User
from lms.certificates.models import Credential, Issuing
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.policy import of_deployed, of_deployed_enrolment, sees_enrolment
from lms.core.policy import permission
from lms.missions.models import Mission
from lms.missions.policy import is_staff, missions_where_deployed


@permission("certificates.own")
def has_own(user: User) -> bool:
    """Trainees have certificates."""
    return user.role == Role.TRAINEE


@permission("certificates.fetch", Credential)
def fetches(user: User) -> ColumnElement[bool]:
    """Its holder, and the mission's staff."""
    own = Credential.user_id == user.id
    return or_(own, Credential.mission_id.in_(missions_where_deployed(user))) if is_staff(user) else own


@permission("certificates.share", Credential)
def shares(user: User) -> ColumnElement[bool]:
    """Its holder alone says whether a number finds it."""
    return Credential.user_id == user.id


@permission("certificates.revoke", Credential)
def revokes(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission that issued it."""
    return Credential.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False


permission("certificates.issue_many", Cohort)(of_deployed)
# Whoever teaches the trainee's cohort may say what they saw.
permission("certificates.attest", Enrolment)(sees_enrolment)
permission("certificates.transcript", Enrolment)(of_deployed_enrolment)


@permission("certificates.issuing", Issuing)
def sees_issuing(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission."""
    return Issuing.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("certificates.approve", Issuing)
def approves(user: User) -> ColumnElement[bool] | bool:
    """A second person deployed to the mission: neither who tried it dry nor who proposed it."""
    if not is_staff(user):
        return False
    return and_(
        Issuing.asked_by != user.id,
        func.coalesce(Issuing.proposed_by, Issuing.asked_by) != user.id,
        Issuing.mission_id.in_(missions_where_deployed(user)),
    )


@permission("certificates.of_mission", Mission)
def sees_those_of_mission(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed there."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("certificates.rule_mission", Mission)
def rules_mission(user: User) -> ColumnElement[bool] | bool:
    """Managers deployed there say whether two people issue; mentors agree when a manager wants one to be enough."""
    if not is_staff(user):
        return False
    deployed = Mission.id.in_(missions_where_deployed(user))
    return deployed if user.role == Role.MANAGER else and_(deployed, Mission.one_asked_by.is_not(None))
