"""People and what signing in leaves behind."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base
from lms.core.ids import code, new_id


class Role(StrEnum):
    """What a person is here; rights over a mission come from deployments, not from the role alone."""

    TRAINEE = "trainee"
    MENTOR = "mentor"
    # Of the host force: teaches in the cohorts that mentors name them in.
    INSTRUCTOR = "instructor"
    MANAGER = "manager"
    ADMIN = "admin"


class User(Base):
    """Someone with an account; ``name_sealed`` is encrypted and mostly absent."""

    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    number: Mapped[str | None] = mapped_column(String(12), unique=True)
    name_sealed: Mapped[bytes | None]
    role: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str | None] = mapped_column(String(120))
    # Every session carries the stamp it began with: a new stamp ends them all.
    stamp: Mapped[str] = mapped_column(String(16), default=lambda: code(16))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None] = mapped_column(String(8))
    direction: Mapped[str] = mapped_column(String(4), default="auto")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # For who reads with difficulty: sound first, then pictures, then words.
    audio_first: Mapped[bool] = mapped_column(default=False, server_default=false())

    # What Flask-Login asks for.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may be used."""
        return self.active

    def get_id(self) -> str:
        """What the session cookie holds."""
        return f"{self.id}.{self.stamp}"

    @property
    def shown_as(self) -> str:
        """How this person is named on a screen: a trainee by number only."""
        return self.number or self.username


class OneTimeLink(Base):
    """A link with which a person sets a password once; only its hash is kept."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Tries(Base):
    """How often something was tried under one (hashed) name or address since ``since``."""

    __tablename__ = "tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime]
