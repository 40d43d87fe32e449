"""What the page that checks without a network fetches: the keys, the lists as they are now, and nothing of a person."""

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from lms.accounts.models import User
from lms.certificates import service
from lms.certificates.models import Credential
from lms.core.db import session, transaction
from lms.core.keys import ring
from lms.credentials.compact import KEYS_DOMAIN, LIST_DOMAIN
from tests.builders import an_enrolment, done
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def credential(app: Flask) -> Credential:
    enrolment = an_enrolment()
    done(enrolment, score=1.0)
    with transaction():
        return service.issue(enrolment, by=enrolment.user_id)


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))


def lists(browser: Browser) -> dict[str, dict[str, str]]:
    """The status lists, after their signature is checked with a key that the page knows."""
    first = keys(browser)[0]
    found: dict[str, dict[str, str]] = said(browser, "/check/status.json", LIST_DOMAIN, first)["lists"]
    return found


def keys(browser: Browser) -> list[Ed25519PublicKey]:
    """The keys that the server names, which the first of them has signed."""
    answer = browser.get("/check/keys.json").json
    assert answer
    found = [Ed25519PublicKey.from_public_bytes(unpacked(each["x"])) for each in json.loads(answer["said"])["keys"]]
    said(browser, "/check/keys.json", KEYS_DOMAIN, found[0])
    return found


def said(browser: Browser, address: str, domain: bytes, key: Ed25519PublicKey) -> dict[str, Any]:
    """What an address says, after its signature is checked."""
    answer = browser.get(address).json
    assert answer
    key.verify(base64.b64decode(answer["signature"]), domain + answer["said"].encode())
    found: dict[str, Any] = json.loads(answer["said"])
    return found


def is_set(found: dict[str, dict[str, str]], name: str, credential: Credential) -> bool:
    place = credential.place
    if str(place.list) not in found:
        return False
    bits = gzip.decompress(unpacked(found[str(place.list)][name]))
    return bool(bits[place.index // 8] & 0x80 >> place.index % 8)


def test_a_suspension_stands_in_the_list_until_it_is_lifted(browser: Browser, credential: Credential) -> None:
    assert not is_set(lists(browser), "suspended", credential)
    with transaction():
        service.suspend(session.get_one(Credential, credential.id), "Looked into", by=credential.user_id)
    found = lists(browser)
    assert is_set(found, "suspended", credential)
    assert not is_set(found, "revoked", credential)
    with transaction():
        service.lift(session.get_one(Credential, credential.id), by=credential.user_id)
    assert not is_set(lists(browser), "suspended", credential)


def test_a_revocation_stands_in_the_list_and_no_other_bit_does(browser: Browser, credential: Credential) -> None:
    with transaction():
        service.revoke(session.get_one(Credential, credential.id), "Forged", by=credential.user_id)
    found = lists(browser)
    assert is_set(found, "revoked", credential)
    bits = gzip.decompress(unpacked(found[str(credential.place.list)]["revoked"]))
    assert sum(each.bit_count() for each in bits) == 1


def test_a_device_that_knows_the_first_key_can_check_what_comes_after_others_were_added(
    app: Flask, browser: Browser
) -> None:
    first, *others = keys(browser)
    ring(app.config["DATA_DIR"]).rotate("credentials")
    now = keys(browser)
    assert len(now) == len(others) + 2
    assert now[0].public_bytes_raw() == first.public_bytes_raw()
    said(browser, "/check/status.json", LIST_DOMAIN, first)


def test_the_page_is_the_same_for_who_is_signed_in_so_that_a_shared_phone_may_keep_it(
    browser: Browser, sign_in: SignIn, credential: Credential
) -> None:
    holder = session.get_one(User, credential.user_id)
    shown = sign_in(holder).get("/check/en")
    assert shown.text == browser.get("/check/en").text
    assert holder.shown_as not in shown.text


def test_the_worker_keeps_the_page_in_every_language_and_knows_its_build(app: Flask, browser: Browser) -> None:
    script = browser.get("/check/worker.js").text
    for kept in ("/check/", "/check/en", "/check/fr", "/check/ar", "/check/app.webmanifest", "js/check.js?v="):
        assert kept in script
    for address in ("/check/", "/check/fr", "/check/app.webmanifest"):
        build = browser.get(address).headers["Concord-Build"]
        assert f'"{build}"' in script
