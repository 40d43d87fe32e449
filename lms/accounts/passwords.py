"""Passwords: hashed with argon2id at OWASP's parameters, chosen without riddles."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.core.errors import DomainError
from lms.core.words import N_

SHORTEST, LONGEST = 10, 200

# OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody = _hasher.hash("nobody has this password")

# What everyone tries first.
_COMMON = frozenset(
    ["password12", "password123", "1234567890", "12345678910", "qwertyuiop", "qwerty12345", "motdepasse1"]
)


def hash(password: str) -> str:
    """The argon2id hash, with its salt and parameters."""
    return _hasher.hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Whether the password is right; an absent account costs the same time as a wrong password."""
    try:
        _hasher.verify(hashed or _nobody, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def check_choice(password: str, username: str) -> None:
    """Refuse a password that would be guessed; length is the only rule of form (NIST SP 800-63B, 5.1.1.2)."""
    if len(password) < SHORTEST:
        raise DomainError(N_("Choose at least %(least)s characters."), field="new_password", least=SHORTEST)
    if len(password) > LONGEST:
        raise DomainError(N_("Choose at most %(most)s characters."), field="new_password", most=LONGEST)
    if password.casefold() in _COMMON or username.casefold() in password.casefold() or len(set(password)) < 5:
        raise DomainError(
            N_("This password is easy to guess. Choose another, for example four words in a row."), field="new_password"
        )
