"""Handovers: the list, opening one, the pack, and taking it on."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_date, gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from lms.handover import forms, queries, service
from lms.handover.models import Handover, HandoverItem
from lms.mentoring.queries import plans_by_id
from lms.missions.models import Deployment
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.pages import page

bp = Blueprint("handover", __name__)


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
    form = forms.OpenForm()
    form.successor.choices = [
        SelectChoice(str(id), f"{username} · {format_date(begins, 'medium')} – {format_date(ends, 'medium')}")
        for id, username, begins, ends in queries.possible_successors(deployment)
    ]
    if form.validate_on_submit() and form.attempt(
        service.open_for, deployment, UUID(form.successor.data), by=current_user.id
    ):
        flash(gettext("What is open is gathered. Say what your successor should know."), "success")
        return _back_to(form.result.id)
    return page("handover/begin.html", form=form)


@bp.get("/handovers/<uuid:handover_id>")
@requires("handovers.see", of="handover")
def show(handover: Handover) -> Response:
    """The pack, item by item."""
    return _show(handover, forms.ItemForm(formdata=None))


def _show(handover: Handover, form: forms.ItemForm) -> Response:
    items = queries.items(handover)
    return page(
        "handover/show.html",
        form=form,
        handover=handover,
        listed=queries.listed(handover),
        items=items,
        plans=plans_by_id((each.object_id for each in items if each.kind == "plan" and each.object_id), current_user),
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
@requires("handovers.write", of="handover")
def gather(handover: Handover) -> Response:
    """Bring the pack up to date."""
    service.gather(handover)
    flash(gettext("The pack is up to date."), "success")
    return _back_to(handover.id)


@bp.post("/handover-items/<uuid:handover_item_id>/note")
@requires("handovers.note", of="handover_item")
def note(handover_item: HandoverItem) -> Response:
    """What the successor should know of an item."""
    form = EmptyForm()
    if form.attempt(service.write_note, handover_item, request.form.get("note", "")[:4000]):
        flash(gettext("Your note is saved."), "success")
    else:
        flash(form.form_errors[0], "error")
    return _back_to(handover_item.handover_id)


@bp.post("/handover-items/<uuid:handover_item_id>/answer")
@requires("handovers.answer", of="handover_item")
def answer(handover_item: HandoverItem) -> Response:
    """Take an item on, or say what is missing."""
    form = EmptyForm()
    if request.form.get("answer") == "accept":
        service.accept(handover_item, by=current_user.id)
        flash(gettext("You have taken it on."), "success")
    elif form.attempt(service.object_to, handover_item, request.form.get("objection", "")[:4000], by=current_user.id):
        flash(gettext("The leaving mentor and the manager see what you need."), "success")
    else:
        flash(form.form_errors[0], "error")
    return _back_to(handover_item.handover_id)
