"""The roll of a mission: its units, its trainees, and a roll that comes as a file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.missions.models import Mission, RollEntry, Unit
from lms.roster import exporting, forms, importing, queries, service, slips, undoing, words
from lms.roster.models import RollExport, RollImport
from lms.web.forms import EmptyForm
from lms.web.guards import own_transactions, requires, takes_files
from lms.web.language import current_language
from lms.web.once import form_id
from lms.web.pages import download, page

bp = Blueprint("roster", __name__)


@bp.app_template_global()
def roll_word(column: str, code: str | None) -> str:
    """What the roll keeps, in the reader's words."""
    return str(gettext(words.CHOICES[column][code])) if code else "–"


@bp.app_template_global()
def refusal(reason: tuple[str, dict[str, str]]) -> str:
    """Why a line cannot be taken, in the reader's words."""
    message, params = reason
    # The name of a column is a word of ours, whereas what stands in the file is shown as it is.
    return str(gettext(message, **params | ({"column": gettext(params["column"])} if "column" in params else {})))


@bp.get("/missions/<uuid:mission_id>/roll")
@requires("roll.keep", of="mission")
def roll(mission: Mission) -> Response:
    """The roll in pages, found by number and unit."""
    search, unit = request.args.get("q", "")[:20], request.args.get("unit", type=UUID)
    return page(
        "roster/roll.html",
        mission=mission,
        people=queries.roll(mission, search, unit, max(1, request.args.get("page", 1, int))),
        units=queries.units(mission.id),
        imports=queries.imports(mission, current_user.id),
        search=search,
        unit=unit,
    )


@bp.route("/missions/<uuid:mission_id>/units", methods=["GET", "POST"])
@requires("roll.keep", of="mission")
def units(mission: Mission) -> Response:
    """The units of the host forces by region."""
    form = forms.UnitForm()
    form.force.choices = [SelectChoice(str(id), name) for id, name in queries.forces(mission.id)]
    if form.validate_on_submit() and form.attempt_once(
        Unit,
        service.add_unit,
        mission,
        form.region.data,
        form.name.data,
        form.strength.data,
        form.women.data,
        force_id=UUID(form.force.data),
        by=current_user.id,
    ):
        flash(gettext("The unit is there."), "success")
        return redirect(url_for(".units", mission_id=mission.id))
    return page("roster/units.html", form=form, mission=mission, units=queries.units(mission.id))


@bp.route("/units/<uuid:unit_id>", methods=["GET", "POST"])
@requires("roll.keep_unit", of="unit")
def unit(unit: Unit) -> Response:
    """A unit's name and strength, corrected."""
    form = forms.UnitWordsForm(obj=unit)
    told = (form.region.data, form.name.data, form.strength.data, form.women.data)
    if form.validate_on_submit() and form.attempt(service.change_unit, unit, *told, by=current_user.id):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".units", mission_id=unit.mission_id))
    return page("roster/unit.html", form=form, unit=unit)


@bp.post("/units/<uuid:unit_id>/remove")
@requires("roll.keep_unit", of="unit")
def remove_unit(unit: Unit) -> Response:
    """Take away an empty unit."""
    form, mission_id = EmptyForm(), unit.mission_id
    if form.attempt(service.remove_unit, unit, by=current_user.id):
        flash(gettext("The unit is taken away."), "success")
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".units", mission_id=mission_id))


def _entry_form(mission: Mission, entry: RollEntry | None = None) -> forms.EntryForm:
    form = forms.EntryForm(obj=entry, unit=str(entry.unit_id or "") if entry else "")
    known = [SelectChoice(str(unit.id), f"{unit.region} · {unit.name}") for unit, *_ in queries.units(mission.id)]
    form.unit.choices = [SelectChoice("", gettext("Not known")), *known]
    return form


@bp.route("/missions/<uuid:mission_id>/roll/new", methods=["GET", "POST"])
@requires("roll.keep", of="mission")
def add(mission: Mission) -> Response:
    """A trainee by form; the one-time link is shown once, and a new one where the form is sent again."""
    form = _entry_form(mission)
    if form.validate_on_submit() and form.attempt_once(
        User, service.add_trainee, mission, form.values(), by=current_user.id
    ):
        return _added(mission, form.result, again=form.again)
    return page("roster/entry.html", form=form, mission=mission, trainee=None)


