"""Certificates are checked by the browser alone, after the server has stopped for good."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from lms.core import clock
from lms.core.db import session, transaction
from lms.core.keys import Keys, Pair, ring
from lms.credentials import compact
from lms.credentials.compact import Forged
from lms.credentials.models import StatusEntry
from lms.credentials.status import Place
from lms.verification import offline
from tests.browser.conftest import Site
from tests.browser.drill import REVOKED, check, drill, ready
from tests.verification.test_compact import REFUSED, a_certificate

pytestmark = pytest.mark.browser

Stopped = tuple[Site, Page]
Answer = Callable[[Request], Response | None]

ASIDE = Place(1, 99)
PARKED = "<!doctype html><title>This domain is for sale</title>"


@pytest.fixture(scope="module")
def stopped(executable: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stopped]:
    """A server of this module's own, which is stopped after a browser has opened the checking page once."""
    site = Site(tmp_path_factory.mktemp("gone"), demo=False)
    site.wait()
    with site.inside().app_context(), transaction():
        session.merge(StatusEntry(list=ASIDE.list, index=ASIDE.index, suspended=True))
    page = ready(chromium, site)
    site.stop()
    yield site, page
    page.context.close()


def address(site: Site, payload: str) -> str:
    return f"{site.address}/check/#{payload}"


def signed(site: Site, **changes: object) -> str:
    """A payload with the server's own key, for a certificate that nobody has revoked."""
    said = replace(a_certificate(), **({"place": Place(1, 77)} | changes))  # type: ignore[arg-type]
    return compact.sign(said, ring(site.data).credentials.current)


class _Silent(WSGIRequestHandler):
    def log_request(self, *args: object, **kwargs: object) -> None:
        """No line for each request."""


@contextmanager
def answering(site: Site, answer: Answer) -> Iterator[list[str]]:
    """Who has the address now: what ``answer`` says, and the real application where that is ``None``.

    Gives all that is asked meanwhile, as method, address and body.
    """
    asked: list[str] = []
    real = site.inside()

    def application(environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        asked.append(f"{request.method} {request.full_path} {request.get_data(as_text=True)}")
        return (answer(request) or real)(environ, start)

    port = urlsplit(site.address).port or 0
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def itself(request: Request) -> None:
    """The application, as it is."""


def parked(request: Request) -> Response:
    return Response(PARKED, mimetype="text/html")


def signed_data(said: bytes, signature: bytes) -> Response:
    text = json.dumps({"said": said.decode(), "signature": base64.b64encode(signature).decode()})
    return Response(text, mimetype="application/json")


def only(path: str, answer: Callable[[], Response]) -> Answer:
    return lambda request: answer() if request.path == path else None


@contextmanager
def fresh(chromium: Browser, site: Site) -> Iterator[Page]:
    """A device that has seen nothing yet; the address must be answered."""
    page = chromium.new_context(locale="en").new_page()
    page.goto(f"{site.address}/check/")
    yield page
    page.context.close()


@contextmanager
def at(page: Page, moment: datetime) -> Iterator[Page]:
    """The same device when its clock says this."""
    later = page.context.new_page()
    later.add_init_script(f"Date.now = () => {moment.timestamp() * 1000}")
    yield later
    later.close()


def stranger(folder: pytest.TempPathFactory) -> Pair[Any]:
    return ring(folder.mktemp("stranger")).credentials.current


def test_fifty_certificates_are_checked_after_the_server_has_stopped(
    executable: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = Site(tmp_path_factory.mktemp("drill"), demo=False)
    try:
        site.wait()
        states = drill(site, chromium, 50)
    finally:
        site.stop()
    assert states == {"valid": 50 - REVOKED, "revoked": REVOKED}


def test_the_page_says_what_the_certificate_is_for_and_from_when_its_list_is(stopped: Stopped) -> None:
    site, page = stopped
    assert check(page, address(site, signed(site))) == "valid"
    details = page.locator("[data-part=details]")
    expect(details).to_contain_text("7KQ2-M4XT-9PWA")
    expect(details).to_contain_text("أسس الشرطة الديمقراطية")
    expect(details.locator("[data-part=title]")).to_have_attribute("lang", "ar")
    expect(details.locator("[data-kind=competence]")).to_be_visible()
    expect(details.locator("[data-kind=completion]")).to_be_hidden()
    expect(details).to_contain_text("3 – independent")
    expect(details.locator("[data-part=list]")).to_contain_text(str(clock.today().year))


def test_a_name_is_confirmed_only_when_it_is_typed(stopped: Stopped) -> None:
    site, page = stopped
    salt, holder = compact.salted("أمينة حيدري")
    check(page, address(site, signed(site, salt=salt, holder=holder)))
    assert "أمينة" not in page.content()
    page.get_by_label("Name or trainee number").fill("أمينة  حَيدري")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("[data-answer=yes]")).to_be_visible()
    page.get_by_label("Name or trainee number").fill("أمينة")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("[data-answer=no]")).to_be_visible()


