"""A test that is read aloud to a trainee, whose answers are recorded as given.

The words to read are in the trainee's language, everything else in that of who reads. The key is seen by nobody
before the test is handed in.
"""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.models import User
from lms.assessment import paper, scoring, service
from lms.assessment.models import Attempt, Response
from lms.assessment.routes.answered import answers_of
from lms.assessment.routes.blueprint import bp
from lms.assessment.routes.taking import size_of
from lms.cohorts import prerequisites
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.core.words import N_, catalogue
from lms.library.activities import PreTest
from lms.library.edition import edition
from lms.progress.queries import outline_of, spoken_by
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

# What is said with a question, beside its own words.
SPOKEN = {
    "true": N_("True"),
    "false": N_("False"),
    "multiple_choice": N_("Choose all that are right."),
    "matching": N_("Choose what belongs to each line."),
    "ordering": N_("Give each line its place: 1 comes first."),
}


def _heard(enrolment: Enrolment, trainee: User) -> list[str]:
    """The order of languages to read in: as chosen for the course, the trainee's, those of the roll, the source."""
    source = edition(enrolment.course_version_id).document.source_language
    chosen = [enrolment.language, trainee.language, *spoken_by(enrolment), source]
    return [each for each in chosen if each]


@bp.route("/enrolments/<uuid:enrolment_id>/<activity_id>/aloud", methods=["GET", "POST"])
@requires("enrolments.give_aloud", of="enrolment")
def aloud(enrolment: Enrolment, activity_id: str) -> BaseResponse:
    """What giving this test aloud means; a POST begins it or goes on with it."""
    shown = edition(enrolment.course_version_id)
    test = scoring.test_at(shown, activity_id) or abort(404)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(service.begin, enrolment, activity_id, given_by=current_user.id):
        return redirect(url_for(".aloud_question", attempt_id=form.result.id, position=1))
    trainee, attempts = session.get_one(User, enrolment.user_id), service.attempts_at(enrolment, activity_id)
    return page(
        "assessment/aloud_start.html",
        form=form,
        enrolment=enrolment,
        trainee=trainee,
        test=test,
        row=outline_of(enrolment).rows[test.id],
        missing=prerequisites.missing(enrolment),
        allowed=service.attempts_allowed(test, activity_id),
        attempts=attempts,
        open_attempt=next((each for each in attempts if each.submitted_at is None), None),
        count=size_of(shown, test),
        tongue=next(each for each in _heard(enrolment, trainee) if each in shown.document.languages),
        languages=reading_languages(shown.document.source_language),
    )


@bp.route("/attempts/<uuid:attempt_id>/aloud/<int:position>", methods=["GET", "POST"])
@requires("attempts.give", of="attempt")
def aloud_question(attempt: Attempt, position: int) -> BaseResponse:
    """One question to read, and what the trainee answers to it."""
    if not 1 <= position <= len(attempt.paper):
        abort(404)
    if attempt.submitted_at is not None:
        return redirect(url_for(".aloud_result", attempt_id=attempt.id))
    form, sent = EmptyForm(), request.form.to_dict(flat=False)
    if form.validate_on_submit() and form.attempt(
        service.answer, attempt, position, sent, flagged=False, given_by=current_user.id
    ):
        return redirect(_onwards(attempt, position, request.form.get("go", "next")))
    enrolment, trainee = session.get_one(Enrolment, attempt.enrolment_id), session.get_one(User, attempt.user_id)
    saved, shown = session.get(Response, (attempt.id, position)), edition(attempt.course_version_id)
    asked = paper.show(shown, attempt.paper[position - 1], saved.answer if saved else None, _heard(enrolment, trainee))
    return page(
        "assessment/aloud_question.html",
        form=form,
        trainee=trainee,
        test=scoring.test_of(attempt),
        position=position,
        count=len(attempt.paper),
        shown=asked,
        spoken={name: catalogue(asked.language).gettext(words) for name, words in SPOKEN.items()},
        languages=reading_languages(shown.document.source_language),
    )


def _onwards(attempt: Attempt, position: int, go: str) -> str:
    step = {"previous": -1, "next": 1}.get(go, len(attempt.paper))
    if 1 <= position + step <= len(attempt.paper):
        return url_for(".aloud_question", attempt_id=attempt.id, position=position + step)
    return url_for(".aloud_check", attempt_id=attempt.id)


@bp.get("/attempts/<uuid:attempt_id>/aloud")
@requires("attempts.give", of="attempt")
def aloud_check(attempt: Attempt) -> BaseResponse:
    """Every question with a way back to it, and the one button that hands in."""
    if attempt.submitted_at is not None:
        return redirect(url_for(".aloud_result", attempt_id=attempt.id))
    return page(
        "assessment/aloud_check.html",
        attempt=attempt,
        trainee=session.get_one(User, attempt.user_id),
        test=scoring.test_of(attempt),
        lines=service.check_list(attempt),
        languages=reading_languages(edition(attempt.course_version_id).document.source_language),
    )


@bp.post("/attempts/<uuid:attempt_id>/aloud/submit")
@requires("attempts.give", of="attempt")
def aloud_submit(attempt: Attempt) -> BaseResponse:
    """Hand in what was recorded; a second click finds it handed in."""
    form = EmptyForm()
    if not form.attempt(service.submit, attempt, given_by=current_user.id):
        flash(form.form_errors[0], "error")
        return redirect(url_for(".aloud_check", attempt_id=attempt.id))
    return redirect(url_for(".aloud_result", attempt_id=attempt.id))


@bp.post("/attempts/<uuid:attempt_id>/aloud/leave")
@requires("attempts.give", of="attempt")
def aloud_leave(attempt: Attempt) -> BaseResponse:
    """Let the trainee take it alone after all."""
    form = EmptyForm()
    if form.attempt(service.leave_to_trainee, attempt):
        flash(gettext("The trainee takes this test alone from now on."), "success")
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".aloud", enrolment_id=attempt.enrolment_id, activity_id=attempt.activity_id))


@bp.get("/attempts/<uuid:attempt_id>/aloud/result")
@requires("attempts.give", of="attempt")
def aloud_result(attempt: Attempt) -> BaseResponse:
    """The score, and what to say to each answer: what the trainee would read, to be told."""
    if attempt.submitted_at is None:
        return redirect(url_for(".aloud_check", attempt_id=attempt.id))
    enrolment, trainee = session.get_one(Enrolment, attempt.enrolment_id), session.get_one(User, attempt.user_id)
    test = scoring.test_of(attempt)
    return page(
        "assessment/aloud_result.html",
        attempt=attempt,
        trainee=trainee,
        test=test,
        # The post-test asks from the same pool, so what was right before the course is not told.
        answers=[] if isinstance(test, PreTest) else answers_of(attempt, _heard(enrolment, trainee)),
        waiting=scoring.waiting_in(attempt),
        languages=reading_languages(edition(attempt.course_version_id).document.source_language),
    )
