"""Missions: the list, one's people and cohorts, deployments, the law in force."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.missions import forms, queries, service
from lms.missions.models import Deployment, Mission
from lms.web.guards import requires
from lms.web.pages import page

bp = Blueprint("missions", __name__)


@bp.get("/missions/")
@requires("missions.list")
def index() -> Response:
    """The missions that one may see."""
    return page("missions/index.html", missions=queries.visible(current_user))


@bp.route("/missions/new", methods=["GET", "POST"])
@requires("missions.create")
def create() -> Response:
    """Open a mission."""
    form = forms.MissionForm()
    if form.validate_on_submit() and form.attempt(
        service.create,
        by=current_user.id,
        title=form.title.data,
        host_country=form.host_country.data,
        host_force=form.host_force.data,
        requested_by=form.requested_by.data,
        mandate_begins=form.mandate_begins.data,
        mandate_ends=form.mandate_ends.data,
        languages=form.languages.data.split(),
        keeps_names=form.keeps_names.data,
    ):
        flash(gettext("The mission is open. Now deploy people to it."), "success")
        return redirect(url_for(".deploy", mission_id=form.result.id))
    return page("missions/create.html", form=form)


@bp.route("/missions/<uuid:mission_id>/deployments", methods=["GET", "POST"])
@requires("missions.deploy", of="mission")
def deploy(mission: Mission) -> Response:
    """Deploy a mentor or manager."""
    form = forms.DeploymentForm()
    if form.validate_on_submit() and form.attempt(
        service.deploy, mission, form.username.data, form.begins.data, form.ends.data, by=current_user.id
    ):
        flash(gettext("The deployment is entered. Its rights run from its first day to its last."), "success")
        return redirect(url_for(".deploy", mission_id=mission.id))
    return page("missions/deploy.html", form=form, mission=mission, deployments=queries.deployments(mission))


@bp.post("/deployments/<uuid:deployment_id>/end")
@requires("missions.end_deployment", of="deployment")
def end_deployment(deployment: Deployment) -> Response:
    """End a deployment today."""
    mission_id = deployment.mission_id
    service.end_deployment(deployment, by=current_user.id)
    flash(gettext("The deployment ends today."), "success")
    return redirect(url_for(".deploy", mission_id=mission_id))
