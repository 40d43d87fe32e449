"""Agreeing a plan, looking at it again, and ending it."""

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from lms.core import clock
from lms.mentoring import forms, queries, service
from lms.mentoring.models import ActionPlan, MentoringComment, PlanEntry
from lms.mentoring.routes.blueprint import bp, person_in
from lms.mentoring.routes.people import show_own
from lms.missions.models import Mission
from lms.web.guards import requires
from lms.web.pages import page


def _offer_owners(form: forms.PlanForm | forms.ReviewForm, mission_id: UUID, chosen: UUID) -> None:
    """The mission's people; somebody who has left must be replaced by a choice, not by the first of the list."""
    known = [SelectChoice(str(id), username) for id, username in queries.possible_owners(mission_id)]
    gone = str(chosen) not in {each.value for each in known}
    form.owner.choices = [SelectChoice("", gettext("Choose")), *known] if gone else known


@bp.route("/missions/<uuid:mission_id>/mentoring/<uuid:person_id>/plan", methods=["GET", "POST"])
@requires("mentoring.keep", of="mission")
def agree(mission: Mission, person_id: UUID) -> Response:
    """A new plan."""
    about = person_in(mission, person_id)
    today = clock.today()
    form = forms.PlanForm(
        owner=str(current_user.id), due=today + timedelta(days=60), next_review=today + service.REVIEWED_EVERY
    )
    _offer_owners(form, mission.id, current_user.id)
    if form.validate_on_submit():
        agreed = service.Agreed(form.gap.data, form.action.data, form.evidence.data, **form.dates())
        if form.attempt_once(ActionPlan, service.open_plan, mission, about, agreed, by=current_user.id):
            flash(gettext("The plan is agreed. The person sees it under “My mentoring”."), "success")
            return redirect(url_for(".person", mission_id=mission.id, person_id=about.id))
    return page("mentoring/plan_new.html", form=form, mission=mission, person=about)


@bp.get("/action-plans/<uuid:action_plan_id>")
@requires("plans.see", of="action_plan")
def plan(action_plan: ActionPlan) -> Response:
    """A plan with its steps."""
    return _show(action_plan, _review_form(action_plan, fresh=True), forms.EndForm(formdata=None))


def _review_form(plan: ActionPlan, *, fresh: bool = False) -> forms.ReviewForm:
    more = {"formdata": None} if fresh else {}
    later = clock.today() + service.REVIEWED_EVERY
    form = forms.ReviewForm(owner=str(plan.owner_id), due=plan.due, next_review=later, **more)
    _offer_owners(form, plan.mission_id, plan.owner_id)
    return form


def _show(plan: ActionPlan, review: forms.ReviewForm, ending: forms.EndForm) -> Response:
    return page(
        "mentoring/plan.html",
        form=ending if ending.refused() else review,
        review=review,
        ending=ending,
        plan=queries.plan(plan),
        entries=queries.entries(plan),
    )


@bp.post("/action-plans/<uuid:action_plan_id>/review")
@requires("plans.change", of="action_plan")
def review(action_plan: ActionPlan) -> Response:
    """What a review showed."""
    form = _review_form(action_plan)
    if form.validate_on_submit() and form.attempt_once(
        PlanEntry, service.review, action_plan, form.text.data, **form.dates(), by=current_user.id
    ):
        flash(gettext("The review is kept."), "success")
        return redirect(url_for(".plan", action_plan_id=action_plan.id))
    return _show(action_plan, form, forms.EndForm(formdata=None))


@bp.post("/action-plans/<uuid:action_plan_id>/end")
@requires("plans.change", of="action_plan")
def end(action_plan: ActionPlan) -> Response:
    """Done, or dropped with the reason."""
    form = forms.EndForm()
    if form.validate_on_submit() and form.attempt(
        service.end, action_plan, form.status.data, form.text.data, by=current_user.id
    ):
        flash(gettext("The plan has ended."), "success")
        return redirect(url_for(".plan", action_plan_id=action_plan.id))
    return _show(action_plan, _review_form(action_plan, fresh=True), form)


@bp.post("/action-plans/<uuid:action_plan_id>/comment")
@requires("plans.comment", of="action_plan")
def comment_on_plan(action_plan: ActionPlan) -> Response:
    """What the person says to their plan."""
    form = forms.CommentForm()
    if form.validate_on_submit() and form.attempt_once(
        MentoringComment, service.comment, action_plan, form.text.data, by=current_user.id
    ):
        flash(gettext("Your mentors see your comment."), "success")
        return redirect(url_for(".own"))
    return show_own(form, action_plan.id)
