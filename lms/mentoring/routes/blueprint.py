"""The blueprint that the pages of mentoring share."""

from uuid import UUID

from flask import Blueprint, abort, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.core.db import session
from lms.library.competencies import COMPETENCIES
from lms.mentoring.models import ActionPlan, MentoringNote
from lms.mentoring.queries import is_mentored_in
from lms.missions.models import Mission

bp = Blueprint("mentoring", __name__)


@bp.app_template_global()
def competency_name(code: str) -> str:
    """A competency in the reader's words."""
    return str(gettext(COMPETENCIES[code]))


def person_in(mission: Mission, person_id: UUID) -> User:
    """Somebody of the mission; 404 for anybody else."""
    person = session.get(User, person_id)
    if person is None or not is_mentored_in(mission.id, person):
        abort(404)
    return person


def back_to_person(row: MentoringNote | ActionPlan) -> Response:
    """To the page of whom it is about."""
    return redirect(url_for(".person", mission_id=row.mission_id, person_id=row.user_id))
