"""The payload of a certificate's QR code: read back as it was, and refused in every other state."""

import base64
import json
import secrets
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.ids import ALPHABET
from lms.core.keys import Keys, Ring, ring
from lms.credentials import compact
from lms.credentials.compact import Certificate, Forged, Unreadable
from lms.credentials.names import plain
from lms.credentials.status import Place
from tests.conftest import missing


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Ring:
    return ring(tmp_path_factory.mktemp("keys"))


def a_certificate(name: str = "Amina Haidari") -> Certificate:
    salt, holder = compact.salted(name)
    return Certificate(
        code="7KQ2-M4XT-9PWA",
        kind="competence",
        level=3,
        issued=date(2026, 11, 28),
        expires=date(2029, 11, 28),
        hours=16,
        place=Place(1, 131_071),
        course_code="DP01",
        language="ar",
        title="أسس الشرطة الديمقراطية",
        issuer="Concord",
        salt=salt,
        holder=holder,
    )


codes = st.lists(st.sampled_from(ALPHABET), min_size=12, max_size=12).map(
    lambda letters: "-".join("".join(letters[at : at + 4]) for at in (0, 4, 8))
)
days = st.dates(date(2020, 1, 2), date(2190, 1, 1))


@settings(max_examples=60)
@given(
    code=codes,
    kind=st.sampled_from(compact.KINDS),
    level=st.integers(0, 4),
    issued=days,
    expires=st.none() | days,
    hours=st.integers(0, 65_535),
    place=st.builds(Place, st.integers(1, 65_535), st.integers(0, 131_071)),
    title=st.text(max_size=20),
)
def test_what_is_signed_is_read_as_it_was(known: Ring, title: str, **facts: object) -> None:
    said = replace(a_certificate(), title=title, **facts)  # type: ignore[arg-type]
    assert compact.read(compact.sign(said, known.credentials.current), known.credentials) == said


def test_a_long_title_is_cut_between_letters_and_still_read(known: Ring) -> None:
    said = replace(a_certificate(), title="مبادئ " * 40)
    title = compact.read(compact.sign(said, known.credentials.current), known.credentials).title
    assert title.endswith("…")
    assert len(title.encode()) <= compact.MOST_BYTES


def test_an_older_key_still_reads_what_it_signed(tmp_path: Path) -> None:
    own = ring(tmp_path)
    payload = compact.sign(a_certificate(), own.credentials.current)
    own.rotate("credentials")
    assert compact.read(payload, own.credentials).code == "7KQ2-M4XT-9PWA"
    assert compact.sign(a_certificate(), own.credentials.current) != payload


@pytest.mark.parametrize("typed", ["amina haidari", "  AMINA   HAIDARI ", "Ámina Haidarî"])
def test_a_name_is_known_however_it_is_typed(typed: str) -> None:
    salt, holder = compact.salted("Amina Haidari")
    assert compact.salted(typed, salt)[1] == holder


@pytest.mark.parametrize("other", ["Amina", "Amina Haidar", ""])
def test_another_name_is_not(other: str) -> None:
    salt, holder = compact.salted("Amina Haidari")
    assert compact.salted(other, salt)[1] != holder


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("امین کریمی", "امين كريمي"),
        ("فاطمة", "فاطمه"),
        ("مُحَمَّد أحمد", "\u200fمحـمد احمد\u200f"),
        ("PS-C7EMM", "ps-c٧emm"),
        ("Seán O\u2019Neil", "Sean O'Neil"),
        ("Łukasz Đorić", "lukasz doric"),
        ("Işık İnan", "ISIK INAN"),
        ("Jean\u2011Luc", "jean-luc"),
    ],
)
def test_what_another_keyboard_writes_is_the_same_name(printed: str, typed: str) -> None:
    assert plain(printed) == plain(typed)


@pytest.mark.parametrize(("one", "other"), [("রহিম", "রুহামা"), ("राम", "रमा"), ("มานี", "มานะ"), ("Ana", "Ano")])
def test_vowels_that_are_always_written_tell_names_apart(one: str, other: str) -> None:
    assert plain(one) != plain(other)


