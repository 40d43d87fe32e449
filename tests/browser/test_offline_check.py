"""Certificates are checked by the browser alone, after the server has stopped for good."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from lms.core import clock
from lms.core.db import session, transaction
from lms.core.keys import ring
from lms.credentials import compact
from lms.credentials.compact import Forged
from lms.credentials.models import StatusEntry
from lms.credentials.status import Place
from tests.browser.conftest import Site
from tests.browser.drill import REVOKED, check, drill, ready
from tests.verification.test_compact import REFUSED, a_certificate

pytestmark = pytest.mark.browser

Stopped = tuple[Site, Page]

ASIDE = Place(1, 99)


@pytest.fixture(scope="module")
def stopped(executable: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stopped]:
    """A server of this module's own, which is stopped after a browser has opened the checking page once."""
    site = Site(tmp_path_factory.mktemp("gone"))
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


def test_fifty_certificates_are_checked_after_the_server_has_stopped(
    executable: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = Site(tmp_path_factory.mktemp("drill"))
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
    elsewhere = ring(tmp_path_factory.mktemp("elsewhere")).credentials.current
    assert check(page, address(site, compact.sign(a_certificate(), elsewhere))) == "unknown-key"
    renamed = replace(elsewhere, id=ring(site.data).credentials.current.id)
    assert check(page, address(site, compact.sign(a_certificate(), renamed))) == "forged"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_each_language_opens_without_a_network_and_is_accessible(stopped: Stopped, language: str) -> None:
    site, page = stopped
    check(page, address(site, signed(site, issued=date(2026, 11, 1))))
    page.locator(f"[data-language={language}]").click()
    page.locator(f"html[lang={language}]").wait_for(state="attached")
    expect(page.locator("[data-state=valid]")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert not found, [each["id"] for each in found]
