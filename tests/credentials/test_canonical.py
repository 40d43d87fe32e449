"""What is signed is what the standard says, and quickly."""

import gzip
import json
from datetime import timedelta

import pytest
from pyld import jsonld

from lms.core import clock
from lms.credentials import canonical, multibase, service, status
from lms.credentials.badge import document_of
from lms.credentials.issuer import did_of
from lms.credentials.status import Place
from tests.credentials.corpus import URL, Workshop, claims


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("shop"))


def test_statements_are_those_of_the_library_as_it_comes(shop: Workshop) -> None:
    for text in (shop.text, shop.another, *shop.lists.values()):
        document = json.loads(text)
        document.pop("proof")
        plain = jsonld.normalize(document, {**canonical.OPTIONS, "documentLoader": canonical.load})
        # Once while contexts are worked out, and once when they are known.
        for _ in range(2):
            assert canonical.statements(document).decode() == plain


def test_every_member_is_in_the_statements(shop: Workshop) -> None:
    full = document_of(claims(shop.issuer, level=3, kind="competence", renews=f"{URL}/verify/2222-2222-2222"))
    statements = canonical.statements(full).decode()

    def leaves(value: object) -> list[str]:
        if isinstance(value, dict):
            return [leaf for name, each in value.items() if name not in ("@context", "type") for leaf in leaves(each)]
        if isinstance(value, list):
            return [leaf for each in value for leaf in leaves(each)]
        return [str(value).lower() if isinstance(value, bool) else str(value)]

    for leaf in leaves(full):
        assert f'"{leaf}"' in statements or f"<{leaf}>" in statements, leaf


def test_what_a_context_does_not_know_is_refused_in_signing_too(shop: Workshop) -> None:
    document = {**document_of(shop.claims), "rank": "Inspector"}
    with pytest.raises(canonical.NotSigned):
        canonical.statements(document)


def test_mixtures_of_types_do_not_fill_the_memory(shop: Workshop) -> None:
    types = ["Achievement", "Address", "Alignment", "Evidence", "Image", "Profile", "Related", "Result"]
    document = document_of(shop.claims)
    for mixture in range(2 ** len(types)):
        mixed = [each for place, each in enumerate(types) if mixture >> place & 1]
        try:
            canonical.statements({**document, "image": {"id": f"{URL}/x.png", "type": mixed or ["Image"]}})
        except canonical.NotSigned:
            continue
    assert len(canonical._processed) <= 256
    assert shop.verdict(shop.text) == "valid"


@pytest.mark.parametrize(
    "tag",
    [[f"word {each}" for each in range(33)], [[f"word {each}" for each in range(row, row + 20)] for row in range(20)]],
)
def test_what_takes_quadratic_time_never_reaches_the_library(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, tag: list[object]
) -> None:
    document = document_of(shop.claims)
    document["credentialSubject"]["achievement"]["tag"] = tag
    monkeypatch.setattr(canonical, "_Processor", lambda **_: pytest.fail("canonicalization was reached"))
    with pytest.raises(canonical.TooTangled):
        canonical.statements(document)


def test_the_largest_that_is_issued_passes(shop: Workshop) -> None:
    names = dict.fromkeys(("ar", "fr", "en", "es", "pt", "ru", "sw", "zh"), "ع" * 2_000)
    renewed = f"{URL}/verify/2222-2222-2222"
    largest = claims(shop.issuer, names=names, level=4, kind="competence", criteria="x" * 2_000, renews=renewed)
    assert shop.verdict(service.seal(largest)) == "valid"


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://lms.example.org", "did:web:lms.example.org"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://Example.org/police/lms", "did:web:example.org:police:lms"),
    ],
)
def test_an_address_has_one_identifier(url: str, did: str) -> None:
    assert did_of(url) == did


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\0\x01", bytes(range(256)), b"\xff" * 64])
def test_bytes_come_back_from_their_text(content: bytes) -> None:
    assert multibase.from_base58(multibase.base58(content)) == content
    assert multibase.from_base64url(multibase.base64url(content)) == content


def test_base58_is_that_of_the_specification() -> None:
    # Multibase specification, appendix B: test vectors.
    assert multibase.base58(b"Multibase is awesome! \\o/") == "zYAjKoNbau5KiqmHPmSxYCvn66dA1vLmwbt"


def test_bits_are_numbered_from_the_left_as_the_specification_says() -> None:
    bits = status.decoded(status.encoded([0, 9, 131_071]))
    assert len(bits) * 8 == 131_072
    assert (bits[0], bits[1], bits[-1]) == (0x80, 0x40, 0x01)
    assert sum(bits) == 0x80 + 0x40 + 0x01


@pytest.mark.parametrize("size", [100, 16_385, 10_000_000])
def test_a_list_of_another_size_is_refused_before_it_fills_the_memory(size: int) -> None:
    with pytest.raises(ValueError, match="another size"):
        status.decoded(multibase.base64url(gzip.compress(bytes(size))))


def test_a_credential_without_end_says_none(shop: Workshop) -> None:
    endless = document_of(claims(shop.issuer, valid_until=None, place=Place(3, 5)))
    assert "validUntil" not in endless
    assert endless["credentialStatus"][0]["statusListCredential"] == f"{URL}/credentials/status/3/revocation"
    assert document_of(claims(shop.issuer, valid_until=clock.now() + timedelta(days=1)))["validUntil"]
