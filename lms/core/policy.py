"""Permissions: each is one predicate, asked by guards, lists and templates alike; deny by default."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, false, select

from lms.core.db import Base, session


class Actor(Protocol):
    """Whoever asks; anonymous visitors have no permissions at all."""

    id: UUID
    role: str


Predicate = Callable[[Any], "ColumnElement[bool] | bool"]

_permissions: dict[str, tuple[type[Base] | None, Predicate]] = {}


def permission(name: str, of: type[Base] | None = None) -> Callable[[Predicate], Predicate]:
    """Register the predicate of a permission, over a model's rows or over nothing but the actor."""

    def register(predicate: Predicate) -> Predicate:
        if name in _permissions:
            raise ValueError(f"the permission '{name}' is defined twice")
        _permissions[name] = (of, predicate)
        return predicate

    return register


def where(actor: Actor, name: str) -> ColumnElement[bool]:
    """The predicate of ``name`` for ``actor``, to filter a SELECT over its model."""
    answer = _permissions[name][1](actor)
    if isinstance(answer, bool):
        raise TypeError(f"'{name}' is asked of no rows")
    return answer


def may(actor: Actor, name: str) -> bool:
    """Whether the actor has a permission that is not about a row."""
    answer = _permissions[name][1](actor)
    return answer is True


def load(actor: Actor, name: str, id: UUID, *, lock: bool = False) -> tuple[Any, bool]:
    """The row and whether the actor has the permission on it, in one statement.

    Returns ``(None, False)`` when there is no such row. With ``lock``, who changes the row meanwhile is waited for.
    """
    model, predicate = _permissions[name]
    if model is None:
        raise TypeError(f"'{name}' is not about rows")
    answer = predicate(actor)
    allowed: ColumnElement[bool] = false() if isinstance(answer, bool) else answer
    wanted = select(model, allowed).where(model.id == id)  # type: ignore[attr-defined]
    row = session.execute(wanted.with_for_update(of=model) if lock else wanted).one_or_none()
    return (row[0], row[1] is True) if row else (None, False)


def may_on(actor: Actor, name: str, row: Base) -> bool:
    """Whether the actor has the permission on a row already loaded."""
    model, predicate = _permissions[name]
    if model is None:
        raise TypeError(f"'{name}' is not about rows")
    answer = predicate(actor)
    if isinstance(answer, bool):
        return False
    # Only the answer: the row is loaded already.
    asked = session.execute(select(answer).where(model.id == row.id)).one_or_none()  # type: ignore[attr-defined]
    return asked is not None and asked[0] is True
