"""Handovers: the list, opening one, the pack, and taking it on."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_date, gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from lms.cohorts.models import Cohort
from lms.core.db import session
from lms.handover import forms, queries, service, taking_back
from lms.handover.matters import waiting_in
from lms.handover.models import Handover, HandoverItem
from lms.mentoring.queries import plans_by_id
from lms.missions.models import Deployment, Mission
from lms.missions.routes import bp as missions_bp
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.pages import Form, page

bp = Blueprint("handover", __name__)


@bp.app_template_global()
def open_in(cohort: Cohort) -> dict[str, int]:
    """What is open in a cohort, by kind; one statement."""
    return {kind: count for (kind, _), count in waiting_in([cohort.id]).items()}


def _back_to(handover_id: UUID) -> Response:
    return redirect(url_for(".show", handover_id=handover_id))


@bp.get("/handovers/")
@requires("missions.list")
def index() -> Response:
    """The handovers that one has a part in, or watches over."""
    return page(
        "handover/index.html",
        handovers=queries.visible(current_user),
        own=queries.to_hand_over(current_user),
    )


@bp.route("/deployments/<uuid:deployment_id>/handover", methods=["GET", "POST"])
@requires("handovers.open", of="deployment")
def begin(deployment: Deployment) -> Response:
    """Choose who takes over."""
    form = _open_form(deployment)
    if form.validate_on_submit() and form.attempt(
        service.open_for, deployment, UUID(form.successor.data), by=current_user.id
    ):
        flash(gettext("What is open is gathered. Say what your successor should know."), "success")
        return _back_to(form.result.id)
    return page("handover/begin.html", form=form, handover=None)


def _open_form(leaving: Deployment) -> forms.OpenForm:
    form = forms.OpenForm()
    form.successor.choices = [
        SelectChoice(str(id), f"{username} · {format_date(begins, 'medium')} – {format_date(ends, 'medium')}")
        for id, username, begins, ends in queries.possible_successors(leaving)
    ]
    return form


@bp.route("/handovers/<uuid:handover_id>/successor", methods=["GET", "POST"])
@requires("handovers.pass_on", of="handover")
def pass_on(handover: Handover) -> Response:
    """Choose another successor for what is still open."""
    form = _open_form(session.get_one(Deployment, handover.leaving_id))
    if form.validate_on_submit() and form.attempt(
        service.pass_on, handover, UUID(form.successor.data), by=current_user.id
    ):
        flash(gettext("What is open waits for the new successor."), "success")
        return _back_to(handover.id)
    return page("handover/begin.html", form=form, handover=handover)


@bp.get("/handovers/<uuid:handover_id>")
@requires("handovers.see", of="handover")
def show(handover: Handover) -> Response:
    """The pack, item by item."""
    return _show(handover)


def _show(
    handover: Handover,
    adding: forms.ItemForm | None = None,
    *,
    asked: Form | None = None,
    about: HandoverItem | None = None,
) -> Response:
    """The pack; ``asked`` is a refused form ``about`` one of its items."""
    items = queries.items(handover)

    def form_of(kind: type[Form], item: HandoverItem, **shown: str) -> Form:
        if isinstance(asked, kind) and about is item:
            return asked
        return forms.of_item(kind(formdata=None, **shown), item.id)

    planned = (each.object_id for each, _ in items if each.kind == "plan" and each.object_id)
    return page(
        "handover/show.html",
        form=asked or adding,
        adding=adding or forms.ItemForm(formdata=None),
        note_form=lambda item: form_of(forms.NoteForm, item, note=item.note, seen=item.objection),
        objection_form=lambda item: form_of(forms.ObjectionForm, item, objection=item.objection),
        handover=handover,
        listed=queries.listed(handover),
        items=items,
        plans=plans_by_id(planned, current_user),
    )


@bp.post("/handovers/<uuid:handover_id>/items")
@requires("handovers.write", of="handover")
def add(handover: Handover) -> Response:
    """An item written by hand."""
    form = forms.ItemForm()
    if form.validate_on_submit() and form.attempt(
        service.add, handover, form.title.data, form.note.data or "", by=current_user.id
    ):
        return _back_to(handover.id)
    return _show(handover, form)


@bp.post("/handovers/<uuid:handover_id>/gather")
@requires("handovers.gather", of="handover")
def gather(handover: Handover) -> Response:
    """Bring the pack up to date."""
    service.gather(handover)
    flash(gettext("The pack is up to date."), "success")
    return _back_to(handover.id)


@bp.post("/handover-items/<uuid:handover_item_id>/note")
@requires("handovers.note", of="handover_item")
def note(handover_item: HandoverItem) -> Response:
    """What the successor should know of an item."""
    form = forms.of_item(forms.NoteForm(), handover_item.id)
    if form.validate_on_submit() and form.attempt(
        service.write_note, handover_item, form.note.data or "", form.seen.data
    ):
        flash(gettext("Your note is saved."), "success")
        if not form.result:
            flash(gettext("Your successor said meanwhile what is missing: read it below."), "warning")
        return _back_to(handover_item.handover_id)
    # What was accepted has no field any more; the words go on in that of another item.
    another = forms.ItemForm(formdata=None, title=handover_item.title, note=form.note.data)
    adding = another if handover_item.accepted_at else None
    return _show(session.get_one(Handover, handover_item.handover_id), adding, asked=form, about=handover_item)


@bp.post("/handover-items/<uuid:handover_item_id>/answer")
@requires("handovers.answer", of="handover_item")
def answer(handover_item: HandoverItem) -> Response:
    """Take an item on, or say what is missing."""
    if request.form.get("answer") != "accept":
        return _object_to(handover_item)
    form = EmptyForm()
    if form.attempt(service.accept, handover_item, by=current_user.id):
        flash(gettext("You have taken it on."), "success")
    else:
        flash(form.form_errors[0], "error")
    return _back_to(handover_item.handover_id)


def _object_to(item: HandoverItem) -> Response:
    form = forms.of_item(forms.ObjectionForm(), item.id)
    if form.validate_on_submit() and form.attempt(
        service.object_to, item, form.objection.data or "", by=current_user.id
    ):
        flash(gettext("The leaving mentor and the manager see what you need."), "success")
        return _back_to(item.handover_id)
    return _show(session.get_one(Handover, item.handover_id), asked=form, about=item)


@missions_bp.post("/deployments/<uuid:deployment_id>/end")
@requires("missions.end_deployment", of="deployment")
def end_deployment(deployment: Deployment) -> Response:
    """End a deployment today, or take it back; here, because a handover may lead to it."""
    form, mission_id = EmptyForm(), deployment.mission_id
    if form.attempt(taking_back.end_deployment, deployment, by=current_user.id):
        flash(gettext("The deployment ends today."), "success")
        return redirect(url_for("missions.deploy", mission_id=mission_id))
    return page(
        "handover/not_taken_back.html",
        form=form,
        mission=session.get_one(Mission, mission_id),
        deployment=deployment,
        handover=form.refusal.handover if isinstance(form.refusal, taking_back.Written) else None,
    )