def test_one_that_has_expired_says_so(stopped: Stopped) -> None:
    site, page = stopped
    assert check(page, address(site, signed(site, expires=clock.today() - timedelta(days=1)))) == "expired"
    assert check(page, address(site, signed(site, expires=None))) == "valid"
    expect(page.locator("[data-part=details]")).to_contain_text("no end date")


def test_one_that_was_suspended_when_the_list_was_fetched_says_so(stopped: Stopped) -> None:
    site, page = stopped
    assert check(page, address(site, signed(site, place=ASIDE))) == "suspended"
    expect(page.locator("[data-part=details]")).to_contain_text("7KQ2-M4XT-9PWA")
    assert check(page, address(site, signed(site, place=replace(ASIDE, list=2)))) == "valid"


@pytest.mark.parametrize("reason", [each for each in REFUSED if each not in ("empty", "small letters")])
def test_what_is_not_whole_or_not_ours_is_refused_by_the_browser_too(stopped: Stopped, reason: str) -> None:
    site, page = stopped
    refusal, change = REFUSED[reason]
    state = check(page, address(site, change(signed(site))))
    assert state in (("forged", "unknown-key") if refusal is Forged else ("unreadable",))
    expect(page.locator("[data-part=details]")).to_be_hidden()


def test_a_certificate_of_somebody_elses_is_not_taken_for_ours(
    stopped: Stopped, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site, page = stopped
    elsewhere = stranger(tmp_path_factory)
    assert check(page, address(site, compact.sign(a_certificate(), elsewhere))) == "unknown-key"
    renamed = replace(elsewhere, id=ring(site.data).credentials.current.id)
    assert check(page, address(site, compact.sign(a_certificate(), renamed))) == "forged"


def test_a_certificate_is_valid_through_its_last_day_and_not_after(stopped: Stopped) -> None:
    site, page = stopped
    address_of_it = address(site, signed(site, expires=date(2040, 5, 5)))
    with at(page, datetime(2040, 5, 5, 23, 59, 59, tzinfo=UTC)) as later:
        assert check(later, address_of_it) == "valid"
    with at(page, datetime(2040, 5, 6, tzinfo=UTC)) as later:
        assert check(later, address_of_it) == "expired"


def test_a_clock_that_was_reset_does_not_bring_an_expired_one_back(stopped: Stopped) -> None:
    site, page = stopped
    with at(page, datetime(2020, 1, 1, tzinfo=UTC)) as reset:
        yesterday = clock.today() - timedelta(days=1)
        assert check(reset, address(site, signed(site, expires=yesterday))) == "expired"


def test_a_list_older_than_two_weeks_is_pointed_out_and_one_of_today_is_not(stopped: Stopped) -> None:
    site, page = stopped
    assert check(page, address(site, signed(site))) == "valid"
    expect(page.locator("[data-part=old]")).to_be_hidden()
    with at(page, clock.now() + timedelta(days=15)) as later:
        assert check(later, address(site, signed(site))) == "valid"
        expect(later.locator("[data-part=old]")).to_have_text(re.compile("older than two weeks"))
        expect(later.locator("[data-part=old]")).to_be_visible()


@pytest.mark.parametrize("pasted", ["%E0", "#%E0", "nonsense"])
def test_what_is_pasted_after_a_valid_one_takes_its_place_even_if_it_is_garbage(stopped: Stopped, pasted: str) -> None:
    site, page = stopped
    assert check(page, address(site, signed(site))) == "valid"
    page.get_by_text("Scanned with another app?").click()
    page.get_by_label("What the code says").fill(pasted)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-state=unreadable]")).to_be_visible()
    expect(page.locator("[data-state=valid]")).to_be_hidden()
    expect(page.locator("[data-part=details]")).to_be_hidden()


