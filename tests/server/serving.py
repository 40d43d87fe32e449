"""A real server as a process of its own, and visitors that speak HTTP with it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

# A machine may have much else to do.
READY_SECONDS = 60
ROOT = Path(__file__).parents[2]


class Server:
    """Granian over a database and a data directory, as `run.py` starts it: two processes of one thread."""

    def __init__(self, database: str, data: Path) -> None:
        self.environment = {"LMS_DATABASE_URL": database, "LMS_DATA_DIR": str(data)}
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port: int = listener.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it says that it is ready."""
        command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", "2", "--blocking-threads", "1", "--no-ws", "wsgi:app"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        latest = time.monotonic() + READY_SECONDS
        while time.monotonic() < latest:
            with suppress(OSError):
                if Visitor(self.port).get("/readyz")[0] == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start within {READY_SECONDS} seconds")

    def kill(self) -> None:
        """SIGKILL to every process of it at once: no time to tidy up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Visitor:
    """A browser without a window: cookies, forms with their token, no redirects followed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> tuple[int, str]:
        """The status, and the page or the address that it leads to."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Press a form's button."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def sign_in(self, username: str, password: str) -> None:
        """Sign in as a person would."""
        self.get("/sign-in")
        status, where = self.post("/sign-in", username=username, password=password)
        assert status == 302, f"{username} was not let in: {status} {where[:200]}"
        self.get("/account/")

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.connection = None
            raise OSError(str(error)) from error
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(value).items()})
        token = re.search(r'name="csrf_token" value="([^"]+)"', text)
        self.token = token.group(1) if token else self.token
        return answer.status, answer.headers.get("Location") or text
