"""What people do with accounts."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from lms.accounts import passwords, throttle
from lms.accounts.models import OneTimeLink, Role, User
from lms.core import audit, clock
from lms.core.db import session, transaction
from lms.core.errors import DomainError
from lms.core.ids import code, new_id
from lms.core.vault import Vault
from lms.core.words import N_

LINK_LIFETIME = timedelta(hours=24)
# A printed slip travels to a station by road.
SLIP_LIFETIME = timedelta(days=30)
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


class Locked(Exception):
    """Too many failed tries; ``until`` is when the next one counts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def find(username: str) -> User | None:
    """The account with this name, however it is typed."""
    return session.scalar(select(User).where(User.username == username.strip().casefold()))


def sign_in(username: str, password: str, *, address: str, vault: Vault) -> User | None:
    """The person whose name and password these are, else ``None``; raises ``Locked``.

    Opens its own transactions: the costly hash is computed outside them, and in the same time for a name
    that does not exist. What is stored about a failure cannot be read back to a name or an address.
    """
    name_key = vault.fingerprint(f"name {username.strip().casefold()}")
    address_key = vault.fingerprint(f"address {throttle.address_of(address)}")
    with transaction(write=False):
        until = throttle.locked_until({name_key: throttle.PER_NAME, address_key: throttle.PER_ADDRESS})
        found = session.execute(
            select(User.id, User.password_hash).where(
                User.username == username.strip().casefold(), User.active, User.password_hash.is_not(None)
            )
        ).one_or_none()
    if until is not None:
        raise Locked(until)
    right = passwords.matches(password, found.password_hash if found else None)
    with transaction():
        if found is None or not right:
            throttle.count(name_key, address_key)
            audit.record("accounts.sign_in_failed", actor_id=None)
            return None
        throttle.forget(name_key)
        audit.record("accounts.signed_in", actor_id=found.id)
    return session.get(User, found.id)


def change_password(user: User, old: str, new: str) -> None:
    """Set a new password after the old one is given; every session of the account ends."""
    if not passwords.matches(old, user.password_hash):
        raise DomainError(N_("This is not your present password."), field="password")
    _set_password(user, new)
    audit.record("accounts.password_changed", actor_id=user.id, object_id=user.id)


def _set_password(user: User, new: str) -> None:
    passwords.check_choice(new, user.username)
    user.password_hash = passwords.hash(new)
    user.stamp = code(16)


def sign_out_everywhere(user: User) -> None:
    """End every session of the account, this one included."""
    user.stamp = code(16)
    audit.record("accounts.signed_out_everywhere", actor_id=user.id, object_id=user.id)


def make_link(user: User, by: UUID) -> str:
    """A one-time link's token with which ``user`` sets a new password; earlier links end."""
    return _new_token(user, secrets.token_urlsafe(32), LINK_LIFETIME, by)


def make_first_password(user: User, by: UUID) -> str:
    """A one-time token short enough to be typed (59 bits), for a printed slip; earlier links and slips end.

    It opens the sign-in page to the choice of a password, once; only its hash is kept.
    """
    return _new_token(user, "-".join(code(4) for _ in range(3)), SLIP_LIFETIME, by)


def first_password(username: str, typed: str) -> str | None:
    """The token that was typed as a password, where it is this person's first password; opens its own transaction."""
    token = "-".join(re.findall(".{4}", re.sub(r"[^A-Z0-9]", "", typed.upper())))
    with transaction(write=False):
        holder = holder_of(token)
        return token if holder is not None and holder.username == username.strip().casefold() else None