def test_a_first_address_that_is_garbage_says_so(stopped: Stopped) -> None:
    site, page = stopped
    assert check(page, address(site, "%E0")) == "unreadable"


HELD = """
const verify = crypto.subtle.verify.bind(crypto.subtle);
crypto.subtle.verify = async (...all) => {
  if (!window.goOn) await new Promise((done) => { window.goOn = done; });
  return verify(...all);
};
"""


def test_of_two_checks_at_once_the_later_one_stands(stopped: Stopped) -> None:
    site, page = stopped
    slow = page.context.new_page()
    slow.add_init_script(HELD)
    slow.goto(address(site, signed(site)))
    slow.wait_for_function("Boolean(window.goOn)")
    slow.evaluate("location.hash = 'nonsense'")
    expect(slow.locator("[data-state=unreadable]")).to_be_visible()
    slow.evaluate("window.goOn()")
    slow.wait_for_timeout(500)
    expect(slow.locator("[data-state=unreadable]")).to_be_visible()
    expect(slow.locator("[data-part=details]")).to_be_hidden()
    slow.close()


def test_while_there_is_a_server_it_is_asked_nothing_of_what_is_checked(stopped: Stopped) -> None:
    site, page = stopped
    payload = signed(site)
    sent: list[str] = []
    with answering(site, itself) as asked:
        page.on("request", lambda request: sent.append(request.url.partition("#")[0]))
        assert check(page, address(site, payload)) == "valid"
        page.get_by_label("Name or trainee number").fill("Amina Haidari")
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("[data-answer]:not([hidden])")).to_be_visible()
        page.wait_for_timeout(500)
        asked = list(asked)
    known = {"/check/keys.json", "/check/status.json", "/check/worker.js"}
    assert {"GET /check/keys.json? ", "GET /check/status.json? "} <= set(asked)
    assert set(asked) <= {f"GET {path}? " for path in known}
    assert not [each for each in sent if payload in each or "7KQ2" in each or not each.startswith(site.address)]


def test_whoever_has_the_domain_now_cannot_empty_the_device_with_a_page_of_their_own(stopped: Stopped) -> None:
    site, page = stopped
    for _ in range(2):
        with answering(site, parked) as asked:
            assert check(page, address(site, signed(site))) == "valid"
            assert check(page, address(site, signed(site, place=ASIDE))) == "suspended"
        assert "GET /check/keys.json? " in asked
    assert check(page, address(site, signed(site, place=ASIDE))) == "suspended"


@pytest.mark.parametrize("nothing", ["{}", "null", "[]", '{"keys":[]}', '{"at":"2040-01-01T00:00+00:00","lists":{}}'])
def test_nor_with_something_that_looks_like_ours(stopped: Stopped, nothing: str) -> None:
    site, page = stopped
    with answering(site, lambda request: signed_data(nothing.encode(), bytes(64))):
        assert check(page, address(site, signed(site, place=ASIDE))) == "suspended"


