"""The product as people meet it: migrated, filled with the demonstration and served as in production, in Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Role
from lms.app import create_app
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session, transaction
from lms.demo import PASSWORD
from lms.library.activities import Lesson
from lms.library.edition import edition
from lms.record import service as record
from lms.record.models import Verb
from tests.conftest import missing

ROOT = Path(__file__).parents[2]
CLASS_TWO = "Port-Salin academy, class 2"
BIN = Path(sys.executable).parent
FLASK = [str(BIN / "flask"), "--app", "wsgi"]
READY_SECONDS = 90


class Site:
    """A server of its own with a job worker, over a data directory of its own, with the demonstration or empty."""

    def __init__(self, data: Path, *, demo: bool = True) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address, self.data = f"http://127.0.0.1:{port}", data
        self._settings = {"LMS_DATA_DIR": str(data), "LMS_BASE_URL": self.address}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        self._environment = {**kept, **self._settings}
        self.run("database", "upgrade")
        if demo:
            self.run("demo")
        web = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        web += ["--workers", "1", "--blocking-threads", "2", "--log-level", "warning", "wsgi:app"]
        self._processes = [self._start(web), self._start([*FLASK, "jobs", "work"])]

    def run(self, *command: str) -> str:
        """What a command of ``flask`` prints, run over the site's data."""
        ran = subprocess.run([*FLASK, *command], cwd=ROOT, env=self._environment, check=True, stdout=subprocess.PIPE)
        return ran.stdout.decode()

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, env=self._environment)

    def wait(self) -> None:
        """Until it says that it can serve."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        latest = time.monotonic() + READY_SECONDS
        while time.monotonic() < latest and all(process.poll() is None for process in self._processes):
            try:
                with opener.open(f"{self.address}/readyz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        pytest.fail("the server did not get ready")

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def inside(self) -> Flask:
        """The application in this process, over the same data, to prepare what a test begins with."""
        return create_app(self._settings)


@pytest.fixture(scope="session")
def executable() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        missing("Chromium", "install it (Debian: apt-get install chromium)")
    assert found
    return found


@pytest.fixture(scope="session")
def site(executable: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all browser tests; each test uses people of its own where it changes something."""
    served = Site(tmp_path_factory.mktemp("site"))
    try:
        served.wait()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="package")
def inside(site: Site) -> Flask:
    return site.inside()


@pytest.fixture(scope="package")
def chromium(executable: str) -> Iterator[Browser]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=flags)
        yield launched
        launched.close()


class OpenPage(Protocol):
    """Opens a page in a context of its own, signed in as ``who`` if anyone, shown in ``language``."""

    def __call__(self, who: str | None = None, language: str = "en", **options: Any) -> Page: ...


def sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    """As people do it: by typing."""
    page.goto("/sign-in")
    page.locator("#username").fill(who)
    page.locator("#password").fill(password)
    page.locator("main form button[type=submit]").click()
    page.locator(".account").wait_for()


def choose(page: Page, language: str) -> None:
    """Press the language's button in the footer, unless the page speaks it already."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]").click()
        page.locator(f"html[lang={language}]").wait_for(state="attached")


def _watched(page: Page, host: str, trouble: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        # The browser reports an error page (403, 404, 410) as a resource that failed; those are meant here.
        is_page = not urlsplit(message.location["url"]).path.startswith(("/static/", "/media/"))
        if message.type == "error" and not (is_page and message.text.startswith("Failed to load resource")):
            trouble.append(f"console on {page.url}: {message.text}")

    def request(sent: Request) -> None:
        if urlsplit(sent.url).netloc not in (host, ""):  # data: has no host
            trouble.append(f"asked for {sent.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: trouble.append(f"error on {page.url}: {error}"))
    page.on("request", request)


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Iterator[OpenPage]:
    """A maker of pages; none of them may have an error in its console or ask another host for anything."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []
    host = urlsplit(site.address).netloc

    def opened(who: str | None = None, language: str = "en", **options: Any) -> Page:
        context = chromium.new_context(**{"base_url": site.address, "locale": "en", **options})
        context.set_default_timeout(10_000)
        context.on("page", lambda page: _watched(page, host, trouble))
        contexts.append(context)
        page = context.new_page()
        if who is None:
            page.goto("/sign-in")
        else:
            sign_in(page, who)
        choose(page, language)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not trouble, "\n".join(trouble)


def a_trainee(name: str, cohort: str, *done: str) -> Enrolment:
    """A trainee with a place in one of the demonstration's cohorts, who has done these activities already."""
    with transaction():
        person = accounts.create(name, Role.TRAINEE, by=None, password=PASSWORD)
        place = session.scalars(select(Cohort).where(Cohort.title == cohort)).one()
        enrolment = cohorts.place(place, person, by=None)
        for each in done:
            is_lesson = isinstance(edition(enrolment.course_version_id).activities[each], Lesson)
            record.append(
                Verb.COMPLETED if is_lesson else Verb.PASSED,
                actor_id=person.id,
                registration=enrolment.id,
                activity_id=each,
                score=None if is_lesson else 0.9,
            )
    return enrolment
