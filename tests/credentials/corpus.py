"""Credentials that must be refused, made from a real one, each with the reason."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from lms.core import clock
from lms.core.keys import ring
from lms.credentials import multibase, service
from lms.credentials.badge import Claims
from lms.credentials.issuer import Issuer, issuer_of
from lms.credentials.proof import _hashed
from lms.credentials.status import PURPOSES, Place, list_document, list_url
from lms.credentials.verdict import Reason

Data = dict[str, Any]

URL = "https://lms.example.org"

# The order of Ed25519's group: a signature's second half is good modulo this, and only its least form may pass.
ORDER = 2**252 + 27742317777372353535851937790883648493


class Workshop:
    """A real issuer with an old key and a new one, one of its credentials, and somebody who wants to forge."""

    def __init__(self, folder: Path) -> None:
        ring(folder / "ours").rotate("credentials")
        self.issuer = issuer_of(folder / "ours", URL, "Port-Salin Training")
        self.pdf_key_id = ring(folder / "ours").pdf.current.id
        self.forger = issuer_of(folder / "theirs", URL, "Port-Salin Training")
        self.elsewhere = issuer_of(folder / "theirs", "https://forger.example", "Port-Salin Training")
        self.claims = claims(self.issuer)
        self.text = service.seal(self.claims)
        self.another = service.seal(replace(self.claims, id=f"{URL}/verify/2222-2222-2222", number="PS-22222"))
        self.lists = lists(self.issuer)

    def real(self) -> Data:
        """The credential, to be changed."""
        return json.loads(self.text)

    def verdict(self, text: str | bytes, lists: dict[str, str] | None = None) -> Reason:
        """Why it is refused, or not."""
        return service.verify(text, self.issuer, (self.lists if lists is None else lists).get).reason


def claims(issuer: Issuer, **changes: Any) -> Claims:
    now = clock.now()
    plain = Claims(
        id=f"{issuer.url}/verify/7KQ2-M4XT-9PWA",
        code="7KQ2-M4XT-9PWA",
        number="PS-7KQ2M",
        names={"fr": "Fondements de la police démocratique", "en": "Democratic policing foundations"},
        course_code="DP01",
        kind="completion",
        hours=16,
        criteria="Toutes les activités obligatoires du cours.",
        issued_at=now - timedelta(minutes=1),
        valid_until=now + timedelta(days=730),
        issuer=issuer,
        place=Place(1, 77),
    )
    return replace(plain, **changes)


def lists(issuer: Issuer, **set_bits: tuple[int, ...]) -> dict[str, str]:
    """Status lists by address, with the bits of ``revocation`` and ``suspension`` that are given."""
    since = clock.now() - timedelta(minutes=1)
    return {
        list_url(issuer.url, 1, purpose): list_document(issuer, 1, purpose, set_bits.get(purpose, ()), since)
        for purpose in PURPOSES
    }


def signed_by(issuer: Issuer, document: Data, **options: Any) -> str:
    """A document signed with the issuer's newest key, whatever it says of the proof; checks of our own left out."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-28T12:00:00Z",
        "verificationMethod": f"{issuer.did}#{issuer.keys.current.id}",
        "proofPurpose": "assertionMethod",
        **options,
    }
    bare = {name: value for name, value in document.items() if name != "proof"}
    proof["proofValue"] = multibase.base58(issuer.keys.current.private.sign(_hashed(bare, proof)))
    return json.dumps({**bare, "proof": proof})


def forgeries(shop: Workshop) -> Iterator[tuple[str, str | bytes, Reason]]:
    """What it is, its text, and what must be said of it."""
    for what, change, reason in _changed(shop):
        document = shop.real()
        change(document)
        yield what, json.dumps(document), reason
    yield from _signatures(shop)
    yield from _keys(shop)
    yield from _texts(shop)


def _set(*path: Any) -> Callable[[Data], None]:
    """A change: the last of ``path`` is put where the others lead."""
    *way, last, value = path

    def change(document: Data) -> None:
        for step in way:
            document = document[step]
        document[last] = value

    return change