def _new_token(user: User, token: str, lifetime: timedelta, by: UUID) -> str:
    for link in session.scalars(
        select(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
    ):
        link.used_at = clock.now()
    session.add(OneTimeLink(token_hash=_digest(token), user_id=user.id, expires_at=clock.now() + lifetime))
    audit.record("accounts.link_made", actor_id=by, object_id=user.id)
    return token


def holder_of(token: str) -> User | None:
    """Whom an unused, unexpired one-time link is for."""
    return session.scalar(
        select(User)
        .join(OneTimeLink, OneTimeLink.user_id == User.id)
        .where(
            OneTimeLink.token_hash == _digest(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            User.active,
        )
    )


def use_link(token: str, new: str) -> User:
    """Set the password that the link allows, once."""
    user = holder_of(token)
    if user is None:
        raise DomainError(N_("This link was used already or is too old. Ask for a new one."))
    _set_password(user, new)
    session.get_one(OneTimeLink, _digest(token)).used_at = clock.now()
    audit.record("accounts.link_used", actor_id=user.id, object_id=user.id)
    return user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create(username: str, role: Role, *, by: UUID | None, password: str | None = None, id: UUID | None = None) -> User:
    """A new account; without a password it waits for a one-time link. A trainee gets a number."""
    username = username.strip().casefold()
    if not USERNAME.fullmatch(username):
        raise DomainError(
            N_("Use 3 to 60 small letters, digits, dots or dashes, and begin and end with a letter or digit."),
            field="username",
        )
    if find(username) is not None:
        raise DomainError(N_("This username is taken. Choose another."), field="username")
    user = User(id=id or new_id(), username=username, role=role.value)
    if role is Role.TRAINEE:
        user.number = _fresh_number()
    if password is not None:
        user.password_hash = passwords.hash(password)
    session.add(user)
    session.flush()
    audit.record("accounts.created", actor_id=by, object_id=user.id, role=role.value)
    return user


def create_trainee(*, by: UUID | None, id: UUID | None = None) -> User:
    """A trainee's account whose username is the number."""
    number = _fresh_number()
    user = User(id=id or new_id(), username=number.casefold(), number=number, role=Role.TRAINEE.value)
    session.add(user)
    session.flush()
    audit.record("accounts.created", actor_id=by, object_id=user.id, role=Role.TRAINEE.value)
    return user


def create_trainees(count: int, *, by: UUID | None) -> list[User]:
    """Many trainees' accounts at once, in a constant number of statements for a few hundred."""
    numbers: set[str] = set()
    while len(numbers) < count:
        drawn = {f"PS-{code(5)}" for _ in range(count - len(numbers))} - numbers
        numbers |= drawn - set(session.scalars(select(User.number).where(User.number.in_(drawn))))
    users = [User(username=each.casefold(), number=each, role=Role.TRAINEE.value) for each in sorted(numbers)]
    session.add_all(users)
    session.flush()
    for user in users:
        audit.record("accounts.created", actor_id=by, object_id=user.id, role=Role.TRAINEE.value)
    return users


def _fresh_number() -> str:
    while True:
        number = f"PS-{code(5)}"
        if session.scalar(select(User.id).where(User.number == number)) is None:
            return number


def keep_name(user: User, name: str, *, vault: Vault, by: UUID) -> None:
    """Keep a real name, encrypted, for certificates; an empty one takes it away. The audit trail never says it."""
    name = " ".join(name.split())
    user.name_sealed = vault.close(name) if name else None
    audit.record("accounts.name_kept" if name else "accounts.name_removed", actor_id=by, object_id=user.id)


def change_role(user: User, role: Role, by: UUID) -> None:
    """Give another role; its sessions end, and nobody takes the last administrator away."""
    if user.role == role.value:
        return
    if user.role == Role.ADMIN.value:
        _keep_an_admin(user)
    before, user.role = user.role, role.value
    if role is Role.TRAINEE and user.number is None:
        user.number = _fresh_number()
    user.stamp = code(16)
    audit.record("accounts.role_changed", actor_id=by, object_id=user.id, before=before, after=role.value)


def set_active(user: User, active: bool, by: UUID) -> None:
    """Close an account or open it again; closing ends its sessions."""
    if not active and user.role == Role.ADMIN.value:
        _keep_an_admin(user)
    if user.active == active:
        return
    user.active = active
    user.stamp = code(16)
    audit.record("accounts.opened" if active else "accounts.closed", actor_id=by, object_id=user.id)


def _keep_an_admin(user: User) -> None:
    another = select(User.id).where(User.role == Role.ADMIN.value, User.active, User.id != user.id).limit(1)
    if session.scalar(another) is None:
        raise DomainError(N_("This is the only administrator. Make another one first."))
