"""An assignment for the trainee."""

from io import BytesIO

from flask import abort, current_app, flash, redirect, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from lms.assignments import judging, queries, service
from lms.assignments.models import HandIn
from lms.assignments.routes.blueprint import bp
from lms.cohorts import prerequisites
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.library.activities import Assignment
from lms.library.edition import edition
from lms.progress.queries import outline_of
from lms.web.forms import EmptyForm
from lms.web.guards import requires, takes_files
from lms.web.language import reading_languages
from lms.web.pages import Form, page

# What a browser offers to choose from; what is taken is told by content.
ACCEPTED = {"photo": "image/*", "audio": "audio/*", "file": "image/*,audio/*,application/pdf"}


@bp.route("/learn/<uuid:enrolment_id>/<activity_id>/assignment", methods=["GET", "POST"])
@takes_files
@requires("learning.study", of="enrolment")
def hand_in(enrolment: Enrolment, activity_id: str) -> BaseResponse:
    """What is asked, how it is judged, what was handed in, and what a mentor said of it."""
    assignment, form = _assignment(enrolment, activity_id), EmptyForm()
    if form.validate_on_submit():
        sent = [content for file in request.files.getlist("files") if (content := file.read(service.LARGEST + 1))]
        words, store = request.form.get("words", ""), current_app.config["MEDIA"]
        if form.attempt(service.hand_in, enrolment, activity_id, words, sent, store):
            flash(gettext("It is handed in. Your mentor sees it now."), "success")
            return redirect(url_for(".hand_in", enrolment_id=enrolment.id, activity_id=activity_id))
    return _shown(form, enrolment, assignment)


def _assignment(enrolment: Enrolment, activity_id: str) -> Assignment:
    assignment = edition(enrolment.course_version_id).activities.get(activity_id)
    if not isinstance(assignment, Assignment):
        abort(404)
    return assignment


def _shown(form: Form, enrolment: Enrolment, assignment: Assignment, objected: HandIn | None = None) -> BaseResponse:
    """The assignment's page; ``objected`` is what an appeal was about that is refused."""
    shown = edition(enrolment.course_version_id)
    return page(
        "assignments/hand_in.html",
        form=form,
        enrolment=enrolment,
        edition=shown,
        assignment=assignment,
        objected=objected,
        row=outline_of(enrolment).rows[assignment.id],
        missing=prerequisites.missing(enrolment),
        hand_ins=(tries := service.hand_ins_at(enrolment, assignment.id)),
        upheld=queries.upheld(tries[-1]) if tries and tries[-1].decided_at else None,
        accept=",".join(ACCEPTED[each] for each in assignment.hand_in if each in ACCEPTED),
        languages=reading_languages(shown.document.source_language, enrolment.language),
    )


@bp.get("/hand-ins/<uuid:hand_in_id>/files/<int:place>")
@requires("assignments.see", of="hand_in")
def file(hand_in: HandIn, place: int) -> BaseResponse:
    """One of the files handed in; a document is downloaded, never shown as a page of ours."""
    if not 1 <= place <= len(hand_in.files):
        abort(404)
    kept = hand_in.files[place - 1]
    path = current_app.config["MEDIA"].path_of(kept["sha256"])
    if not path.is_file():
        abort(404)
    response = send_file(
        BytesIO(path.read_bytes()),
        mimetype=kept["type"],
        as_attachment=kept["ending"] == "pdf",
        download_name=f"{hand_in.id.hex[-6:]}-{place}.{kept['ending']}",
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.post("/hand-ins/<uuid:hand_in_id>/appeal")
@requires("assignments.appeal", of="hand_in")
def appeal(hand_in: HandIn) -> BaseResponse:
    """Ask for a mark to be looked at by somebody else."""
    form = EmptyForm()
    if form.attempt(judging.appeal, hand_in, request.form.get("words", "")[:2000]):
        flash(gettext("Somebody else than who marked it looks at it now."), "success")
        return redirect(url_for(".hand_in", enrolment_id=hand_in.enrolment_id, activity_id=hand_in.activity_id))
    enrolment = session.get_one(Enrolment, hand_in.enrolment_id)
    return _shown(form, enrolment, _assignment(enrolment, hand_in.activity_id), objected=hand_in)
