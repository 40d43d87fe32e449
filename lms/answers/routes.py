"""The page on which a mentor marks an answer once for everybody who gave it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.answers import queries, service
from lms.assessment.models import AnswerDecision
from lms.missions.models import Mission
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("answers", __name__)


@bp.get("/marking/answers/")
@requires("answers.list")
def index() -> Response:
    """What the key does not know, question by question, and what was decided before."""
    return _list(EmptyForm())


def _list(form: EmptyForm) -> Response:
    person = current_user._get_current_object()
    return page(
        "answers/index.html",
        form=form,
        waiting=queries.waiting(person),
        decided=queries.decided(person),
        languages_of=reading_languages,
    )


@bp.post("/missions/<uuid:mission_id>/answers")
@requires("answers.decide", of="mission")
def decide(mission: Mission) -> Response:
    """Accept an answer, in full or half, or refuse it, for all who gave it."""
    form, sent = EmptyForm(), request.form
    if form.attempt(
        service.decide,
        mission,
        sent.get("question", ""),
        sent.get("answer", ""),
        sent.get("worth", ""),
        by=current_user.id,
    ):
        flash(gettext("Decided, for all who gave this answer. It can be taken back below."), "success")
        return redirect(url_for(".index"))
    return _list(form)


@bp.post("/marking/answers/<uuid:answer_decision_id>/take-back")
@requires("answers.take_back", of="answer_decision")
def take_back(answer_decision: AnswerDecision) -> Response:
    """Undo a decision."""
    form = EmptyForm()
    if form.attempt(service.take_back, answer_decision, by=current_user.id):
        flash(gettext("Taken back. The answer waits again."), "success")
        return redirect(url_for(".index"))
    return _list(form)


@bp.app_template_global()
def short_answers_waiting() -> int:
    """How many different answers wait for the reader; one statement."""
    return queries.count(current_user._get_current_object())