def _changed(shop: Workshop) -> Iterator[tuple[str, Callable[[Data], None], Reason]]:
    subject, achievement = "credentialSubject", ("credentialSubject", "achievement")
    other = json.loads(shop.another)
    altered = Reason.ALTERED
    yield "another course", _set(*achievement, "name", "Train the trainer"), altered
    yield "more hours", _set(subject, "result", 0, "value", "160"), altered
    yield "another kind", _set(*achievement, "tag", ["instructor"]), altered
    yield "a later end", _set("validUntil", "2050-01-01T00:00:00Z"), altered
    yield "no end", lambda document: document.pop("validUntil"), altered
    yield "an earlier day", _set("awardedDate", "2020-01-01T00:00:00Z"), altered
    yield "another holder", _set(subject, "identifier", other[subject]["identifier"]), altered
    yield "no holder", lambda document: document[subject].pop("identifier"), altered
    yield "another number", _set("id", f"{URL}/verify/3333-3333-3333"), altered
    yield "another place in the list", _set("credentialStatus", 0, "statusListIndex", "78"), altered
    yield (
        "a list of somebody else",
        _set("credentialStatus", 0, "statusListCredential", "https://forger.example/l"),
        altered,
    )
    yield "no status", lambda document: document.pop("credentialStatus"), altered
    yield "another issuer's name", _set("issuer", "name", "United Nations"), altered
    yield "something that the context knows", _set(*achievement, "specialization", "Firearms"), altered
    yield "a translated word", _set("name", {"value": "x"}), Reason.UNSIGNED_PROPERTY
    unsigned = Reason.UNSIGNED_PROPERTY
    yield "something that no context knows", _set("rank", "Inspector"), unsigned
    yield "the same deeper down", _set(subject, "rank", "Inspector"), unsigned
    yield "the same in the proof", _set("proof", "rank", "Inspector"), unsigned
    yield "a word of JSON-LD itself", _set("@graph", [{"id": "https://forger.example/x"}]), unsigned
    yield "a property by its address", _set("https://schema.org/rank", "Inspector"), unsigned
    yield "a type that no context knows", _set("type", ["VerifiableCredential", "AchievementCredential", "X"]), unsigned
    yield "a property without a value", _set("image", None), unsigned
    yield "a property with no values", _set("endorsement", []), unsigned
    yield "an identifier that is none", _set("image", {"id": "shield.png", "type": "Image"}), unsigned
    yield "a name for what has none", _set(subject, "id", "_:b0"), unsigned
    yield "a context within", _set(subject, "@context", {"hours": "https://schema.org/x"}), unsigned
    unknown = Reason.UNKNOWN_CONTEXT
    yield "another context", _set("@context", 1, "https://forger.example/context"), unknown
    yield "a context written out", _set("@context", 1, {"name": "https://schema.org/alternateName"}), unknown
    yield "no context", lambda document: document.pop("@context"), unknown
    yield "one context as text", _set("@context", "https://www.w3.org/ns/credentials/v2"), unknown
    yield "a context less", lambda document: document["@context"].pop(), unsigned
    yield "no proof", lambda document: document.pop("proof"), Reason.NO_PROOF
    yield "an empty proof", _set("proof", None), Reason.NO_PROOF
    yield "another suite", _set("proof", "cryptosuite", "eddsa-jcs-2022"), Reason.WRONG_SUITE
    yield "no suite", _set("proof", "cryptosuite", "none"), Reason.WRONG_SUITE
    yield "an older kind of proof", _set("proof", "type", "Ed25519Signature2020"), Reason.WRONG_SUITE
    yield "a purpose that does not certify", _set("proof", "proofPurpose", "authentication"), Reason.WRONG_PURPOSE
    yield "another time of signing", _set("proof", "created", "2020-01-01T00:00:00Z"), altered
    yield "an end of the proof", _set("proof", "expires", "2050-01-01T00:00:00Z"), altered
    yield "two proofs", lambda document: document.update(proof=[document["proof"], other["proof"]]), Reason.MALFORMED
    yield "hundreds alike", _set("endorsement", [{"type": "Profile"}] * 200), Reason.MALFORMED
    yield "thousands of words", _set(*achievement, "tag", [f"word {each}" for each in range(3_000)]), Reason.MALFORMED
    yield "as many in lists of lists", _set(*achievement, "tag", [["word"] * 30] * 30), Reason.MALFORMED
    yield "a deep nest", _set("endorsement", _nested(30)), Reason.MALFORMED


def _nested(depth: int) -> Any:
    inner: Any = "x"
    for _ in range(depth):
        inner = {"endorsement": inner}
    return inner


