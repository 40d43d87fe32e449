"""What a lesson costs on a phone: everything but its pictures, over the wire, into an empty cache."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.conftest import CLASS_TWO, OpenPage, Site, a_trainee

pytestmark = pytest.mark.browser

MOST_BYTES = 15_000
LESSON = "who-police-serve"


def test_a_lesson_is_under_15_kb_on_the_wire(
    site: Site, inside: Flask, chromium: Browser, open_page: OpenPage, capsys: pytest.CaptureFixture[str]
) -> None:
    with inside.app_context():
        address = f"/learn/{a_trainee('light', CLASS_TWO).id}/{LESSON}"
    signed_in = open_page("light").context.storage_state()
    context = chromium.new_context(base_url=site.address, locale="en", storage_state=signed_in)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str, dict[str, str]]] = {}
    weights: dict[str, int] = {}

    def answered(event: dict[str, Any]) -> None:
        answer = event["response"]
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        kinds[event["requestId"]] = (event["type"], answer["url"], headers)

    def finished(event: dict[str, Any]) -> None:
        weights[event["requestId"]] = int(event["encodedDataLength"])

    devtools.on("Network.responseReceived", answered)
    devtools.on("Network.loadingFinished", finished)
    devtools.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    assert page.locator(".prose").is_visible()
    assert page.locator("main img").count() == 0, f"{LESSON} was chosen because it has no picture"
    context.close()

    seen = {id: kind for id, kind in kinds.items() if kind[0] != "Image"}
    assert {kind for kind, _, _ in seen.values()} >= {"Document", "Stylesheet", "Script"}, "the cache was not empty"
    for _, url, headers in seen.values():
        assert headers.get("content-encoding") == "br", f"{url} came without brotli"
    total = sum(weights[id] for id in seen)
    with capsys.disabled():
        parts = ", ".join(f"{kind} {weights[id]}" for id, (kind, _, _) in seen.items())
        print(f"\na lesson on the wire: {total} bytes ({parts})")  # noqa: T201
    assert total < MOST_BYTES
