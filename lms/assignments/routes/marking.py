"""The mentor's side: the queue, marking beside the rubric, second marks, appeals, kept remarks."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.models import Role, User
from lms.assignments import agreement, judging, queries, service
from lms.assignments.models import HandIn, SavedRemark
from lms.assignments.routes.blueprint import bp
from lms.cohorts.closing import correcting
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.library.edition import edition
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import Form, page


@bp.get("/marking/")
@requires("assignments.list")
def queue() -> BaseResponse:
    """What waits to be marked, oldest first; before it, marks that their trainees do not agree with."""
    person = current_user._get_current_object()
    return page(
        "assignments/queue.html",
        waiting=queries.waiting(person),
        appealed=queries.appealed(person),
        second=queries.for_second(person),
        differing=queries.differing(person),
        agreement=agreement.between_mentors(person),
        kept=queries.saved_remarks(person),
        assignment_of=service.assignment_of,
        languages=reading_languages("en"),
    )


@bp.route("/marking/<uuid:hand_in_id>", methods=["GET", "POST"])
@requires("assignments.mark", of="hand_in")
def mark(hand_in: HandIn) -> BaseResponse:
    """What was handed in beside the rubric; saving leads to the next one."""
    form = EmptyForm()
    if form.validate_on_submit() and _judge(form, hand_in):
        flash(gettext("Saved. The trainee sees it now."), "success")
        return _on(queries.next_waiting(current_user, hand_in))
    return _sheet("assignments/mark.html", hand_in, form)


def _levels(hand_in: HandIn) -> dict[str, str]:
    return {each.id: request.form.get(f"level-{each.id}", "") for each in service.assignment_of(hand_in).rubric}


def _seen() -> str:
    """The digest of the work beside which the form stood."""
    return request.form.get("seen", "")


def _remark() -> str:
    """What was typed, after the kept remarks that were ticked."""
    typed = request.form.get("remark", "")[:5000]
    return "\n".join(each for each in [*request.form.getlist("kept"), typed] if each.strip())[:8000]


def _judge(form: Form, hand_in: HandIn) -> bool:
    doing, reason, by = request.form.get("do", "mark"), request.form.get("reason", "")[:2000], current_user.id
    if "keep" in request.form and not form.attempt(judging.keep_remark, request.form.get("remark", ""), by=by):
        return False
    if doing == "back":
        return form.attempt(judging.give_back, hand_in, _remark(), by=by, seen=_seen())
    if doing == "regrade":
        return form.attempt(judging.regrade, hand_in, _levels(hand_in), _remark(), reason, by=by)
    if doing == "uphold":
        return form.attempt(judging.uphold, hand_in, reason, by=by)
    return form.attempt(judging.mark, hand_in, _levels(hand_in), _remark(), by=by, seen=_seen())


def _on(after: UUID | None) -> BaseResponse:
    return redirect(url_for(".mark", hand_in_id=after) if after else url_for(".queue"))


def _sheet(template: str, hand_in: HandIn, form: Form) -> BaseResponse:
    assignment, trail = service.assignment_of(hand_in), queries.trail(hand_in)
    cohort = session.get_one(Enrolment, hand_in.enrolment_id).cohort
    settles = current_user.id == hand_in.marked_by or current_user.role == Role.MANAGER
    return page(
        template,
        form=form,
        hand_in=hand_in,
        assignment=assignment,
        cohort=cohort,
        closed=cohort.closed_at is not None and correcting(cohort.id, current_user.id) is None,
        trainee=session.get_one(User, hand_in.user_id),
        trail=trail,
        compared=agreement.compare(assignment, trail),
        to_settle=settles and not agreement.is_settled(hand_in, trail),
        kept=queries.saved_remarks(current_user._get_current_object()),
        languages=reading_languages(edition(hand_in.course_version_id).document.source_language),
    )


@bp.route("/marking/<uuid:hand_in_id>/second", methods=["GET", "POST"])
@requires("assignments.mark", of="hand_in")
def second(hand_in: HandIn) -> BaseResponse:
    """Mark what somebody else has marked, without seeing how."""
    form = EmptyForm()
    if form.validate_on_submit():
        by, levels = current_user.id, _levels(hand_in)
        if form.attempt(judging.mark_second, hand_in, levels, by=by, seen=_seen()):
            flash(gettext("Kept. The trainee's mark stays as it is."), "success")
            return redirect(url_for(".queue"))
    return _sheet("assignments/second.html", hand_in, form)


@bp.post("/marking/remarks/forget")
@requires("assignments.list")
def forget_remark() -> BaseResponse:
    """Take a kept remark out."""
    id = request.form.get("remark", type=UUID)
    kept = session.get(SavedRemark, id) if id else None
    if kept is not None and kept.user_id == current_user.id:
        session.delete(kept)
    return redirect(url_for(".queue"))
