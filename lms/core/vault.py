"""Encryption of what must not be readable in a stolen database."""

import hashlib
import hmac
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from lms.core.files import keep_secret


class Vault:
    """Encrypts short texts with a key that is kept outside the database."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)
        self._key = key

    def close(self, text: str) -> bytes:
        """Encrypt; equal texts give different bytes."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str | None:
        """Decrypt; ``None`` when the key is not the one it was closed with."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None

    def fingerprint(self, text: str) -> str:
        """A keyed hash: equal for equal texts, and telling nothing to who lacks the key."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


@cache
def vault_of(data: Path) -> Vault:
    """The vault whose key lies in the data directory, made at the first asking."""
    return Vault(keep_secret(data / "keys" / "names", Fernet.generate_key))
