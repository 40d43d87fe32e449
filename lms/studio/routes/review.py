"""Readiness, preview, review and publication."""

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.studio import forms, queries, readiness, reviewing
from lms.studio.models import Draft
from lms.studio.routes.blueprint import act, bp
from lms.web.guards import can, requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/studio/<uuid:draft_id>/review", methods=["GET", "POST"])
@requires("studio.write", of="draft")
def review(draft: Draft) -> BaseResponse:
    """The checklist, the comments, and sending the course to review."""
    form = forms.ReviewForm()
    if form.validate_on_submit() and form.attempt(
        reviewing.submit, draft, (form.words.data or "").strip(), by=current_user.id
    ):
        flash(gettext("The course is in review. Somebody else reads it now and publishes it."), "success")
        return redirect(url_for(".review", draft_id=draft.id))
    return page(
        "studio/review.html",
        form=form,
        draft=draft,
        ready=readiness.of(draft),
        comments=queries.comments(draft),
        may_publish=can("studio.publish", draft),
        languages=reading_languages(draft.source_language),
    )


@bp.post("/studio/<uuid:draft_id>/take-back")
@requires("studio.write", of="draft")
def take_back(draft: Draft) -> BaseResponse:
    """End the review without a decision."""
    return act(reviewing.take_back, draft, by=current_user.id, back=url_for(".review", draft_id=draft.id))


@bp.post("/studio/<uuid:draft_id>/comments")
@requires("studio.write", of="draft")
def comment(draft: Draft) -> BaseResponse:
    """Say something of the course or of one activity."""
    form, activity_id = forms.CommentForm(), request.form.get("activity", "")[:64] or None
    back = url_for(".review", draft_id=draft.id)
    if activity_id:
        back = url_for(".activity", draft_id=draft.id, activity_id=activity_id)
    if not form.validate_on_submit():
        flash(gettext("Write the comment."), "error")
        return redirect(f"{back}#comments")
    return act(
        reviewing.comment, draft, activity_id, form.words.data.strip(), by=current_user.id, back=f"{back}#comments"
    )


@bp.post("/studio/<uuid:draft_id>/comments/<uuid:comment_id>")
@requires("studio.write", of="draft")
def resolve(draft: Draft, comment_id: object) -> BaseResponse:
    """Mark a comment as dealt with, or open it again."""
    return act(reviewing.resolve, draft, comment_id, back=f"{url_for('.review', draft_id=draft.id)}#comments")


@bp.post("/studio/<uuid:draft_id>/publish")
@requires("studio.publish", of="draft")
def publish(draft: Draft) -> BaseResponse:
    """Publish what was reviewed, or send it back with words."""
    words, back = request.form.get("words", "").strip()[:4000], url_for(".review", draft_id=draft.id)
    if request.form.get("decision") == "back":
        return act(reviewing.send_back, draft, words, by=current_user.id, back=back)
    return act(reviewing.publish, draft, words, store=current_app.config["MEDIA"], by=current_user.id, back=back)
