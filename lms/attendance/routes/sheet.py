"""The attendance of one session: the sheet on the screen, the spot count, the sheet on paper."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import flags, forms, paper, queries, service
from lms.attendance.models import SpotCount, TrainingSession
from lms.attendance.routes.blueprint import bp
from lms.cohorts.closing import correcting
from lms.cohorts.models import Cohort
from lms.core import audit, clock
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.missions.models import Mission
from lms.record.models import MARKS
from lms.web.forms import EmptyForm
from lms.web.guards import own_transactions, requires
from lms.web.language import current_language
from lms.web.pages import Form, download, page


def _sheet_page(training: TrainingSession, form: Form | None, wanted: dict[UUID, str], count: Form) -> Response:
    people, marks = queries.people(training), queries.marks_of(training)
    cohort = session.get_one(Cohort, training.cohort_id)
    clash = getattr(form.refusal, "people", []) if form else []
    return page(
        "attendance/sheet.html",
        form=form if form and form.refused() else count,
        count=count,
        training=training,
        cohort=cohort,
        people=people,
        marks=marks,
        wanted=wanted,
        clash=clash,
        names=queries.names_of({marks[id].by for id in clash if id in marks}),
        kinds=MARKS,
        counts=queries.counts_in(training),
        trainer=queries.trainer_of(training),
        present=queries.in_room(marks),
        together=flags.at_one_moment([(id, each.at) for id, each in marks.items() if each.via == "code"]),
        open=service.is_open(training, clock.now()),
        may_open=service.may_open(training, clock.now()) and cohort.closed_at is None,
        correction=correcting(cohort.id, current_user.id) if cohort.closed_at else None,
    )


def _sent(name: str) -> dict[UUID, str]:
    """Marks by enrolment out of the fields ``name-<enrolment id>``; what cannot be read is left out."""
    found = {}
    for field, value in request.form.items():
        start, _, id = field.partition("-")
        try:
            if start == name and value:
                found[UUID(id)] = value
        except ValueError:
            continue
    return found


@bp.route("/sessions/<uuid:training_id>", methods=["GET", "POST"])
@requires("sessions.hold", of="training")
def sheet(training: TrainingSession) -> Response:
    """Everybody on one page, one choice each, saved at once."""
    form, wanted, count = EmptyForm(), _sent("mark"), forms.CountForm(formdata=None)
    if form.validate_on_submit():
        seen = _sent("seen")
        if request.form.get("rest") == "present":
            then = {each.enrolment.id: "present" for each in queries.people(training) if not each.came_later}
            wanted = then | seen | wanted
        via = request.form.get("via", "screen")
        if form.attempt(service.mark, training, wanted, seen, via=via, by=current_user.id):
            flash(gettext("Attendance is saved."), "success")
            return redirect(url_for(".sheet", training_id=training.id))
    return _sheet_page(training, form, wanted, count)


@bp.post("/sessions/<uuid:training_id>/count")
@requires("sessions.hold", of="training")
def count(training: TrainingSession) -> Response:
    """Somebody counted the room."""
    form = forms.CountForm()
    if form.validate_on_submit() and form.attempt_once(
        SpotCount, service.count_people, training, form.people.data, by=current_user.id
    ):
        flash(gettext("The count is noted."), "success")
        return redirect(url_for(".sheet", training_id=training.id))
    return _sheet_page(training, None, {}, form)


@bp.post("/sessions/<uuid:training_id>/sheet.pdf")
@own_transactions
@requires("sessions.hold", of="training")
def print_sheet(training: TrainingSession) -> Response:
    """The sheet to sign, as a PDF; on record, because it leaves the house. It is made outside the turn to write."""
    cohort = session.get_one(Cohort, training.cohort_id)
    keeps, vault = session.get_one(Mission, cohort.mission_id).keeps_names, vault_of(current_app.config["DATA_DIR"])
    made = paper.SignInSheet(
        **{each: getattr(training, each) for each in ("topic", "venue", "day", "begins", "ends", "zone")},
        cohort=cohort.title,
        people=tuple(
            (each.user.shown_as, vault.open(each.user.name_sealed) if keeps and each.user.name_sealed else None)
            for each in queries.people(training)
        ),
        trainer=queries.trainer_of(training),
        language=current_language(),
    )
    id, by = training.id, current_user.id
    with transaction():
        audit.record("sessions.sheet_printed", actor_id=by, object_id=id, people=len(made.people))
    return download(paper.pdf(made), "sign-in-sheet.pdf")
