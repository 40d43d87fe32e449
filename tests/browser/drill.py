"""The drill for the day after: certificates are issued, the server stops for good, and a browser checks them all.

    python -m tests.browser.drill [--certificates 50]

Each certificate is printed, the QR code is read from the picture of its page, and what it says is opened in a browser
that has seen the checking page once. Nothing answers any more by then.
"""

import argparse
import io
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pypdfium2
import zxingcpp
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from lms.certificates import service
from lms.certificates.jobs import keep_pdf
from lms.certificates.models import Credential
from lms.cohorts.models import Enrolment
from lms.core.db import session, transaction
from tests.browser.conftest import Site
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, done

REVOKED = 2


@dataclass(frozen=True)
class Issued:
    """A certificate as it leaves the house: what its QR code says, and whether it was taken back."""

    address: str
    code: str
    revoked: bool


def issue(app: Flask, count: int) -> list[Issued]:
    """So many certificates, printed; the first two are revoked."""
    with app.app_context():
        cohort = a_cohort(a_mission(), a_published(), capacity=count)
        earned = [_issued(an_enrolment(cohort)) for _ in range(count)]
        with transaction():
            for each in earned[:REVOKED]:
                service.revoke(session.get_one(Credential, each.id), "The drill", by=each.user_id)
        return [Issued(qr_code(_printed(each)), each.code, number < REVOKED) for number, each in enumerate(earned)]


def _issued(enrolment: Enrolment) -> Credential:
    done(enrolment, score=1.0)
    with transaction():
        return service.issue(enrolment, by=enrolment.user_id)


def _printed(credential: Credential) -> bytes:
    return keep_pdf(credential.id).read_bytes()


def qr_code(pdf: bytes) -> str:
    """What the only QR code on the first page says, read as a camera would."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    (found,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil(), formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found.text)


def ready(chromium: Browser, site: Site, language: str = "en") -> Page:
    """A browser that has opened the checking page once, while there was a network."""
    page = chromium.new_context(locale=language).new_page()
    page.goto(f"{site.address}/check/")
    page.locator("[data-part=ready]").wait_for()
    return page


def check(page: Page, address: str) -> str:
    """The state that the page comes to for a QR code, in a page that is loaded anew."""
    page.goto("about:blank")
    page.goto(address)
    shown = page.locator("[data-state]:not([hidden]):not([data-state=working])")
    shown.wait_for()
    return shown.get_attribute("data-state") or ""


def drill(site: Site, chromium: Browser, count: int) -> Counter[str]:
    """How many certificates came to which state after the server had stopped; every number is checked too."""
    # In a thread of its own: signing runs an event loop, and so does the browser's driver here.
    with ThreadPoolExecutor(1) as apart:
        issued = apart.submit(issue, site.inside(), count).result()
    page = ready(chromium, site)
    site.stop()
    states: Counter[str] = Counter()
    for each in issued:
        state = check(page, each.address)
        assert (state == "revoked") == each.revoked, f"{each.code} is {state}"
        assert page.locator("[data-part=code]").text_content() == each.code
        states[state] += 1
    return states


def main() -> None:
    """Run the drill over a site of its own."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--certificates", type=int, default=50)
    count = arguments.parse_args().certificates
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        site = Site(Path(data), demo=False)
        site.wait()
        executable = which("chromium") or which("chromium-browser")
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        begun = time.monotonic()
        states = drill(site, chromium, count)
        took = time.monotonic() - begun
        sys.stdout.write(f"{count} certificates, checked without a server in {took:.0f} s: {dict(states)}\n")
        chromium.close()


if __name__ == "__main__":
    main()