def test_a_key_that_a_stranger_adds_is_refused(stopped: Stopped, tmp_path_factory: pytest.TempPathFactory) -> None:
    site, page = stopped
    other, ours = stranger(tmp_path_factory), ring(site.data).credentials
    added = offline.keys(Keys((other, *ours.all)))
    with answering(site, only("/check/keys.json", lambda: signed_data(*added))) as asked:
        assert check(page, address(site, compact.sign(a_certificate(), other))) == "unknown-key"
        assert check(page, address(site, signed(site))) == "valid"
    assert "GET /check/keys.json? " in asked


def test_a_key_that_the_server_adds_is_taken_and_is_not_lost_again(
    stopped: Stopped, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site, page = stopped
    ours, new = ring(site.data).credentials, stranger(tmp_path_factory)
    earlier, rotated = offline.keys(ours), offline.keys(Keys((*ours.all, new)))
    with answering(site, only("/check/keys.json", lambda: signed_data(*rotated))):
        assert check(page, address(site, compact.sign(a_certificate(), new))) == "valid"
    with answering(site, only("/check/keys.json", lambda: signed_data(*earlier))):
        assert check(page, address(site, compact.sign(a_certificate(), new))) == "valid"


def test_an_earlier_list_of_ours_does_not_lift_what_a_later_one_says(stopped: Stopped) -> None:
    site, page = stopped
    known = ring(site.data).credentials
    said = b'{"at":"2020-02-02T00:00+00:00","lists":{}}'
    earlier = said, known.current.private.sign(compact.LIST_DOMAIN + said)
    with answering(site, only("/check/status.json", lambda: signed_data(*earlier))):
        assert check(page, address(site, signed(site, place=ASIDE))) == "suspended"


@pytest.mark.parametrize("what", ["no list", "a list that is signed by somebody else"])
def test_without_a_list_it_is_not_called_valid(
    stopped: Stopped, chromium: Browser, tmp_path_factory: pytest.TempPathFactory, what: str
) -> None:
    site, _ = stopped
    said = b'{"at":"2040-01-01T00:00+00:00","lists":{}}'
    wrong = signed_data(said, stranger(tmp_path_factory).private.sign(compact.LIST_DOMAIN + said))
    answer = Response(status=503) if what == "no list" else wrong
    with answering(site, only("/check/status.json", lambda: answer)), fresh(chromium, site) as page:
        assert check(page, address(site, signed(site))) == "signed"
        expect(page.get_by_text("Whether it was revoked is not known")).to_be_visible()
        expect(page.locator("[data-part=ready]")).to_be_hidden()
        expired = signed(site, expires=clock.today() - timedelta(days=1))
        assert check(page, address(site, expired)) == "expired"


END_OF_THE_WORKER = """async () => {
  const { serviceWorker } = navigator;
  const found = await serviceWorker.register("/check/worker.js", { scope: "/check/" });
  const worker = found.installing ?? found.waiting ?? found.active;
  return await new Promise((done) => {
    const look = () => ["activated", "redundant"].includes(worker.state) && done(worker.state);
    worker.addEventListener("statechange", look);
    look();
  });
}"""


@pytest.mark.parametrize("path", ["/check/fr", "/static/css/check.css"])
def test_a_page_of_somebody_elses_is_not_kept_in_place_of_ours(stopped: Stopped, chromium: Browser, path: str) -> None:
    site, _ = stopped
    answer = only(path, lambda: Response(PARKED, mimetype="text/html"))
    with answering(site, answer), fresh(chromium, site) as page:
        assert page.evaluate(END_OF_THE_WORKER) == "redundant"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_each_language_opens_without_a_network_and_is_accessible(stopped: Stopped, language: str) -> None:
    site, page = stopped
    check(page, address(site, signed(site, issued=date(2026, 11, 1))))
    page.locator(f"[data-language={language}]").click()
    page.locator(f"html[lang={language}]").wait_for(state="attached")
    expect(page.locator("[data-state=valid]")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert not found, [each["id"] for each in found]
