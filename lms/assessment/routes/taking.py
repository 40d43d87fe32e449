"""A quiz or final assessment, one question a page, saved at every step."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from lms.assessment import paper, scoring, service
from lms.assessment.models import Attempt, Response
from lms.assessment.routes.answered import answers_of
from lms.assessment.routes.blueprint import bp
from lms.cohorts import prerequisites
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session
from lms.library.activities import PreTest, Test
from lms.library.edition import Edition, edition
from lms.progress.queries import outline_of
from lms.progress.recheck import is_recheck
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/learn/<uuid:enrolment_id>/<activity_id>/test", methods=["GET", "POST"])
@requires("learning.study", of="enrolment")
def start(enrolment: Enrolment, activity_id: str) -> BaseResponse:
    """What the test is like; a POST begins it or goes on with it."""
    shown = edition(enrolment.course_version_id)
    test = scoring.test_at(shown, activity_id) or abort(404)
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
        count=size_of(shown, test),
        languages=reading_languages(shown.document.source_language, enrolment.language),
    )


def size_of(shown: Edition, test: Test) -> int:
    """How many questions a paper has."""
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
    if attempt.given_by is not None:
        return _given_aloud(attempt)
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
        test=scoring.test_of(attempt),
        position=position,
        count=len(attempt.paper),
        flagged=saved is not None and saved.flagged,
        now=clock.now(),
        languages=(languages := _languages(attempt)),
        shown=paper.show(
            edition(attempt.course_version_id), attempt.paper[position - 1], saved.answer if saved else None, languages
        ),
    )


def _given_aloud(attempt: Attempt) -> BaseResponse:
    """To the page that says who has the test in hand."""
    return redirect(url_for(".start", enrolment_id=attempt.enrolment_id, activity_id=attempt.activity_id))


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
    if attempt.given_by is not None:
        return _given_aloud(attempt)
    return page(
        "assessment/check.html",
        attempt=attempt,
        test=scoring.test_of(attempt),
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
    test, languages = scoring.test_of(attempt), _languages(attempt)
    allowed = service.attempts_allowed(test, attempt.activity_id)
    return page(
        "assessment/result.html",
        attempt=attempt,
        test=test,
        recheck=is_recheck(attempt.activity_id),
        # The post-test asks from the same pool, so what was right before the course is not told.
        answers=[] if isinstance(test, PreTest) else answers_of(attempt, languages),
        waiting=scoring.waiting_in(attempt),
        may_retry=not attempt.passed and (allowed is None or attempt.number < allowed),
        attempts_left=None if allowed is None else max(0, allowed - attempt.number),
        outline=outline_of(session.get_one(Enrolment, attempt.enrolment_id)),
        edition=edition(attempt.course_version_id),
        languages=languages,
    )
