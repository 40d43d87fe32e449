"""Settings: read from the environment once, checked, with defaults for one machine."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from lms.core.keys import ring

WEAKEST_SECRET = 32
DRIVERS = ("sqlite", "postgresql+psycopg")


class SettingsError(RuntimeError):
    """A setting that would be unsafe or cannot work; the message says the mend."""


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask's configuration out of the ``LMS_…`` variables."""
    data = Path(environment.get("LMS_DATA_DIR") or Path(__file__).parents[2] / "var").resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    base_url = environment.get("LMS_BASE_URL", "http://localhost:8000").rstrip("/")
    signing_keys = _signing_keys(environment, data)
    return {
        "DATA_DIR": data,
        "SECRET_KEY": signing_keys[-1],
        "SECRET_KEY_FALLBACKS": signing_keys[:-1],
        # Oldest first, as itsdangerous takes them: the last signs, all are believed.
        "SIGNING_KEYS": signing_keys,
        "WTF_CSRF_SECRET_KEY": signing_keys,
        "SQLALCHEMY_DATABASE_URI": _database_url(environment, data),
        "MEDIA_BUCKET": environment.get("LMS_MEDIA_BUCKET", ""),
        "MEDIA_ENDPOINT": environment.get("LMS_MEDIA_ENDPOINT", ""),
        "SMTP_URL": _smtp_url(environment),
        "MAIL_FROM": environment.get("LMS_MAIL_FROM", "concord@localhost"),
        "SITE_NAME": environment.get("LMS_SITE_NAME", "Concord"),
        "BASE_URL": base_url,
        "FORMER_BASE_URLS": tuple(
            each.strip().rstrip("/") for each in environment.get("LMS_FORMER_BASE_URLS", "").split(",") if each.strip()
        ),
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "IDLE_MINUTES_SHARED": _whole(environment, "LMS_IDLE_MINUTES_SHARED", 15, least=1),
        "IDLE_MINUTES": _whole(environment, "LMS_IDLE_MINUTES", 480, least=1),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "TRUSTED_PROXIES": _whole(environment, "LMS_TRUSTED_PROXIES", 0, least=0),
        # The token lives as long as the session: a lesson may be read for hours before its form is sent.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _signing_keys(environment: Mapping[str, str], data: Path) -> list[str]:
    given = environment.get("LMS_SECRET_KEY")
    if given is None:
        return [pair.private.decode() for pair in ring(data).sessions.all]
    if len(given) < WEAKEST_SECRET or len(set(given)) < 10:
        raise SettingsError(
            f"LMS_SECRET_KEY is too weak: give at least {WEAKEST_SECRET} random characters, "
            "for example from 'python3 -c \"import secrets; print(secrets.token_hex(32))\"', "
            "or leave it out and one is made and kept."
        )
    return [given]


def _database_url(environment: Mapping[str, str], data: Path) -> str:
    given = environment.get("LMS_DATABASE_URL")
    if not given:
        return f"sqlite:///{data / 'lms.sqlite3'}"
    try:
        driver = make_url(given).drivername
    except ArgumentError:
        driver = ""
    if driver not in DRIVERS:
        # The address may hold a password, so it is not repeated.
        raise SettingsError(
            "LMS_DATABASE_URL is not an address of a database that works here: write it like "
            "'postgresql+psycopg://user:password@host/name' or 'sqlite:////path/to/file', "
            "or leave it out for a file in LMS_DATA_DIR."
        )
    return given


def _smtp_url(environment: Mapping[str, str]) -> str:
    given = environment.get("LMS_SMTP_URL", "")
    place = urlsplit(given)
    if given and (place.scheme not in ("smtp", "smtps") or not place.hostname):
        # The address may hold a password, so it is not repeated.
        raise SettingsError(
            "LMS_SMTP_URL is not an address of a mail server: write it like "
            "'smtp://user:password@mail.example.org:587', or leave it out and no mail is sent."
        )
    return given


def _whole(environment: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    try:
        number = int(environment.get(name, default))
    except ValueError:
        number = least - 1
    if number < least:
        raise SettingsError(f"{name} must be a whole number, {least} or more.")
    return number
