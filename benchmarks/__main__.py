"""`make bench`: requests per second and times at 16 connections, statements and bytes for each page."""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

from sqlalchemy import event

from benchmarks import certificates, cohort, credentials, issuing, load, roster, studio
from benchmarks.seed import PASSWORD, Seeded, seed
from lms.app import create_app
from lms.core import db, schema

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Seed, serve, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5, help="how long each page is asked for")
    options.add_argument("--workers", default=os.environ.get("WEB_WORKERS", "2"))
    options.add_argument("--threads", default=os.environ.get("WEB_THREADS", "1"))
    options.add_argument("--database", default="", help="an empty database's address; an SQLite file by default")
    options.add_argument("--only", default="", help="measure only the pages whose name contains this")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
        environment = {"LMS_DATA_DIR": folder, "LMS_BASE_URL": "http://localhost"}
        if chosen.database:
            environment["LMS_DATABASE_URL"] = chosen.database
        app = create_app(environment)
        with app.app_context():
            schema.upgrade(db.db.engine)
        data = seed(app)
        pages = {name: each for name, each in _pages(data).items() if chosen.only in name}
        counts = {name: _statements(app, requests) for name, requests in pages.items()}
        with app.app_context():
            db.db.engine.dispose()
        if pages:
            _ask(pages, counts, environment, chosen)
        if chosen.only in "table":
            print(
                f"cohort table, {cohort.TRAINEES:,} trainees × {cohort.MODULES * (cohort.LESSONS + 1)}, milliseconds:"
            )
            for name, spent in cohort.measure(app, "Bench").items():
                print(f"{name:<22}{spent:>11.0f}", flush=True)
        if chosen.only in "studio":
            print("studio, a course of 300 activities, one author, milliseconds:")
            for name, spent in studio.measure(app, "Bench").items():
                print(f"{name:<22}{spent:>11.0f}", flush=True)
        if chosen.only in "roster":
            print(f"roll of {roster.ROWS:,} rows, seconds:")
            for name, spent in roster.measure(app, "Bench").items():
                print(f"{name:<22}{spent:>11.1f}", flush=True)
        if chosen.only in "issuing":
            print("certificates for a cohort, with the worker killed half-way, seconds:")
            for name, spent in issuing.measure(app, environment, data.cohort).items():
                print(f"{name:<22}{spent:>11.1f}", flush=True)
    if chosen.only in "credentials":
        print("credentials, one process:")
        with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
            for name, spent in credentials.measure(Path(folder)).items():
                print(f"{name:<22}{spent:>11.1f}", flush=True)
    if chosen.only in "certificate pdf":
        certificates.show()


Requests = Callable[[int], Iterator[bytes]]


