"""The inbox, threads, and being told of them."""

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.models import Role
from lms.cohorts.models import Cohort, Enrolment
from lms.library.edition import edition
from lms.messages import forms, notices, queries, service
from lms.messages.models import Kind, Post, Thread
from lms.web.forms import EmptyForm
from lms.web.guards import can, requires, signed_in
from lms.web.language import reading_languages
from lms.web.pages import Form, page

bp = Blueprint("messages", __name__)


@bp.get("/messages/")
@requires("messages.inbox")
def inbox() -> BaseResponse:
    """What was written to the person, last first."""
    number, waiting = max(1, request.args.get("page", 1, type=int)), bool(request.args.get("waiting"))
    person = current_user._get_current_object()
    found = queries.inbox(person, number, waiting=waiting)
    return page(
        "messages/inbox.html",
        rows=found.rows,
        number=found.number,
        pages=found.total,
        waiting=waiting,
        teaches=person.role != Role.TRAINEE,
    )


@bp.post("/messages/<uuid:thread_id>/open")
@requires("messages.read", of="thread")
def open(thread: Thread) -> BaseResponse:
    """Go to a thread; from now on it counts as read."""
    service.open_for(thread, current_user.id)
    return redirect(url_for(".thread", thread_id=thread.id, _anchor="last"))


@bp.route("/messages/<uuid:thread_id>", methods=["GET", "POST"])
@requires("messages.read", of="thread")
def thread(thread: Thread) -> BaseResponse:
    """All that was written in a thread, and a field to answer in."""
    form, may_reply, moderates = forms.MessageForm(), can("messages.reply", thread), can("messages.moderate", thread)
    if form.is_submitted() and not may_reply:
        abort(403)
    if form.validate_on_submit() and form.attempt_once(
        Post, service.reply, thread, form.words.data, by=current_user.id
    ):
        return redirect(url_for(".thread", thread_id=thread.id, _anchor="last"))
    cohort, version_id = queries.course_of(thread)
    shown = edition(version_id)
    return page(
        "messages/thread.html",
        form=form,
        thread=thread,
        cohort=cohort,
        activity=shown.activities.get(thread.activity_id or ""),
        posts=queries.posts(thread, all=moderates),
        may_reply=may_reply,
        moderates=moderates,
        place=queries.place_of(thread) if thread.kind == Kind.RESULT else None,
        is_mentor=service.is_mentor,
        languages=reading_languages(shown.document.source_language),
    )


@bp.post("/messages/<uuid:thread_id>/share")
@requires("messages.moderate", of="thread")
def share(thread: Thread) -> BaseResponse:
    """Let the cohort read a question and its answers, or no longer."""
    service.share(thread, request.form.get("shared") == "yes", by=current_user.id)
    return redirect(url_for(".thread", thread_id=thread.id))


@bp.post("/messages/posts/<uuid:post_id>/hide")
@requires("messages.hide", of="post")
def hide(post: Post) -> BaseResponse:
    """Hide a post from trainees, or show it again."""
    service.hide(post, request.form.get("hidden") == "yes", by=current_user.id)
    return redirect(url_for(".thread", thread_id=post.thread_id))


@bp.route("/cohorts/<uuid:cohort_id>/announce", methods=["GET", "POST"])
@requires("messages.announce", of="cohort")
def announce(cohort: Cohort) -> BaseResponse:
    """Write to a whole cohort."""
    form = forms.MessageForm()
    if form.validate_on_submit() and form.attempt_once(
        Thread, service.announce, cohort, form.words.data, by=current_user.id
    ):
        flash(gettext("Sent. Every trainee of the cohort finds it in the inbox."), "success")
        return redirect(url_for(".thread", thread_id=form.result.id))
    return page("messages/announce.html", form=form, cohort=cohort)


@bp.route("/learn/<uuid:enrolment_id>/<activity_id>/ask", methods=["GET", "POST"])
@requires("learning.study", of="enrolment")
def ask(enrolment: Enrolment, activity_id: str) -> BaseResponse:
    """Ask the mentors about a lesson."""
    shown, form = edition(enrolment.course_version_id), forms.MessageForm()
    activity = shown.activities.get(activity_id) or abort(404)
    if form.validate_on_submit() and form.attempt_once(
        Thread, service.ask, enrolment, activity_id, form.words.data, by=current_user.id
    ):
        flash(gettext("Sent. Your mentor's answer comes into your inbox."), "success")
        return redirect(url_for(".thread", thread_id=form.result.id))
    languages = reading_languages(shown.document.source_language, enrolment.language)
    return page("messages/ask.html", form=form, enrolment=enrolment, activity=activity, languages=languages)


@bp.route("/account/messages", methods=["GET", "POST"])
@signed_in
def notice() -> BaseResponse:
    """Whether and where one is told by e-mail."""
    data, form = current_app.config["DATA_DIR"], forms.AddressForm()
    if request.method == "POST" and "stop" in request.form:
        notices.take_back(current_user.id)
        flash(gettext("The address is forgotten. No more mail goes there."), "success")
        return redirect(url_for(".notice"))
    if form.validate_on_submit() and form.attempt(notices.give, current_user.id, form.address.data, data=data):
        flash(gettext("Look into your mail: a link there confirms the address."), "success")
        return redirect(url_for(".notice"))
    return _notice_page(form)


def _notice_page(form: Form, choice: forms.ChoiceForm | None = None) -> BaseResponse:
    config, known = current_app.config, notices.notice_of(current_user.id)
    counted = {kind.value: kind not in known.leaves_out for kind in Kind} if known else {}
    return page(
        "messages/notice.html",
        form=choice or form,
        giving=form,
        choice=choice or forms.ChoiceForm(formdata=None, every=known.every if known else 1, **counted),
        known=known,
        address=notices.address_of(known, config["DATA_DIR"]) if known else None,
        sends=bool(config["SMTP_URL"]),
    )


@bp.post("/account/messages/choice")
@signed_in
def choose() -> BaseResponse:
    """How often a mail comes, and what counts for it."""
    form, known = forms.ChoiceForm(), notices.notice_of(current_user.id) or abort(404)
    if form.validate_on_submit() and form.attempt(notices.choose, known, form.every.data, form.leaves_out()):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".notice"))
    return _notice_page(forms.AddressForm(formdata=None), form)


@bp.route("/account/messages/confirm/<code>", methods=["GET", "POST"])
@signed_in
def confirm(code: str) -> BaseResponse:
    """Confirm an address; the button keeps programs that read mail from doing it."""
    form, known = EmptyForm(), notices.notice_of(current_user.id)
    keys = current_app.config["SIGNING_KEYS"]
    if form.validate_on_submit() and form.attempt(notices.confirm, known, code, keys):
        flash(gettext("Confirmed. You are told at most once a day, and only when something waits."), "success")
        return redirect(url_for(".notice"))
    return page("messages/confirm.html", form=form)


@bp.app_template_global()
def unread_messages() -> int:
    """How many threads hold something new for the reader; one statement."""
    return queries.unread(current_user._get_current_object())