def test_the_page_without_a_network_compares_every_letter_alike() -> None:
    """Both know their own edition of Unicode: what this one does not know yet is left out."""
    if not shutil.which("node"):
        missing("Node", "install it (Debian: apt-get install nodejs)")
    source = (Path(__file__).parents[2] / "static/js/check.js").read_text()
    function = source[source.index("const DROPPED") : source.index("async function isHolder")]
    letters = [chr(each) for each in range(0x110000) if unicodedata.category(chr(each)) not in ("Cn", "Cs", "Co")]
    names = [f"a{letter}b{letter.upper()}" for letter in letters]
    script = f"{function}\nconst given = JSON.parse(require('fs').readFileSync(0)); "
    script += "console.log(JSON.stringify(given.map(plain)))"
    run = ["node", "-e", script]
    said = json.loads(subprocess.run(run, input=json.dumps(names), capture_output=True, text=True, check=True).stdout)
    assert [name for name, theirs in zip(names, said, strict=True) if plain(name) != theirs] == []


def content(payload: str) -> bytearray:
    return bytearray(base64.b32decode(payload + "=" * (-len(payload) % 8)))


def letters(changed: bytes) -> str:
    return base64.b32encode(changed).decode().rstrip("=")


def flipped(place: int) -> Callable[[str], str]:
    def change(payload: str) -> str:
        changed = content(payload)
        changed[place] ^= 1
        return letters(changed)

    return change


REFUSED: dict[str, tuple[type[Exception], Callable[[str], str]]] = {
    "empty": (Unreadable, lambda payload: ""),
    "a letter of another alphabet": (Unreadable, lambda payload: payload[:20] + "1" + payload[21:]),
    "small letters": (Unreadable, str.lower),
    "cut by a letter": (Unreadable, lambda payload: payload[:-1] + "="),
    "cut by half": (Forged, lambda payload: letters(bytes(content(payload)[: len(content(payload)) // 2 + 40]))),
    "cut to less than a signature": (Unreadable, lambda payload: payload[:80]),
    "another version": (Unreadable, flipped(0)),
    "another key named": (Forged, flipped(1)),
    "another number": (Forged, flipped(12)),
    "another kind": (Forged, flipped(13)),
    "another day of issue": (Forged, flipped(15)),
    "another last day": (Forged, flipped(17)),
    "more hours": (Forged, flipped(19)),
    "another place in the lists": (Forged, flipped(24)),
    "another salt": (Forged, flipped(25)),
    "another holder": (Forged, flipped(48)),
    "another title": (Forged, flipped(58)),
    "another signature": (Forged, flipped(-1)),
    "no signature": (Forged, lambda payload: letters(bytes(content(payload)[:-64] + bytes(64)))),
    "something behind it": (Forged, lambda payload: letters(bytes(content(payload) + b"\0"))),
    "chance": (Forged, lambda payload: letters(bytes(content(payload)[:5]) + secrets.token_bytes(120))),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_payload_that_is_not_whole_or_not_ours_is_refused(known: Ring, reason: str) -> None:
    payload = compact.sign(a_certificate(), known.credentials.current)
    refusal, change = REFUSED[reason]
    with pytest.raises(refusal):
        compact.read(change(payload), known.credentials)


def test_there_is_one_way_to_write_a_payload(known: Ring) -> None:
    tried = 0
    for title in ("", "a", "ab", "abc", "abcd"):
        payload = compact.sign(replace(a_certificate(), title=title), known.credentials.current)
        for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567":
            other = payload[:-1] + last
            if other != payload and content(other) == content(payload):
                tried += 1
                with pytest.raises(Unreadable):
                    compact.read(other, known.credentials)
    assert tried


def test_keys_are_not_confused(known: Ring, tmp_path: Path) -> None:
    elsewhere = ring(tmp_path).credentials
    foreign = compact.sign(a_certificate(), elsewhere.current)
    with pytest.raises(Forged):
        compact.read(foreign, known.credentials)
    # Signed elsewhere, under the name of our key.
    renamed = replace(elsewhere.current, id=known.credentials.current.id)
    with pytest.raises(Forged):
        compact.read(compact.sign(a_certificate(), renamed), known.credentials)
    assert compact.read(foreign, Keys(elsewhere.all)).hours == 16


def test_a_signature_over_a_status_list_is_not_one_over_a_certificate(known: Ring) -> None:
    key = known.credentials.current
    body = bytes(content(compact.sign(a_certificate(), key))[:-64])
    with pytest.raises(Forged):
        compact.read(letters(body + key.private.sign(compact.LIST_DOMAIN + body)), known.credentials)
