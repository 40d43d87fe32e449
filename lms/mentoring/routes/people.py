"""The open plans of a mission, one person's page, and what the person themselves sees."""

from datetime import date, timedelta
from uuid import UUID

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.library.competencies import COMPETENCIES
from lms.mentoring import forms, queries
from lms.mentoring.routes.blueprint import bp, person_in
from lms.missions import queries as missions
from lms.missions.models import Mission
from lms.web.guards import can, requires
from lms.web.pages import page


@bp.get("/mentoring/")
@requires("mentoring.list")
def index() -> Response:
    """Open plans by owner, and the way to somebody by number."""
    number, mission_id = request.args.get("number", "")[:60].strip(), request.args.get("mission", type=UUID)
    found = queries.mentored_with(current_user, number) if number else []
    if len(found) == 1:
        return redirect(url_for(".person", mission_id=found[0][0], person_id=found[0][1]))
    mine = request.args.get("show") == "mine"
    return page(
        "mentoring/index.html",
        missions={each.id: each.title for each in missions.visible(current_user)},
        plans=queries.open_plans(current_user, mission_id=mission_id, owner_id=current_user.id if mine else None),
        found=found,
        number=number,
        mission_id=mission_id,
        mine=mine,
    )


@bp.get("/missions/<uuid:mission_id>/mentoring/<uuid:person_id>")
@requires("mentoring.keep", of="mission")
def person(mission: Mission, person_id: UUID) -> Response:
    """Plans and notes on one person."""
    return show_person(mission, person_id, forms.NoteForm(formdata=None, day=clock.today()))


def show_person(mission: Mission, person_id: UUID, form: forms.NoteForm) -> Response:
    """The page of a person, with the note that was not taken."""
    about, competency = person_in(mission, person_id), request.args.get("competency", "")
    notes = []
    if writes := can("notes.write", mission):
        notes = queries.notes_on(
            about.id, current_user, mission_id=mission.id, competency=competency, before=_day("before")
        )
    return page(
        "mentoring/person.html",
        form=form,
        mission=mission,
        person=about,
        plans=queries.plans_for(about.id, mission_id=mission.id),
        writes=writes,
        notes=notes,
        more=len(notes) == queries.MOST,
        competency=competency,
        competencies=COMPETENCIES,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@bp.get("/missions/<uuid:mission_id>/mentoring/<uuid:person_id>/print")
@requires("mentoring.keep", of="mission")
def printed(mission: Mission, person_id: UUID) -> Response:
    """The same, to print: for the monthly review, or the folder of the station."""
    about = person_in(mission, person_id)
    since = _day("since") or clock.today() - timedelta(days=31)
    notes = []
    if can("notes.write", mission):
        notes = queries.notes_on(about.id, current_user, mission_id=mission.id)
    return page(
        "mentoring/print.html",
        mission=mission,
        person=about,
        plans=queries.plans_for(about.id, mission_id=mission.id),
        notes=[each for each in notes if each.row.day >= since and each.row.struck_at is None],
        since=since,
        now=clock.now(),
    )


@bp.get("/my-mentoring/")
@requires("mentoring.own")
def own() -> Response:
    """What mentors agreed with the person, and the notes that they share."""
    return show_own(forms.CommentForm(formdata=None))


def show_own(form: forms.CommentForm, on: UUID | None = None) -> Response:
    """The person's own page, with the comment on ``on`` that was not taken."""
    return page(
        "mentoring/own.html",
        form=form,
        on=on,
        plans=queries.plans_for(current_user.id),
        notes=queries.notes_on(current_user.id, current_user),
    )
