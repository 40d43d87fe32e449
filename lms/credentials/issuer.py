"""Who issues: a ``did:web`` identifier and the keys that speak for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.core.keys import Keys, Pair, ring
from lms.credentials import multibase

# Multicodec's ed25519-pub, as a varint.
ED25519_PUBLIC = b"\xed\x01"


@dataclass(frozen=True)
class Issuer:
    """An installation as an issuer; ``former`` are addresses under which it issued before it moved."""

    name: str
    url: str
    keys: Keys[Ed25519PrivateKey]
    former: tuple[str, ...] = ()

    @property
    def did(self) -> str:
        """Its identifier."""
        return did_of(self.url)

    @cached_property
    def dids(self) -> frozenset[str]:
        """Its identifier and those that it had."""
        return frozenset(did_of(url) for url in (self.url, *self.former))

    @cached_property
    def methods(self) -> Mapping[str, Ed25519PublicKey]:
        """Each verification method with its public key, old ones too."""
        return {f"{did}#{pair.id}": pair.public for did in self.dids for pair in self.keys.all}

    def key_at(self, moment: datetime) -> Pair[Ed25519PrivateKey]:
        """The key that was the newest then, or the first one for what is older than all keys."""
        return next((pair for pair in reversed(self.keys.all) if pair.made_at <= moment), self.keys.all[0])


def issuer_of(data: Path, url: str, name: str, former: tuple[str, ...] = ()) -> Issuer:
    """The installation with this data directory, address and name."""
    return Issuer(name, url, ring(data).credentials, former)


def moved(issuer: Issuer, url: str) -> Issuer:
    """The issuer as it was at one of its addresses."""
    former = tuple(each for each in (issuer.url, *issuer.former) if each != url)
    return replace(issuer, url=url, former=former)


def did_of(url: str) -> str:
    """The ``did:web`` identifier of an address (did:web method specification, 2.4)."""
    place = urlsplit(url)
    host = place.netloc.rpartition("@")[2].lower().replace(":", "%3A")
    return ":".join(["did:web", host, *(part for part in place.path.split("/") if part)])


def did_document(issuer: Issuer) -> dict[str, Any]:
    """What the identifier resolves to: every key that ever signed, none of which was taken back."""
    did = issuer.did
    methods = [
        {
            "id": f"{did}#{pair.id}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multibase.base58(ED25519_PUBLIC + pair.public.public_bytes_raw()),
        }
        for pair in issuer.keys.all
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