def _ask(
    pages: dict[str, Requests], counts: dict[str, int], environment: dict[str, str], chosen: argparse.Namespace
) -> None:
    """Start the production server and print how fast it gives each page."""
    server, port = _serve(environment, chosen.workers, chosen.threads)
    try:
        print(f"{'page':<22}{'per second':>11}{'p50 ms':>9}{'p95 ms':>9}{'SQL':>5}{'bytes':>8}  answers")
        for name, requests in pages.items():
            result = load.run(port, requests, chosen.seconds)
            answers = ", ".join(f"{status}: {count}" for status, count in sorted(result.statuses.items()))
            print(
                f"{name:<22}{result.per_second:>11.0f}{result.p50:>9.1f}{result.p95:>9.1f}"
                f"{counts[name]:>5}{result.bytes:>8}  {answers}",
                flush=True,
            )
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def _pages(data: Seeded) -> dict[str, Requests]:
    lessons = [f"l-{module}-{number}" for module in range(5) for number in range(5)]
    count = len(data.cookies)

    def anyone(path: Callable[[int], str]) -> Requests:
        def requests(number: int) -> Iterator[bytes]:
            chance = random.Random(number)
            while True:
                trainee = chance.randrange(count)
                yield load.get(path(trainee), data.cookies[trainee])

        return requests

    def forever(request: bytes) -> Requests:
        def requests(number: int) -> Iterator[bytes]:
            while True:
                yield request

        return requests

    def sign_in(number: int) -> Iterator[bytes]:
        for trainee in range(number, count, load.CONNECTIONS):
            fields = {"csrf_token": data.csrf, "username": f"bench-{trainee}", "password": PASSWORD}
            yield load.post("/sign-in", data.stranger_cookie, **fields)

    def answers(number: int) -> Iterator[bytes]:
        chance = random.Random(number)
        for trainee in range(number, count, load.CONNECTIONS):
            for position in range(1, 11):
                path = f"/attempts/{data.attempts[trainee]}/{position}"
                answer = str(chance.randrange(4))
                yield load.post(path, data.cookies[trainee], csrf_token=data.csrf, answer=answer, go="next")

    def lesson_done(number: int) -> Iterator[bytes]:
        for lesson in lessons:
            for trainee in range(number, count, load.CONNECTIONS):
                path = f"/learn/{data.enrolments[trainee]}/{lesson}/done"
                yield load.post(path, data.cookies[trainee], csrf_token=data.csrf)

    def whole_attempts(number: int) -> Iterator[bytes]:
        """Ten questions seen and answered, then handed in; the attempts are those that were answered before."""
        for trainee in range(number, count, load.CONNECTIONS):
            attempt, cookie = f"/attempts/{data.attempts[trainee]}", data.cookies[trainee]
            for position in range(1, 11):
                yield load.get(f"{attempt}/{position}", cookie)
                yield load.post(f"{attempt}/{position}", cookie, csrf_token=data.csrf, answer="1", go="next")
            yield load.get(f"{attempt}/check", cookie)
            yield load.post(f"{attempt}/submit", cookie, csrf_token=data.csrf)
            yield load.get(f"{attempt}/result", cookie)

    return {
        "sign-in page": forever(load.get("/sign-in")),
        "sign-in": sign_in,
        "home /learn/": anyone(lambda trainee: "/learn/"),
        "course outline": anyone(lambda trainee: f"/learn/{data.enrolments[trainee]}/"),
        "lesson": anyone(lambda trainee: f"/learn/{data.enrolments[trainee]}/{lessons[trainee % 25]}"),
        "question": anyone(lambda trainee: f"/attempts/{data.attempts[trainee]}/{1 + trainee % 10}"),
        "quiz answer": answers,
        "lesson done": lesson_done,
        "whole attempt (23)": whole_attempts,
        "cohort table": forever(load.get(f"/cohorts/{data.cohort}", data.mentor_cookie)),
    }


def _statements(app: object, requests: Requests) -> int:
    """How many SQL statements the first request of a page costs, transaction control left out."""
    method, path, cookie, body = _parsed(next(requests(0)))
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    with app.app_context():  # type: ignore[attr-defined]
        engine = db.db.engine
    event.listen(engine, "before_cursor_execute", note)
    client = app.test_client()  # type: ignore[attr-defined]
    for _ in range(2):
        # The second time: what each process reads once is not a page's cost.
        seen.clear()
        client.set_cookie("session", cookie)
        client.open(path, method=method, data=body, content_type="application/x-www-form-urlencoded")
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def _parsed(request: bytes) -> tuple[str, str, str, str]:
    head, _, body = request.decode().partition("\r\n\r\n")
    method, path, _ = head.split("\r\n")[0].split()
    cookie = next((line.split("session=")[1] for line in head.split("\r\n") if line.startswith("Cookie")), "")
    return method, path, cookie, body


def _serve(environment: dict[str, str], workers: str, threads: str) -> tuple[subprocess.Popen[bytes], int]:
    """The production server, as `run.py` starts it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", workers]
    command += ["--blocking-threads", threads, "--backlog", "1024", "--no-ws", "wsgi:app"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
            return server, port
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server did not start within ten seconds")


if __name__ == "__main__":
    main()
