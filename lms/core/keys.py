"""The key ring: what this installation signs with, made at the first start, rotated by adding, never deleted.

Each key is a file of its own, ``keys/<purpose>/<number>``, encrypted with the vault's secret. What was signed with an
older key stays checkable, because the older key stays.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from lms.core import clock
from lms.core.files import keep_secret
from lms.core.vault import vault_of

PURPOSES = ("credentials", "pdf", "sessions")
AUTHORITY = "authority"  # Signs the certificates of the PDF keys, so that a reader who trusts it trusts them all.

# A paper may have to prove something for twenty years after the last key was made.
CERTIFICATE_LASTS = timedelta(days=366 * 30)
AUTHORITY_LASTS = timedelta(days=366 * 60)

Private = TypeVar("Private")


class KeysError(RuntimeError):
    """Keys that are there and cannot be read; the message says the mend."""


@dataclass(frozen=True)
class Pair(Generic[Private]):
    """One key: ``id`` tells it from all others and nothing else; ``certificates`` lead from its own to the root."""

    id: str
    made_at: datetime
    private: Private = field(compare=False)
    public: Any = field(compare=False)
    certificates: tuple[x509.Certificate, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Keys(Generic[Private]):
    """The keys of one purpose, oldest first; the newest signs."""

    all: tuple[Pair[Private], ...]

    @property
    def current(self) -> Pair[Private]:
        """The one that signs now."""
        return self.all[-1]


@dataclass(frozen=True)
class Ring:
    """The keys in a data directory; those that another process adds are seen at the next asking.

    ``name`` stands in the certificates of PDF keys made from now on.
    """

    data: Path
    name: str

    @property
    def credentials(self) -> Keys[ed25519.Ed25519PrivateKey]:
        """Ed25519, for credentials and status lists."""
        return self._keys("credentials")

    @property
    def pdf(self) -> Keys[ec.EllipticCurvePrivateKey]:
        """ECDSA on P-256, each with a certificate for signing documents, for PDFs."""
        return self._keys("pdf")

    @property
    def sessions(self) -> Keys[bytes]:
        """32 random bytes as hexadecimal digits, for cookies, form tokens and links."""
        return self._keys("sessions")

    def begin(self) -> None:
        """Make the first key of each purpose, if it is not there."""
        for purpose in PURPOSES:
            self._keys(purpose)

    def rotate(self, purpose: str) -> Pair[Any]:
        """Add a key, which signs from now on; the older ones stay."""
        number = len(self._keys(purpose).all) + 1
        self._keep(purpose, number)
        return self._keys(purpose).all[number - 1]

    def _keys(self, purpose: str) -> Keys[Any]:
        folder = self.data / "keys" / purpose
        numbers = sorted(int(path.name) for path in folder.glob("[0-9]*")) or [self._keep(purpose, 1)]
        return Keys(tuple(_read(folder / f"{number:04}", self.data) for number in numbers))

    def _keep(self, purpose: str, number: int) -> int:
        """Make a key unless there is one of this number; who asks together with others gets the same."""

        def make() -> bytes:
            return vault_of(self.data).close(json.dumps(self._fresh(purpose)))

        keep_secret(self.data / "keys" / purpose / f"{number:04}", make)
        return number

    def _fresh(self, purpose: str) -> dict[str, str]:
        if purpose == "sessions":
            return _filed(self._first_session_key() or secrets.token_hex(32))
        if purpose == "credentials":
            return _filed(_pem(ed25519.Ed25519PrivateKey.generate()))
        private = ec.generate_private_key(ec.SECP256R1())
        if purpose == AUTHORITY:
            chain = [_authority(private, self.name)]
        else:
            authority = self._keys(AUTHORITY).current
            chain = [_signer(private, self.name, authority), *authority.certificates]
        pem = "".join(each.public_bytes(Encoding.PEM).decode() for each in chain)
        return _filed(_pem(private), certificates=pem)

    def _first_session_key(self) -> str | None:
        """The key of an installation that had no ring, so that its people stay signed in."""
        old = self.data / "keys" / "session"
        has_ring = (self.data / "keys" / "sessions" / "0001").exists()
        return old.read_text() if old.exists() and not has_ring else None


def ring(data: Path, name: str = "Concord") -> Ring:
    """The key ring in a data directory."""
    return Ring(data, name)


def _filed(private: str, certificates: str = "") -> dict[str, str]:
    return {"made_at": clock.now().isoformat(), "private": private, "certificates": certificates}


def _pem(private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache
def _read(path: Path, data: Path) -> Pair[Any]:
    text = vault_of(data).open(path.read_bytes())
    if text is None:
        raise KeysError(
            f"{path} cannot be decrypted with {data / 'keys' / 'names'}: "
            "bring both back from the same backup. Nothing was changed."
        )
    filed = json.loads(text)
    made_at, pem = datetime.fromisoformat(filed["made_at"]), filed["private"].encode()
    if not pem.startswith(b"-----BEGIN"):
        return Pair(_id(pem), made_at, pem, None)
    private: Any = load_pem_private_key(pem, None)
    public = private.public_key()
    chain = x509.load_pem_x509_certificates(filed["certificates"].encode()) if filed["certificates"] else []
    return Pair(
        _id(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)), made_at, private, public, (*chain,)
    )


def _id(known: bytes) -> str:
    return hashlib.sha256(known).hexdigest()[:16]


def _authority(private: ec.EllipticCurvePrivateKey, name: str) -> x509.Certificate:
    """A self-signed root that may sign keys and nothing else (RFC 5280)."""
    itself = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name[:50]} root")])
    builder = _certificate(private.public_key(), itself, itself, AUTHORITY_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return builder.sign(private, SHA256())


def _signer(
    private: ec.EllipticCurvePrivateKey, name: str, authority: Pair[ec.EllipticCurvePrivateKey]
) -> x509.Certificate:
    """A certificate for signing documents (RFC 5280; RFC 9336 for its purpose)."""
    root = authority.certificates[0]
    itself = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    builder = _certificate(private.public_key(), itself, root.subject, CERTIFICATE_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    documents = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
    builder = builder.add_extension(x509.ExtendedKeyUsage([documents]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public)
    return builder.add_extension(issuer, critical=False).sign(authority.private, SHA256())


def _certificate(
    public: ec.EllipticCurvePublicKey, subject: x509.Name, issuer: x509.Name, lasts: timedelta
) -> x509.CertificateBuilder:
    # Clocks of other machines may be slow; a certificate that begins now would not be valid there yet.
    begins = clock.now() - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(**uses: bool) -> x509.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: uses.get(name, False) for name in names.split()})
