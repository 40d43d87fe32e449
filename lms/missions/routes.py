"""Missions: the list, one's people and cohorts, deployments, the law in force."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.core import clock
from lms.core.db import session
from lms.missions import desk, forces, forms, partners, queries, service
from lms.missions.forces import KINDS
from lms.missions.models import AssistanceRequest, Deployment, HostForce, Mission
from lms.missions.rotation import rotation
from lms.web.forms import EmptyForm
from lms.web.guards import requires, takes_files
from lms.web.pages import download, page

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
    asked = session.get(AssistanceRequest, request.args.get("request", type=UUID) or UUID(int=0))
    form = forms.MissionForm(
        host_country=asked.host_country if asked else None,
        host_force=asked.host_force if asked else None,
        requested_by=asked.asked_by if asked else None,
    )
    if form.validate_on_submit() and form.attempt_once(
        Mission, service.create, **form.values(), by=current_user.id, request=asked
    ):
        flash(gettext("The mission is open. Now deploy people to it."), "success")
        return redirect(url_for(".deploy", mission_id=form.result.id))
    return page("missions/create.html", form=form)


@bp.route("/missions/<uuid:mission_id>/change", methods=["GET", "POST"])
@requires("missions.deploy", of="mission")
def change(mission: Mission) -> Response:
    """A renewed mandate, another title."""
    form = forms.MandateForm(obj=mission)
    if not form.is_submitted():
        form.languages.data = " ".join(mission.languages)
    if form.validate_on_submit() and form.attempt(service.change, mission, **form.values(), by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for("progress.mission", mission_id=mission.id))
    return page("missions/create.html", form=form, mission=mission)


@bp.route("/missions/<uuid:mission_id>/deployments", methods=["GET", "POST"])
@requires("missions.deploy", of="mission")
def deploy(mission: Mission) -> Response:
    """Deploy a mentor or manager."""
    form = forms.DeploymentForm()
    if form.validate_on_submit() and form.attempt_once(
        Deployment, service.deploy, mission, form.username.data, form.begins.data, form.ends.data, by=current_user.id
    ):
        flash(gettext("The deployment is entered. Its rights run from its first day to its last."), "success")
        return redirect(url_for(".deploy", mission_id=mission.id))
    return page("missions/deploy.html", form=form, mission=mission, deployments=queries.deployments(mission))


@bp.route("/deployments/<uuid:deployment_id>", methods=["GET", "POST"])
@requires("missions.end_deployment", of="deployment")
def deployment_dates(deployment: Deployment) -> Response:
    """Other dates, so that two mentors overlap or somebody stays longer."""
    form = forms.PostingDatesForm(obj=deployment)
    told = (form.begins.data, form.ends.data)
    if form.validate_on_submit() and form.attempt(service.move_deployment, deployment, *told, by=current_user.id):
        flash(gettext("The dates are changed. Rights follow them."), "success")
        return redirect(url_for(".deploy", mission_id=deployment.mission_id))
    mission, person = session.get_one(Mission, deployment.mission_id), session.get_one(User, deployment.user_id)
    return page("missions/dates.html", form=form, mission=mission, person=person)


@bp.get("/missions/<uuid:mission_id>/rotations")
@requires("missions.see", of="mission")
def rotations(mission: Mission) -> Response:
    """Who is there when, as a calendar."""
    plan = rotation(mission, queries.deployments(mission), clock.today())
    return page("missions/rotations.html", mission=mission, plan=plan, today=clock.today())


@bp.route("/missions/<uuid:mission_id>/terms", methods=["GET", "POST"])
@takes_files
@requires("missions.deploy", of="mission")
def terms(mission: Mission) -> Response:
    """Keep the terms of reference."""
    form = forms.TermsForm()
    if form.validate_on_submit():
        content = form.file.data.read(desk.LARGEST_TERMS + 1)
        if form.attempt(desk.keep_terms, mission, content, current_app.config["MEDIA"], by=current_user.id):
            flash(gettext("The terms of reference are kept."), "success")
            return redirect(url_for(".terms", mission_id=mission.id))
    return page("missions/terms.html", form=form, mission=mission)


@bp.get("/missions/<uuid:mission_id>/terms.pdf")
@requires("missions.see", of="mission")
def terms_file(mission: Mission) -> Response:
    """The terms of reference; downloaded, never shown as a page of ours."""
    path = current_app.config["MEDIA"].path_of(mission.terms_sha256) if mission.terms_sha256 else None
    if path is None or not path.is_file():
        abort(404)
    return download(path, "terms-of-reference.pdf")


@bp.get("/requests/")
@requires("requests.list")
def requests() -> Response:
    """Requests for assistance, newest first."""
    return page("missions/requests.html", requests=queries.requests(), askers=partners.ASKERS)


@bp.route("/requests/new", methods=["GET", "POST"])
@requires("requests.list")
def receive() -> Response:
    """Enter a request."""
    form = forms.RequestForm()
    values = {name: field.data for name, field in form._fields.items() if name != "csrf_token"}
    if form.validate_on_submit() and form.attempt_once(AssistanceRequest, desk.receive, **values, by=current_user.id):
        flash(gettext("The request is entered. Now it is assessed."), "success")
        return redirect(url_for(".assistance_request", assistance_request_id=form.result.id))
    return page("missions/receive.html", form=form)


@bp.route("/requests/<uuid:assistance_request_id>", methods=["GET", "POST"])
@requires("requests.handle", of="assistance_request")
def assistance_request(assistance_request: AssistanceRequest) -> Response:
    """A request, and its next step: the assessment, then the decision."""
    asked = assistance_request
    form = forms.DecisionForm() if asked.assessed_on else forms.StepForm()
    if form.validate_on_submit():
        step = (form.partner.data, form.day.data, form.text.data)
        if asked.assessed_on:
            done = form.attempt(desk.decide, asked, form.decision.data == "accepted", *step, by=current_user.id)
        else:
            done = form.attempt(desk.assess, asked, *step, by=current_user.id)
        if done:
            return redirect(url_for(".assistance_request", assistance_request_id=asked.id))
    return page("missions/request.html", form=form, asked=asked, name_on=partners.name_on, askers=partners.ASKERS)


@bp.get("/missions/<uuid:mission_id>/forces")
@requires("missions.see", of="mission")
def host_forces(mission: Mission) -> Response:
    """The forces of the mission, with their posts and their units by region."""
    return _forces_page(mission, forms.ForceForm(formdata=None))


def _forces_page(mission: Mission, form: forms.ForceForm) -> Response:
    return page("missions/forces.html", form=form, mission=mission, forces=queries.forces(mission.id), kinds=KINDS)


@bp.post("/missions/<uuid:mission_id>/forces")
@requires("missions.deploy", of="mission")
def add_force(mission: Mission) -> Response:
    """Enter another force."""
    form = forms.ForceForm()
    if form.validate_on_submit() and form.attempt_once(
        HostForce, forces.add, mission, form.name.data, form.kind.data, by=current_user.id
    ):
        flash(gettext("The force is entered. Now say how many posts it has, and add its units."), "success")
        return redirect(url_for(".host_force", host_force_id=form.result.id))
    return _forces_page(mission, form)


@bp.route("/host-forces/<uuid:host_force_id>", methods=["GET", "POST"])
@requires("forces.keep", of="host_force")
def host_force(host_force: HostForce) -> Response:
    """Name and kind of a force."""
    form = forms.ForceForm(obj=host_force)
    if form.validate_on_submit() and form.attempt(
        forces.rename, host_force, form.name.data, form.kind.data, by=current_user.id
    ):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".host_forces", mission_id=host_force.mission_id))
    return _force_page(host_force, form, forms.EstablishmentForm(formdata=None, day=clock.today()))


def _force_page(force: HostForce, naming: forms.ForceForm, counting: forms.EstablishmentForm) -> Response:
    return page(
        "missions/force.html",
        form=counting if counting.refused() else naming,
        naming=naming,
        counting=counting,
        force=next(each for each in queries.forces(force.mission_id) if each.row.id == force.id),
        mission=session.get_one(Mission, force.mission_id),
    )


@bp.post("/host-forces/<uuid:host_force_id>/establishment")
@requires("forces.keep", of="host_force")
def count_force(host_force: HostForce) -> Response:
    """How many posts it has."""
    form = forms.EstablishmentForm()
    told = (form.day.data, form.posts.data, form.women.data)
    if form.validate_on_submit() and form.attempt(forces.count, host_force, *told, by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".host_force", host_force_id=host_force.id))
    return _force_page(host_force, forms.ForceForm(formdata=None, obj=host_force), form)


@bp.post("/host-forces/<uuid:host_force_id>/retire")
@requires("forces.keep", of="host_force")
def retire_force(host_force: HostForce) -> Response:
    """Work with a force no longer, or again."""
    form = EmptyForm()
    act = forces.take_up if host_force.retired_on else forces.retire
    if not form.attempt(act, host_force, by=current_user.id):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".host_forces", mission_id=host_force.mission_id))