def _added(mission: Mission, trainee: User, *, again: bool) -> Response:
    if trainee.password_hash is not None:
        return redirect(url_for(".entry", mission_id=mission.id, person_id=trainee.id))
    token = accounts.make_link(trainee, by=current_user.id)
    link = current_app.config["BASE_URL"] + url_for("accounts.recover", token=token)
    return page("roster/added.html", mission=mission, trainee=trainee, link=link, again=again)


@bp.route("/missions/<uuid:mission_id>/roll/<uuid:person_id>", methods=["GET", "POST"])
@requires("roll.keep", of="mission")
def entry(mission: Mission, person_id: UUID) -> Response:
    """What the roll keeps of one trainee."""
    found = session.get(RollEntry, (mission.id, person_id)) or abort(404)
    form = _entry_form(mission, found)
    if form.validate_on_submit() and form.attempt(service.describe, found, form.values(), by=current_user.id):
        flash(gettext("The roll is changed."), "success")
        return redirect(url_for(".roll", mission_id=mission.id))
    return page("roster/entry.html", form=form, mission=mission, trainee=session.get_one(User, person_id))


@bp.route("/missions/<uuid:mission_id>/roll/import", methods=["GET", "POST"])
@takes_files
@requires("roll.keep", of="mission")
def bring(mission: Mission) -> Response:
    """Choose a file; nothing is taken before its dry run."""
    form = forms.FileForm()
    if form.validate_on_submit():
        content, vault = form.file.data.read(), vault_of(current_app.config["DATA_DIR"])
        if form.attempt(importing.bring, mission, content, vault=vault, by=current_user.id):
            return redirect(url_for(".bring_in", roll_import_id=form.result.id))
    return page("roster/bring.html", form=form, mission=mission, columns=words.COLUMNS, choices=words.CHOICES)


@bp.route("/roll-imports/<uuid:roll_import_id>", methods=["GET", "POST"])
@requires("roll.import", of="roll_import")
def bring_in(roll_import: RollImport) -> Response:
    """Match the columns, see the dry run, and then how far the taking is."""
    form, sent = EmptyForm(), request.form
    if form.validate_on_submit():
        if roll_import.file_sealed is not None:
            chosen = {name: place for name in words.COLUMNS if (place := sent.get(name, type=int)) is not None}
            done = form.attempt(importing.match, roll_import, chosen, vault=vault_of(current_app.config["DATA_DIR"]))
        else:
            done = form.attempt(importing.start, roll_import, whole="whole" in sent, by=current_user.id)
        if done:
            return redirect(url_for(".bring_in", roll_import_id=roll_import.id))
    return page(
        "roster/bring_in.html",
        form=form,
        brought=roll_import,
        mission=session.get_one(Mission, roll_import.mission_id),
        columns=words.COLUMNS,
        counts=importing.counts(roll_import),
        refused=queries.refused(roll_import),
        undo=undoing.outlook(roll_import) if roll_import.done_at else None,
    )


@bp.post("/roll-imports/<uuid:roll_import_id>/undo")
@requires("roll.import", of="roll_import")
def undo(roll_import: RollImport) -> Response:
    """Take a wrong import back."""
    form = EmptyForm()
    if not form.attempt(undoing.start, roll_import, by=current_user.id):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".bring_in", roll_import_id=roll_import.id))


@bp.route("/missions/<uuid:mission_id>/roll/exports", methods=["GET", "POST"])
@requires("roll.keep", of="mission")
def exports(mission: Mission) -> Response:
    """Exports of the whole roll, and asking for one."""
    form = forms.ExportForm()
    if form.validate_on_submit() and form.attempt_once(
        RollExport, exporting.ask, mission, form.kind.data, form.purpose.data, by=current_user.id
    ):
        flash(gettext("A second person of the mission now has to approve it."), "success")
        return redirect(url_for(".exports", mission_id=mission.id))
    known = queries.exports(mission)
    return page(
        "roster/exports.html", form=form, mission=mission, exports=known, ready=exporting.is_ready, me=current_user.id
    )


