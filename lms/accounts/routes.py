"""Signing in and out, one's own account, and the administrator's list of people."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, g, redirect, request, session, url_for
from flask_babel import format_time, gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts import forms, queries, service, sessions
from lms.accounts.models import Role, User
from lms.core.vault import vault_of
from lms.web.forms import EmptyForm
from lms.web.guards import own_transactions, public, requires, signed_in
from lms.web.language import NAMES
from lms.web.pages import page

bp = Blueprint("accounts", __name__)


@bp.app_template_global()
def role_name(role: str) -> str:
    """A role in the reader's language."""
    return str(forms.ROLE_NAMES[Role(role)])


@bp.get("/")
@public
def home() -> Response:
    """Each role's own first page."""
    if not sessions.is_signed_in():
        return redirect(url_for(".sign_in"))
    homes = {
        Role.TRAINEE: "learning.home",
        Role.MENTOR: "cohorts.index",
        Role.INSTRUCTOR: "cohorts.index",
        Role.MANAGER: "missions.index",
        Role.ADMIN: ".people",
    }
    return redirect(url_for(homes[Role(current_user.role)]))


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@own_transactions
def sign_in() -> Response:
    """One generic error for a wrong name, a wrong password and a closed account."""
    target = sessions.safe_next(request.args.get("next"))
    if request.method == "GET" and sessions.is_signed_in():
        return redirect(target or url_for(".home"))
    form = forms.SignInForm()
    locked = None
    if form.validate_on_submit():
        if token := service.first_password(form.username.data, form.password.data):
            return redirect(url_for(".recover", token=token))
        try:
            user = service.sign_in(
                form.username.data,
                form.password.data,
                address=request.remote_addr or "",
                vault=vault_of(current_app.config["DATA_DIR"]),
            )
        except service.Locked as lock:
            locked = gettext("Too many tries. You can try again at %(time)s.", time=format_time(lock.until, "short"))
            form.form_errors = [locked]
        else:
            if user is not None:
                sessions.begin(user, shared=form.shared.data)
                return redirect(target or url_for(".home"))
            form.form_errors = [gettext("The username or the password is wrong.")]
    return page("accounts/sign_in.html", form=form, status=429 if locked else None)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """Sign out on this device, and have the browser forget what it kept."""
    sessions.end()
    g.signed_out = True
    return redirect(url_for(".sign_in"))


@bp.post("/language")
@public
def language() -> Response:
    """The language switch on every page."""
    chosen = request.form.get("language")
    if chosen not in NAMES:
        abort(400)
    session["language"] = chosen
    if sessions.is_signed_in():
        current_user.language = chosen
    return redirect(sessions.safe_next(request.form.get("next")) or url_for(".home"))


@bp.route("/account/", methods=["GET", "POST"])
@signed_in
def preferences() -> Response:
    """Language, direction, password, sessions."""
    form = forms.PreferencesForm(obj=current_user)
    if form.validate_on_submit():
        form.populate_obj(current_user)
        session["language"] = current_user.language
        g.pop("language", None)
        flash(gettext("Your preferences are saved."), "success")
        return redirect(url_for(".preferences"))
    return page("accounts/preferences.html", form=form)


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> Response:
    """A new password; the other devices are signed out."""
    form = forms.ChangePasswordForm()
    if form.validate_on_submit() and form.attempt(
        service.change_password, current_user, form.password.data, form.new_password.data
    ):
        sessions.begin(session_user(), shared=session.get("shared", True))
        flash(gettext("Your password is changed. Other devices are signed out."), "success")
        return redirect(url_for(".preferences"))
    return page("accounts/password.html", form=form)


def session_user() -> User:
    """The signed-in person's row itself."""
    user: User = current_user._get_current_object()
    return user


@bp.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    """End every session, this one included."""
    service.sign_out_everywhere(session_user())
    sessions.end()
    g.signed_out = True
    flash(gettext("You are signed out on every device."), "success")
    return redirect(url_for(".sign_in"))


@bp.route("/recover/<token>", methods=["GET", "POST"])
@public
def recover(token: str) -> Response:
    """Set a password with a one-time link."""
    holder = service.holder_of(token)
    if holder is None:
        return page("accounts/link_ended.html", status=410)
    form = forms.NewPasswordForm()
    if form.validate_on_submit() and form.attempt(service.use_link, token, form.new_password.data):
        flash(gettext("Your password is set. Sign in with it."), "success")
        return redirect(url_for(".sign_in"))
    return page("accounts/recover.html", form=form, username=holder.username)


@bp.get("/people/")
@requires("people.list")
def people() -> Response:
    """All accounts, by name, searched and in pages."""
    search = request.args.get("q", "")[:60]
    number = max(1, request.args.get("page", 1, int))
    return page("accounts/people.html", people=queries.people(search, number), search=search)


@bp.route("/people/new", methods=["GET", "POST"])
@requires("people.list")
def new_person() -> Response:
    """A new account; its one-time link is shown next."""
    form = forms.PersonForm()
    if form.validate_on_submit() and form.attempt_once(
        User, service.create, form.username.data, Role(form.role.data), by=current_user.id
    ):
        return _show_link(form.result)
    return page("accounts/new_person.html", form=form)


@bp.route("/people/<uuid:person_id>", methods=["GET", "POST"])
@requires("people.manage", of="person")
def person(person: User) -> Response:
    """One account: its role, whether it is open, its link."""
    form = forms.RoleForm(role=person.role)
    if form.validate_on_submit() and form.attempt(
        service.change_role, person, Role(form.role.data), by=current_user.id
    ):
        flash(gettext("The role is changed."), "success")
        return redirect(url_for(".person", person_id=person.id))
    return page("accounts/person.html", form=form, person=person)


@bp.post("/people/<uuid:person_id>/link")
@requires("people.manage", of="person")
def new_link(person: User) -> Response:
    """A one-time link, shown once."""
    return _show_link(person)


def _show_link(person: User) -> Response:
    token = service.make_link(person, by=current_user.id)
    link = current_app.config["BASE_URL"] + url_for(".recover", token=token)
    return page("accounts/link.html", person=person, link=link)


@bp.post("/people/<uuid:person_id>/close")
@requires("people.manage", of="person")
def close_person(person: User) -> Response:
    """Close the account."""
    return _set_active(person, False, gettext("The account is closed. Its sessions have ended."))


@bp.post("/people/<uuid:person_id>/open")
@requires("people.manage", of="person")
def open_person(person: User) -> Response:
    """Open the account again."""
    return _set_active(person, True, gettext("The account is open again."))


def _set_active(person: User, active: bool, done: str) -> Response:
    form = EmptyForm()
    if form.attempt(service.set_active, person, active, by=current_user.id):
        flash(done, "success")
    else:
        flash(form.form_errors[0], "error")
    return redirect(url_for(".person", person_id=person.id))


@bp.get("/audit/")
@requires("audit.read")
def audit_trail() -> Response:
    """The latest acts, newest first."""
    before = request.args.get("before", type=UUID)
    return page("accounts/audit_trail.html", events=queries.audit_events(before))