def _signatures(shop: Workshop) -> Iterator[tuple[str, str, Reason]]:
    proof = shop.real()["proof"]
    signature = multibase.from_base58(proof["proofValue"])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    values: dict[str, tuple[str, Reason]] = {
        "a replayed signature": (json.loads(shop.another)["proof"]["proofValue"], Reason.ALTERED),
        "a status list's signature": (
            json.loads(shop.lists[f"{URL}/credentials/status/1/revocation"])["proof"]["proofValue"],
            Reason.ALTERED,
        ),
        "a bit of the signature": (multibase.base58(bytes([signature[0] ^ 1]) + signature[1:]), Reason.ALTERED),
        "a signature of zeros": (multibase.base58(bytes(64)), Reason.ALTERED),
        "the signature in another form": (
            multibase.base58(signature[:32] + scalar.to_bytes(32, "little")),
            Reason.ALTERED,
        ),
        "a signature cut short": (proof["proofValue"][:40], Reason.MALFORMED),
        "a signature made longer": (multibase.base58(signature + b"\0"), Reason.MALFORMED),
        "a signature in base64": (multibase.base64url(signature), Reason.MALFORMED),
        "a signature of other letters": ("z" + "0" * 88, Reason.MALFORMED),
        "no signature in the proof": ("", Reason.MALFORMED),
    }
    for what, (value, reason) in values.items():
        document = shop.real()
        document["proof"]["proofValue"] = value
        yield what, json.dumps(document), reason
    document = shop.real()
    document["proof"] = json.loads(shop.another)["proof"]
    yield "a replayed proof", json.dumps(document), Reason.ALTERED


def _keys(shop: Workshop) -> Iterator[tuple[str, str, Reason]]:
    real, ours, theirs = shop.real(), shop.issuer, shop.forger
    old, new = (f"{ours.did}#{pair.id}" for pair in ours.keys.all)
    yield "another's key under our name", signed_by(theirs, real, verificationMethod=new), Reason.ALTERED
    yield "another's key beside ours", signed_by(theirs, real), Reason.UNKNOWN_KEY
    yield "our new key under the old one's name", signed_by(ours, real, verificationMethod=old), Reason.ALTERED
    pdf = f"{ours.did}#{shop.pdf_key_id}"
    yield "the key of PDFs", signed_by(theirs, real, verificationMethod=pdf), Reason.UNKNOWN_KEY
    yield "no key's name", signed_by(ours, real, verificationMethod=ours.did), Reason.UNKNOWN_KEY
    yield "another issuer's key", signed_by(shop.elsewhere, real), Reason.WRONG_KEY
    key = f"did:key:{multibase.base58(bytes.fromhex('ed01') + theirs.keys.current.public.public_bytes_raw())}"
    yield "a key that names itself", signed_by(theirs, real, verificationMethod=f"{key}#x"), Reason.WRONG_KEY
    for what, issuer in {
        "another issuer": {**real["issuer"], "id": shop.elsewhere.did},
        "an issuer that looks like us": {**real["issuer"], "id": "did:web:lms.exampIe.org"},
        "an issuer that names itself": {**real["issuer"], "id": key},
        "an issuer without a DID": {**real["issuer"], "id": URL},
    }.items():
        yield what, signed_by(shop.elsewhere, {**real, "issuer": issuer}), Reason.UNKNOWN_ISSUER
    yield "two issuers", json.dumps({**real, "issuer": [real["issuer"], "x"]}), Reason.UNKNOWN_ISSUER
    listed = next(iter(shop.lists.values()))
    yield "a status list as a certificate", listed, Reason.WRONG_TYPE
    plain = {**deepcopy(real), "type": ["VerifiableCredential"]}
    yield "something else that we signed", signed_by(ours, plain), Reason.WRONG_TYPE
    bare = {name: value for name, value in real.items() if name != "credentialStatus"}
    yield "a signed one without a status", signed_by(ours, bare), Reason.MALFORMED
    one = {**real, "credentialStatus": real["credentialStatus"][1:]}
    yield "a signed one without revocation", signed_by(ours, one), Reason.NO_STATUS


def _texts(shop: Workshop) -> Iterator[tuple[str, str | bytes, Reason]]:
    text = shop.text
    for what, written in {
        "half of it": text[: len(text) // 2],
        "all but the last letter": text[:-1],
        "nothing": "",
        "a list": f"[{text}]",
        "only text": '"7KQ2-M4XT-9PWA"',
        "a token of another format": "eyJhbGciOiJub25lIn0.e30.",
        "a member twice": text.replace('"name":', '"name":"Firearms","name":', 1),
        "a number that is none": text.replace('"hashed":true', '"hashed":NaN'),
        "a number of 400 digits": text.replace('"hashed":true', f'"hashed":{"9" * 400}'),
        "a number that readers round": text.replace('"hashed":true', f'"hashed":{2**53 + 1}'),
        "a number beyond all": text.replace('"hashed":true', '"hashed":1e400'),
        "half a letter": text.replace('"humanCode":"DP01"', '"humanCode":"\\ud800"'),
        "brackets without end": "[" * 100_000,
        "far too much": text + " " * 70_000,
        "another encoding": text.encode("utf-16"),
        "broken letters": text.encode().replace(b"DP01", b"DP\xff\xfe"),
    }.items():
        yield what, written, Reason.MALFORMED
