"""Rights over missions follow deployments and their dates."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true

from lms.accounts.models import Role, User
from lms.core import clock
from lms.core.policy import permission
from lms.missions.models import AssistanceRequest, Deployment, HostForce, Mission


def missions_where_deployed(user: User) -> Select[UUID]:
    """Ids of the missions to which the person is deployed today."""
    today = clock.today()
    return select(Deployment.mission_id).where(
        Deployment.user_id == user.id, Deployment.begins <= today, Deployment.ends >= today
    )


def is_staff(user: User) -> bool:
    """Mentors and managers are who may be deployed."""
    return user.role in (Role.MENTOR, Role.MANAGER)


@permission("missions.list")
def lists_missions(user: User) -> bool:
    """Who may be deployed sees their missions; administrators see all."""
    return is_staff(user) or user.role == Role.ADMIN


@permission("missions.see", Mission)
def sees_mission(user: User) -> ColumnElement[bool] | bool:
    """Whoever is deployed there today, and administrators."""
    if user.role == Role.ADMIN:
        return true()
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("missions.create")
def creates_mission(user: User) -> bool:
    """Administrators open missions and deploy their first manager."""
    return user.role == Role.ADMIN


@permission("missions.deploy", Mission)
def deploys(user: User) -> ColumnElement[bool] | bool:
    """Managers deployed there, and administrators."""
    if user.role == Role.ADMIN:
        return true()
    return Mission.id.in_(missions_where_deployed(user)) if user.role == Role.MANAGER else False


@permission("missions.end_deployment", Deployment)
def ends_deployment(user: User) -> ColumnElement[bool] | bool:
    """Whoever may deploy to the mission."""
    if user.role == Role.ADMIN:
        return true()
    return Deployment.mission_id.in_(missions_where_deployed(user)) if user.role == Role.MANAGER else False


@permission("forces.keep", HostForce)
def keeps_force(user: User) -> ColumnElement[bool] | bool:
    """Whoever may deploy to the mission."""
    if user.role == Role.ADMIN:
        return true()
    return HostForce.mission_id.in_(missions_where_deployed(user)) if user.role == Role.MANAGER else False


@permission("missions.state_law", Mission)
def states_law(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed there."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("requests.list")
def lists_requests(user: User) -> bool:
    """Managers and administrators: a request comes before any mission, and names no person."""
    return user.role in (Role.MANAGER, Role.ADMIN)


@permission("requests.handle", AssistanceRequest)
def handles_request(user: User) -> ColumnElement[bool] | bool:
    """Managers and administrators."""
    return true() if user.role in (Role.MANAGER, Role.ADMIN) else False
