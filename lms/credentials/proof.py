"""Data Integrity proofs of the suite ``eddsa-rdfc-2022`` (W3C VC Data Integrity 1.0, EdDSA Cryptosuites 1.0)."""

import hashlib
import json
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from cryptography.exceptions import InvalidSignature

from lms.credentials import canonical, multibase
from lms.credentials.issuer import Issuer
from lms.credentials.verdict import Reason, Refused

LONGEST = 64_000  # characters; a status list with half of its bits set has 23,000


def instant(moment: datetime) -> str:
    """As XML Schema's dateTimeStamp, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(document: dict[str, Any], issuer: Issuer, at: datetime) -> str:
    """The document with its proof, as JSON; a member that the proof would not cover is refused with NotSigned.

    Equal documents signed at one time are equal texts: Ed25519 takes no chance.
    """
    pair = issuer.key_at(at)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": instant(max(at, pair.made_at)),
        "verificationMethod": f"{issuer.did}#{pair.id}",
        "proofPurpose": "assertionMethod",
    }
    proof["proofValue"] = multibase.base58(pair.private.sign(_hashed(document, proof)))
    return json.dumps({**document, "proof": proof}, ensure_ascii=False, separators=(",", ":"))


def checked(text: str | bytes, issuer: Issuer) -> dict[str, Any]:
    """The document without its proof, when one of the issuer's keys signed all of it; else Refused with the reason."""
    document = _parsed(text)
    proof = document.pop("proof", None)
    if proof is None:
        raise Refused(Reason.NO_PROOF)
    if not isinstance(proof, dict):
        raise Refused(Reason.MALFORMED)
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != "eddsa-rdfc-2022":
        raise Refused(Reason.WRONG_SUITE)
    if proof.get("proofPurpose") != "assertionMethod":
        raise Refused(Reason.WRONG_PURPOSE)
    named = document.get("issuer")
    did = named.get("id") if isinstance(named, dict) else named
    if not isinstance(did, str) or did not in issuer.dids:
        raise Refused(Reason.UNKNOWN_ISSUER)
    method, value = proof.get("verificationMethod"), proof.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str) or len(value) > 100:
        raise Refused(Reason.MALFORMED)
    if method.partition("#")[0] != did:
        raise Refused(Reason.WRONG_KEY)
    if method not in issuer.methods:
        raise Refused(Reason.UNKNOWN_KEY)
    try:
        signature = multibase.from_base58(value)
    except ValueError:
        raise Refused(Reason.MALFORMED) from None
    if len(signature) != 64 or multibase.base58(signature) != value:
        raise Refused(Reason.MALFORMED)
    try:
        issuer.methods[method].verify(signature, _hashed(document, proof))
    except InvalidSignature:
        raise Refused(Reason.ALTERED) from None
    except canonical.UnknownContext:
        raise Refused(Reason.UNKNOWN_CONTEXT) from None
    except canonical.NotSigned:
        raise Refused(Reason.UNSIGNED_PROPERTY) from None
    except canonical.TooTangled:
        raise Refused(Reason.MALFORMED) from None
    return document


def _hashed(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    """What is signed: the hash of the proof's options, then of the document (EdDSA Cryptosuites, 3.2.4)."""
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return b"".join(
        hashlib.sha256(canonical.statements(each)).digest()
        for each in ({"@context": document.get("@context"), **options}, document)
    )


def _parsed(text: str | bytes) -> dict[str, Any]:
    """The JSON object; one that readers could understand in two ways is malformed."""
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        text = text.decode() if isinstance(text, bytes) else text
        text.encode()
        document = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_real, parse_constant=_no_number
        )
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refused(Reason.MALFORMED) from None
    if not isinstance(document, dict):
        raise Refused(Reason.MALFORMED)
    return document


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(members)) != len(members):
        raise ValueError("a member stands there twice")
    return dict(members)


def _whole(digits: str) -> int:
    """A whole number that every reader of JSON takes for the same one (RFC 8259, 6); PyLD makes a double of it."""
    if abs(number := int(digits)) > 2**53:
        raise ValueError("a number that readers round")
    return number


def _real(digits: str) -> float:
    if not isfinite(number := float(digits)):
        raise ValueError("a number beyond every double")
    return number


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
