"""A column whose texts the database alone cannot read."""

from flask import current_app
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from lms.core.vault import vault_of


class Sealed(TypeDecorator[str]):
    """A text, sealed with the vault's key as it is written and opened as it is read.

    It reads as ``None`` where the key is not the one it was sealed with. Nothing can be searched for in it.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault_of(current_app.config["DATA_DIR"]).close(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else vault_of(current_app.config["DATA_DIR"]).open(value)
