"""Writing, rewording, sharing and striking out a note."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.core.db import session
from lms.mentoring import forms, queries, service
from lms.mentoring.models import MentoringComment, MentoringNote
from lms.mentoring.routes.blueprint import back_to_person, bp, person_in
from lms.mentoring.routes.people import show_own, show_person
from lms.missions.models import Mission
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.pages import page


@bp.post("/missions/<uuid:mission_id>/mentoring/<uuid:person_id>/notes")
@requires("notes.write", of="mission")
def write(mission: Mission, person_id: UUID) -> Response:
    """A new note."""
    form, about = forms.NoteForm(), person_in(mission, person_id)
    if form.validate_on_submit() and form.attempt_once(
        MentoringNote,
        service.write_note,
        mission,
        about,
        day=form.day.data,
        competency=form.competency.data,
        text=form.text.data,
        shared=form.shared.data,
        by=current_user.id,
    ):
        flash(gettext("The note is kept."), "success")
        return redirect(url_for(".person", mission_id=mission.id, person_id=person_id))
    return show_person(mission, person_id, form)


@bp.route("/mentoring-notes/<uuid:mentoring_note_id>", methods=["GET", "POST"])
@requires("notes.revise", of="mentoring_note")
def revise(mentoring_note: MentoringNote) -> Response:
    """Another wording; the earlier ones stay."""
    note = queries.note(mentoring_note)
    form = forms.WordingForm(text=note.text)
    if form.validate_on_submit() and form.attempt(service.revise, mentoring_note, form.text.data, by=current_user.id):
        flash(gettext("Saved. The earlier wording stays readable."), "success")
        return back_to_person(mentoring_note)
    return page("mentoring/revise.html", form=form, note=note, **_around(mentoring_note))


@bp.post("/mentoring-notes/<uuid:mentoring_note_id>/share")
@requires("notes.revise", of="mentoring_note")
def share(mentoring_note: MentoringNote) -> Response:
    """Let the person read it."""
    form = EmptyForm()
    if form.attempt(service.share, mentoring_note, by=current_user.id):
        flash(gettext("The person can read this note now."), "success")
    else:
        flash(form.form_errors[0], "error")
    return back_to_person(mentoring_note)


@bp.route("/mentoring-notes/<uuid:mentoring_note_id>/strike", methods=["GET", "POST"])
@requires("notes.strike", of="mentoring_note")
def strike(mentoring_note: MentoringNote) -> Response:
    """Strike it out, with a reason."""
    form = forms.StrikeForm()
    if form.validate_on_submit() and form.attempt(service.strike, mentoring_note, form.reason.data, by=current_user.id):
        flash(gettext("The note is struck out. It stays readable, with your reason."), "success")
        return back_to_person(mentoring_note)
    return page("mentoring/strike.html", form=form, note=queries.note(mentoring_note), **_around(mentoring_note))


def _around(note: MentoringNote) -> dict[str, Any]:
    return {"mission": session.get_one(Mission, note.mission_id), "person": session.get_one(User, note.user_id)}


@bp.post("/mentoring-notes/<uuid:mentoring_note_id>/comment")
@requires("notes.comment", of="mentoring_note")
def comment_on_note(mentoring_note: MentoringNote) -> Response:
    """What the person says to a note that is shared with them."""
    form = forms.CommentForm()
    if form.validate_on_submit() and form.attempt_once(
        MentoringComment, service.comment, mentoring_note, form.text.data, by=current_user.id
    ):
        flash(gettext("Your mentors see your comment."), "success")
        return redirect(url_for(".own"))
    return show_own(form, mentoring_note.id)
