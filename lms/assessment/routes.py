"""A quiz or final assessment, one question a page, saved at every step."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from lms.assessment import marking, paper, service
from lms.assessment.models import Attempt, Response
from lms.cohorts import prerequisites
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session
from lms.library.activities import PreTest, Test
from lms.library.edition import Edition, edition
from lms.library.rendering import inline
from lms.progress.queries import outline_of
from lms.progress.recheck import is_recheck
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

bp = Blueprint("assessment", __name__)


@bp.route("/learn/<uuid:enrolment_id>/<activity_id>/test", methods=["GET", "POST"])
@requires("learning.study", of="enrolment")
def start(enrolment: Enrolment, activity_id: str) -> BaseResponse:
    """What the test is like; a POST begins it or goes on with it."""
    shown = edition(enrolment.course_version_id)
    test = service.test_at(shown, activity_id) or abort(404)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(service.begin, enrolment, activity_id):
        return redirect(url_for(".question", attempt_id=form.result.id, position=1))
    attempts = service.attempts_at(enrolment, activity_id)
    return page(
        "assessment/start.html",
        form=form,
        enrolment=enrolment,
        edition=shown,
        test=test,
        row=outline_of(enrolment).rows[test.id],
        recheck=is_recheck(activity_id),
        allowed=service.attempts_allowed(test, activity_id),
        missing=prerequisites.missing(enrolment),
        attempts=attempts,
        time=service.time_for(enrolment, test),
        open_attempt=next((each for each in attempts if each.submitted_at is None), None),
        count=_size(shown, test),
        languages=reading_languages(shown.document.source_language, enrolment.language),
    )


def _size(shown: Edition, test: Test) -> int:
    sizes = {pool.id: len(pool.questions) for pool in shown.document.pools}
    return sum(each.count or sizes[each.pool] for each in test.draws)


def _languages(attempt: Attempt) -> list[str]:
    chosen = session.get_one(Enrolment, attempt.enrolment_id).language
    return reading_languages(edition(attempt.course_version_id).document.source_language, chosen)


@bp.route("/attempts/<uuid:attempt_id>/<int:position>", methods=["GET", "POST"])
@requires("attempts.take", of="attempt")
def question(attempt: Attempt, position: int) -> BaseResponse:
    """One question; every way off the page that is a button saves first."""
    if not 1 <= position <= len(attempt.paper):
        abort(404)
    if attempt.submitted_at is not None:
        return redirect(url_for(".result", attempt_id=attempt.id))
    form = EmptyForm()
    if form.validate_on_submit():
        sent = request.form.to_dict(flat=False)
        if form.attempt(service.answer, attempt, position, sent, flagged="flag" in sent):
            if form.result:
                return redirect(_onwards(attempt, position, request.form.get("go", "next")))
            flash(gettext("The time is up. What you saved in time was handed in."), "warning")
            return redirect(url_for(".result", attempt_id=attempt.id))
    elif service.is_over(attempt):
        return redirect(url_for(".check", attempt_id=attempt.id))
    saved = session.get(Response, (attempt.id, position))
    return page(
        "assessment/question.html",
        form=form,
        attempt=attempt,
        test=service.test_of(attempt),
        position=position,
        count=len(attempt.paper),
        flagged=saved is not None and saved.flagged,
        now=clock.now(),
        languages=(languages := _languages(attempt)),
        shown=paper.show(
            edition(attempt.course_version_id), attempt.paper[position - 1], saved.answer if saved else None, languages
        ),
    )


def _onwards(attempt: Attempt, position: int, go: str) -> str:
    if go == "previous" and position > 1:
        return url_for(".question", attempt_id=attempt.id, position=position - 1)
    if go == "next" and position < len(attempt.paper):
        return url_for(".question", attempt_id=attempt.id, position=position + 1)
    return url_for(".check", attempt_id=attempt.id)


@bp.get("/attempts/<uuid:attempt_id>/check")
@requires("attempts.take", of="attempt")
def check(attempt: Attempt) -> BaseResponse:
    """Every question with a way back to it, and the one button that hands in."""
    if attempt.submitted_at is not None:
        return redirect(url_for(".result", attempt_id=attempt.id))
    return page(
        "assessment/check.html",
        attempt=attempt,
        test=service.test_of(attempt),
        lines=service.check_list(attempt),
        over=service.is_over(attempt),
        now=clock.now(),
        languages=_languages(attempt),
    )


@bp.post("/attempts/<uuid:attempt_id>/submit")
@requires("attempts.take", of="attempt")
def submit(attempt: Attempt) -> BaseResponse:
    """Hand in; a second click finds it handed in."""
    form = EmptyForm()
    if not form.attempt(service.submit, attempt):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".result", attempt_id=attempt.id))


@bp.get("/attempts/<uuid:attempt_id>/result")
@requires("attempts.take", of="attempt")
def result(attempt: Attempt) -> BaseResponse:
    """Score, words, and feedback on what was chosen; the key stays here."""
    if attempt.submitted_at is None:
        return redirect(url_for(".check", attempt_id=attempt.id))
    test, languages = service.test_of(attempt), _languages(attempt)
    allowed = service.attempts_allowed(test, attempt.activity_id)
    return page(
        "assessment/result.html",
        attempt=attempt,
        test=test,
        recheck=is_recheck(attempt.activity_id),
        # The post-test asks from the same pool, so what was right before the course is not told.
        answers=[] if isinstance(test, PreTest) else _answers(attempt, languages),
        may_retry=not attempt.passed and (allowed is None or attempt.number < allowed),
        attempts_left=None if allowed is None else max(0, allowed - attempt.number),
        outline=outline_of(session.get_one(Enrolment, attempt.enrolment_id)),
        edition=edition(attempt.course_version_id),
        languages=languages,
    )


def _answers(attempt: Attempt, languages: list[str]) -> list[dict[str, Any]]:
    """Every question of the paper with what was answered, how it was marked, and what there is to say to it."""
    shown, responses = edition(attempt.course_version_id), service.responses_of(attempt)
    answers = []
    for position, entry in enumerate(attempt.paper, start=1):
        asked = shown.questions[entry["question"]]
        response = responses.get(position)
        given = response.answer if response else None
        answers.append(
            {
                "position": position,
                "shown": paper.show(shown, entry, given, languages),
                "share": response.share if response and response.share is not None else 0,
                "answered": given is not None,
                "feedback": [inline(text) for text in marking.feedback(asked, given, languages)],
                "references": asked.references,
            }
        )
    return answers
