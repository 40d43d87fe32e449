"""The key ring: made once, kept encrypted, rotated by adding, brought back from a backup whole or not at all."""

import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store
from flask import Flask, session
from itsdangerous import BadSignature, URLSafeSerializer

from lms.app import create_app
from lms.core import clock
from lms.core.keys import PURPOSES, KeysError, Ring, ring
from lms.core.settings import from_environment
from tests.conftest import Clock


def ids(of: Ring) -> dict[str, list[str]]:
    return {purpose: [pair.id for pair in getattr(of, purpose).all] for purpose in PURPOSES}


def test_the_first_start_makes_a_key_for_each_purpose_and_the_next_start_finds_them(tmp_path: Path) -> None:
    ring(tmp_path).begin()
    made = ids(ring(tmp_path))
    assert [len(each) for each in made.values()] == [1, 1, 1]
    ring(tmp_path).begin()
    assert ids(ring(tmp_path)) == made


def test_many_processes_that_start_together_agree_on_the_first_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as crowd:
        seen = list(crowd.map(lambda _: ids(ring(tmp_path)), range(16)))
    assert all(each == seen[0] for each in seen)


def test_keys_lie_encrypted_and_are_the_services_alone(tmp_path: Path) -> None:
    known = ring(tmp_path)
    known.begin()
    secret = known.credentials.current.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    files = [path for path in (tmp_path / "keys").glob("*/*") if path.is_file()]
    assert len(files) == 4
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        kept = path.read_bytes()
        for told in (b"PRIVATE", secret, known.sessions.current.private):
            assert told not in kept


def test_a_rotated_key_signs_from_then_on_and_the_older_ones_stay(tmp_path: Path) -> None:
    ours, another_process = ring(tmp_path), ring(tmp_path)
    first = {purpose: getattr(another_process, purpose).current for purpose in PURPOSES}
    for purpose in PURPOSES:
        added = ours.rotate(purpose)
        keys = getattr(another_process, purpose)
        assert keys.all == (first[purpose], added)
        assert keys.current == added
        assert added.id != first[purpose].id


def test_a_reader_who_trusts_the_root_trusts_every_pdf_key_for_the_purpose_of_documents(tmp_path: Path) -> None:
    known = ring(tmp_path, "Port-Salin Training")
    known.rotate("pdf")
    roots = {pair.certificates[-1] for pair in known.pdf.all}
    assert len(roots) == 1
    policy = PolicyBuilder().store(Store(list(roots))).time(clock.now() + timedelta(days=365 * 25))
    for pair in known.pdf.all:
        assert isinstance(pair.private.curve, ec.SECP256R1)
        leaf, root = pair.certificates
        assert leaf.public_key() == pair.public
        pair.public.verify(pair.private.sign(b"paper", ec.ECDSA(SHA256())), b"paper", ec.ECDSA(SHA256()))
        assert leaf.subject.rfc4514_string() == "CN=Port-Salin Training"
        # Documents are no server's or client's, so the leaf's purpose is judged by PDF readers alone.
        roots_may, leaf_may = ExtensionPolicy.webpki_defaults_ca(), ExtensionPolicy.permit_all()
        verifier = policy.extension_policies(ca_policy=roots_may, ee_policy=leaf_may).build_client_verifier()
        assert verifier.verify(leaf, []).chain == [leaf, root]


def test_the_session_key_of_an_older_installation_goes_on(tmp_path: Path) -> None:
    old = "0123456789abcdef" * 4
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "session").write_text(old)
    assert from_environment({"LMS_DATA_DIR": str(tmp_path)})["SECRET_KEY"] == old
    ring(tmp_path).rotate("sessions")
    settings = from_environment({"LMS_DATA_DIR": str(tmp_path)})
    assert settings["SECRET_KEY"] != old
    assert settings["SECRET_KEY_FALLBACKS"] == [old]


def test_who_is_signed_in_stays_so_when_the_session_key_is_rotated(tmp_path: Path) -> None:
    def start() -> Flask:
        app = create_app({"LMS_DATA_DIR": str(tmp_path), "LMS_BASE_URL": "http://localhost"})
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        app.add_url_rule("/who", view_func=lambda: session.get("who", "nobody"))
        app.before_request_funcs = {}
        app.config["COOKIE"] = serializer.dumps({"who": "amina"})
        return app

    first = start()
    ring(tmp_path).rotate("sessions")
    second = start()
    assert first.config["SECRET_KEY"] != second.config["SECRET_KEY"]
    for cookie, who in ((first.config["COOKIE"], "amina"), (second.config["COOKIE"], "amina"), ("forged", "nobody")):
        visitor = second.test_client()
        visitor.set_cookie("session", cookie)
        assert visitor.get("/who").text == who


def test_links_that_were_sent_before_a_rotation_still_open(tmp_path: Path) -> None:
    def links() -> URLSafeSerializer:
        return URLSafeSerializer(from_environment({"LMS_DATA_DIR": str(tmp_path)})["SIGNING_KEYS"])

    sent = links().dumps("draft")
    ring(tmp_path).rotate("sessions")
    assert links().loads(sent) == "draft"
    with pytest.raises(BadSignature):
        URLSafeSerializer("other").loads(links().dumps("draft"))


class TestBackup:
    """The folder ``keys`` copied away and brought back."""

    def test_all_keys_come_back_with_the_folder(self, tmp_path: Path) -> None:
        known = ring(tmp_path / "here")
        known.begin()
        known.rotate("credentials")
        signature = known.credentials.all[0].private.sign(b"paper")
        shutil.copytree(tmp_path / "here" / "keys", tmp_path / "new" / "keys")
        restored = ring(tmp_path / "new")
        assert ids(restored) == ids(known)
        restored.credentials.all[0].public.verify(signature, b"paper")

    def test_without_the_secret_nothing_is_made_anew_and_the_message_says_the_mend(self, tmp_path: Path) -> None:
        ring(tmp_path / "here").begin()
        shutil.copytree(tmp_path / "here" / "keys", tmp_path / "new" / "keys")
        (tmp_path / "new" / "keys" / "names").unlink()
        before = sorted((tmp_path / "new" / "keys" / "credentials").iterdir())
        with pytest.raises(KeysError, match="bring both back from the same backup"):
            ring(tmp_path / "new").begin()
        assert sorted((tmp_path / "new" / "keys" / "credentials").iterdir()) == before


class TestCommand:
    """``flask keys``."""

    def test_it_lists_and_rotates(self, tmp_path: Path) -> None:
        app = create_app({"LMS_DATA_DIR": str(tmp_path), "LMS_SITE_NAME": "Port-Salin"})
        run = app.test_cli_runner().invoke
        before = run(args=["keys", "list"]).output
        assert before.count("\n") == 3
        said = run(args=["keys", "rotate", "credentials"]).output
        assert ring(tmp_path).credentials.current.id in said
        assert "started again" in run(args=["keys", "rotate", "sessions"]).output
        assert run(args=["keys", "list"]).output.count("\n") == 5
        assert run(args=["keys", "rotate", "names"]).exit_code != 0

    def test_keys_say_when_they_were_made(self, tmp_path: Path, time: Clock) -> None:
        ring(tmp_path).begin()
        time.forward(days=400)
        added = ring(tmp_path).rotate("pdf")
        assert added.made_at == time.now()
        assert added.made_at - ring(tmp_path).pdf.all[0].made_at == timedelta(days=400)