@bp.post("/roll-exports/<uuid:roll_export_id>/approve")
@requires("roll.approve_export", of="roll_export")
def approve(roll_export: RollExport) -> Response:
    """Approve what somebody else asked for."""
    exporting.approve(roll_export, by=current_user.id)
    flash(gettext("Approved. It can be had for a day."), "success")
    return redirect(url_for(".exports", mission_id=roll_export.mission_id))


@bp.post("/roll-exports/<uuid:roll_export_id>/file")
@requires("roll.export", of="roll_export")
def take_out(roll_export: RollExport) -> Response:
    """The roll as a file; on record, because it leaves the house."""
    form = EmptyForm()
    if not form.attempt(exporting.file_of, roll_export, gettext, by=current_user.id):
        flash(form.form_errors[0], "error")
        return redirect(url_for(".exports", mission_id=roll_export.mission_id))
    return download(form.result, f"roll.{roll_export.kind}")


@bp.get("/missions/<uuid:mission_id>/roll/slips")
@requires("roll.keep", of="mission")
def slip_list(mission: Mission) -> Response:
    """How many trainees need a sign-in slip, and what was printed lately."""
    printings = slips.printings(mission.id, current_user.id)
    return page("roster/slips.html", mission=mission, waiting=slips.waiting(mission.id), printings=printings)


@bp.post("/missions/<uuid:mission_id>/roll/slips")
@own_transactions
@requires("roll.keep", of="mission")
def print_slips(mission: Mission) -> Response:
    """Slips for the next trainees who need one; the passwords stand in this file alone."""
    mission_id, by, printing = mission.id, current_user.id, form_id()
    with transaction():
        # Sent again, as a second click throws the first file away, the form ends no slip and makes no others.
        people = [] if slips.is_noted(printing) else slips.next_in_need(mission_id)
        made = _made(people, printing, mission_id, by)
    return _printed(made, mission_id)


@bp.post("/missions/<uuid:mission_id>/roll/slips/<uuid:printing>/again")
@own_transactions
@requires("roll.keep", of="mission")
def print_slips_again(mission: Mission, printing: UUID) -> Response:
    """The slips of one's own printing again, with new passwords, for those who have not used theirs."""
    mission_id, by = mission.id, current_user.id
    with transaction():
        made = _made(slips.in_printing(printing, mission_id, by), printing, mission_id, by)
    return _printed(made, mission_id)


@bp.post("/missions/<uuid:mission_id>/roll/<uuid:person_id>/slip")
@own_transactions
@requires("roll.keep", of="mission")
def slip(mission: Mission, person_id: UUID) -> Response:
    """A new slip for one trainee; the lost one ends."""
    mission_id, by = mission.id, current_user.id
    with transaction():
        session.get(RollEntry, (mission_id, person_id)) or abort(404)
        made = [_slip(session.get_one(User, person_id), "", by)]
        slips.leave_out(person_id)
    return _printed(made, mission_id)


def _slip(trainee: User, unit: str, by: UUID) -> dict[str, str]:
    password = accounts.make_first_password(trainee, by=by)
    address = current_app.config["BASE_URL"] + url_for("accounts.recover", token=password)
    return {"username": trainee.username, "password": password, "unit": unit, "address": address}


def _made(people: Sequence[Any], printing: UUID, mission_id: UUID, by: UUID) -> list[dict[str, str]]:
    slips.note(printing, mission_id, [trainee.id for trainee, _ in people], by=by)
    return [_slip(trainee, unit or "", by) for trainee, unit in people]


def _printed(made: list[dict[str, str]], mission_id: UUID) -> Response:
    """Outside any transaction: printing takes seconds, in which others want to write."""
    if not made:
        flash(gettext("No slips were made. If a file is lost, make its slips again here."), "error")
        return redirect(url_for(".slip_list", mission_id=mission_id))
    return download(slips.pdf(made, current_language()), "slips.pdf")
