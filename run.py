#!/usr/bin/env python3
"""Concord's one command: it sets itself up, then runs, tests, checks or measures the product.

python3 run.py [run]         start the server and its job worker (HOST, PORT, WEB_WORKERS, WEB_THREADS, LMS_…)
python3 run.py test [ARGS]   all checks and tests; with ARGS one pytest run with them
python3 run.py check         only ruff, mypy and the import contracts
python3 run.py bench [ARGS]  the benchmarks
python3 run.py setup         only the set-up
"""

# Only the standard library, and syntax that an old Python can read: it has to get as far as being told.
from __future__ import annotations

import ctypes
import errno
import fcntl
import glob
import hashlib
import http.client
import importlib.util
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "concord.json"
EDITOR, BUILT, NODE = ROOT / "editor", ROOT / "static" / "built", 20
VERIFIERS = ROOT / "tests" / "verifiers"
# In a virtual environment sys.executable may lie in the very folder that is about to be made anew.
BASE_PYTHON: str = getattr(sys, "_base_executable", sys.executable)
PORTS = range(8000, 8101)
READY_SECONDS = 30
STOP_SECONDS = 15
EARLY_SECONDS, EARLY_DEATHS = 3, 3
CHECKS = ("ruff check .", "ruff format --check .", "mypy", "lint-imports")
SPREAD = ("-n", "auto", "--dist", "worksteal")  # Over all cores, each with a database of its own.
PYTEST = "python -m pytest -q"  # Through python, so that the root of the repository can be imported from.
OLD_PYTHON = """Concord needs Python 3.11 or later, and this is {}. Please install one:

    Debian 12, Ubuntu 24.04 or later   sudo apt-get install python3 python3-venv
    Ubuntu 22.04                       sudo apt-get install python3.11 python3.11-venv
    Fedora, RHEL                       sudo dnf install python3.12
    macOS                              brew install python@3.12

and start this with it by name, for example: python3.12 run.py (or: make run PYTHON=python3.12)"""


def say(text: str) -> None:
    """Print at once, so that our lines and our children's stay in order; a closed terminal is no error."""
    with suppress(OSError):
        print(text, flush=True)


# What the operating system must bring


class Need(NamedTuple):
    """Something from the operating system, and the packages that bring it."""

    what: str
    present: Callable[[], bool]
    apt: str
    dnf: str = ""
    brew: str = ""
    vital: bool = False


def is_program(*names: str) -> Callable[[], bool]:
    """A question: is one of these on PATH, or where Debian keeps PostgreSQL's programs."""
    return lambda: any(shutil.which(name) or glob.glob(f"/usr/lib/postgresql/*/bin/{name}") for name in names)


def has_pango() -> bool:
    """Whether the libraries that WeasyPrint makes certificates with can be loaded."""
    if sys.platform == "darwin":
        return any(glob.glob(f"{prefix}/lib/libpango-1.0.dylib") for prefix in ("/opt/homebrew", "/usr/local"))
    try:
        return all(map(ctypes.CDLL, ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")))
    except OSError:
        return False


def has_fonts() -> bool:
    """Whether an Arabic Noto font is there, and so the others that come with it."""
    debians = Path("/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf")
    return debians.exists() or "Noto Naskh Arabic" in subprocess.getoutput("fc-list : family")


def has_venv() -> bool:
    """Whether this Python can make virtual environments; Debian packages that apart."""
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
NOTO = ("google-noto-sans-fonts google-noto-naskh-arabic-fonts", "--cask font-noto-sans font-noto-naskh-arabic")
VENV_MODULE = Need("Python's venv", has_venv, f"python3-venv python3.{sys.version_info[1]}-venv", vital=True)
FOR_PAGES = (
    Need("Pango, which sets the certificates", has_pango, PANGO, "pango harfbuzz", "pango", vital=True),
    Need("the Noto fonts, for certificates in every language", has_fonts, "fonts-noto-core", *NOTO),
)
FOR_TESTS = (
    Need("Chromium, for the browser tests", is_program("chromium", "chromium-browser"), "chromium"),
    Need("PostgreSQL, for the tests on it", is_program("initdb"), "postgresql"),
    Need("pdftotext, for the tests of certificates", is_program("pdftotext"), "poppler-utils"),
    Need("Java, for epubcheck, which tests books", is_program("java"), "default-jre-headless"),
)


def apt(*arguments: str) -> bool:
    """Run apt-get without questions, as root; its long output is shown only when it fails."""
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120", *arguments]
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    done = subprocess.run(sudo + command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0


def may_install() -> bool:
    """Whether this is a Debian or Ubuntu on which we are root or become it without a password."""
    if not shutil.which("apt-get"):
        return False
    return os.geteuid() == 0 or subprocess.getstatusoutput("sudo -n true")[0] == 0


def ensure(*needs: Need) -> None:
    """Install what is missing where this user may; else say how, and stop if the product cannot do without it."""
    missing = [need for need in needs if not need.present()]
    if missing and may_install():
        apt("update")  # Should this fail, the lists that are there may still do.
        for need in missing:
            say(f"Installing {need.apt} with apt-get ({need.what}); this can take a few minutes.")
            apt("install", "-y", "--no-install-recommends", *need.apt.split())
    for need in missing:
        if need.present():
            continue
        mend = f"install it with this system's package manager; Debian's packages are: {need.apt}"
        for manager, names in {"apt-get": need.apt, "dnf": need.dnf, "brew": need.brew}.items():
            if names and shutil.which(manager):
                mend = f"run:\n\n    {'' if manager == 'brew' else 'sudo '}{manager} install {names}\n"
        if need.vital:
            sys.exit(f"Missing: {need.what}. Please {mend}\nThen start this again.")
        say(f"Warning: missing: {need.what}. Going on without; to mend it, {mend}")


# The virtual environment


def set_up(*names: str) -> None:
    """Make .venv hold what the requirement files say; the stamp, written last, tells that it does."""
    made = f"Python 3.{sys.version_info[1]} at {VENV}"
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in names}
    lock = os.open(ROOT, os.O_RDONLY)  # Another run.py waits until we are done; a folder needs no lock file.
    fcntl.flock(lock, fcntl.LOCK_EX)
    stamp = {}
    with suppress(OSError, ValueError):
        stamp = json.loads(STAMP.read_text())
    # Half made, moved here or of another Python: pip cannot tell what in it is whole, so it is made anew.
    anew = stamp.get("made") != made or not (BIN / "python").exists()
    if anew or any(stamp.get(name) != digest for name, digest in wanted.items()):
        say(f"Installing {' and '.join(names)} into .venv; the first time this takes a minute or two.")
        if anew:
            stamp = {"made": made}
            shutil.rmtree(VENV, ignore_errors=True)
        with suppress(OSError):
            STAMP.unlink()
        install([part for name in names for part in ("-r", name)])
        STAMP.write_text(json.dumps({**stamp, **wanted}))
    os.close(lock)


def usable_uv() -> str | None:
    """The uv on PATH; but it does not read pip's settings, so where there are any, pip it is."""
    files = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf", "~/Library/Application Support/pip/pip.conf")
    is_set = any(name.startswith("PIP_") for name in os.environ) or any(
        os.path.exists(os.path.expanduser(f)) for f in files
    )
    return None if is_set else shutil.which("uv")


def install(requirements: list[str]) -> None:
    """Install with uv if that works, else with pip, in an environment that is made if need be."""
    python, uv = str(BIN / "python"), usable_uv()
    if uv:
        if not BIN.exists():
            subprocess.call([uv, "venv", "--quiet", "--python", BASE_PYTHON, str(VENV)])
        if subprocess.call([uv, "pip", "install", "--quiet", "--python", python, *requirements], cwd=ROOT) == 0:
            return
        say("uv could not do it; trying pip.")
    if not (BIN / "pip").exists():
        ensure(VENV_MODULE)
        if subprocess.call([BASE_PYTHON, "-m", "venv", str(VENV)]):
            sys.exit(f"Could not make {VENV}: see the message above.")
    pip = [python, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    if subprocess.call([*pip, *requirements], cwd=ROOT):
        sys.exit(
            "pip could not install the requirements: see its message above. If it found no package index, "
            "name yours in pip.conf or PIP_INDEX_URL. Then start this again."
        )


def compile_translations() -> None:
    """Compile the translation catalogues if any is newer than what was compiled from it."""
    for po in ROOT.glob("lms/translations/*/LC_MESSAGES/messages.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            command = [str(BIN / "pybabel"), "-q", "compile", "-d", "lms/translations", "-D", "messages"]
            if subprocess.call(command, cwd=ROOT):
                sys.exit("The translations do not compile: mend the .po file named above.")
            return


# The lesson editor: the one thing that is made with Node


def has_node() -> bool:
    """Whether there is a Node that is new enough, with its npm."""
    version = subprocess.getoutput("node --version").removeprefix("v").split(".")[0]
    return bool(shutil.which("npm")) and version.isdecimal() and int(version) >= NODE


def build_editor() -> None:
    """Build the lesson editor, once for each state of its source; without it authors write in a plain field."""
    names = ("package.json", "package-lock.json", "build.mjs", "src/*.js")
    files = [path for name in names for path in sorted(EDITOR.glob(name))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    BUILT.mkdir(parents=True, exist_ok=True)
    lock = os.open(EDITOR, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    stamp = BUILT / "stamp"
    if not (BUILT / "editor.js").exists() or not stamp.exists() or stamp.read_text() != digest:
        with suppress(SystemExit):
            if not has_node():
                install(["-r", "requirements-node.txt"])
        for command in (["npm", "ci", "--ignore-scripts", "--silent"], ["node", "build.mjs"]):
            if not has_node() or subprocess.call(command, cwd=EDITOR, stdin=subprocess.DEVNULL):
                say("The lesson editor was not built: authors write Markdown in a plain field. See docs/production.md.")
                break
        else:
            stamp.write_text(digest)
    os.close(lock)


def install_verifiers() -> None:
    """Install the verifiers by others that the tests ask about credentials; without them those tests are skipped."""
    lock = os.open(VERIFIERS, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    digest = hashlib.sha256((VERIFIERS / "package-lock.json").read_bytes()).hexdigest()
    stamp = VERIFIERS / "node_modules" / "stamp"
    if not stamp.exists() or stamp.read_text() != digest:
        with suppress(SystemExit):
            if not has_node():
                install(["-r", "requirements-node.txt"])
        if has_node() and not subprocess.call(
            ["npm", "ci", "--ignore-scripts", "--silent"], cwd=VERIFIERS, stdin=subprocess.DEVNULL
        ):
            stamp.write_text(digest)
        else:
            say("The verifiers of tests/verifiers were not installed: the tests that ask them are skipped.")
    os.close(lock)


# The server and its worker


def free_port(host: str) -> int:
    """The port asked for, which must be free, or else the first free one."""
    asked = os.environ.get("PORT")
    if asked and not (asked.isdigit() and 0 < int(asked) < 65536):
        sys.exit(f"PORT is {asked!r}; it must be a number from 1 to 65535.")
    for port in [int(asked)] if asked else PORTS:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # As servers do; without it a port whose last connections are still winding down looks taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return port
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    sys.exit(f"Cannot listen at {host}, port {port} (set by HOST and PORT): {error.strerror}.")
    taken = f"Port {asked} is" if asked else f"All ports from {PORTS[0]} to {PORTS[-1]} are"
    sys.exit(f"{taken} in use. Stop what uses it, or give another: PORT=8200 python3 run.py")


def flask(*arguments: str) -> None:
    """Run one of the product's own commands to its end."""
    if subprocess.call([str(BIN / "flask"), "--app", "wsgi", *arguments], cwd=ROOT):
        sys.exit(f"This failed, see the message above: flask --app wsgi {' '.join(arguments)}")


def is_current(database: Path) -> bool:
    """Whether an SQLite file is at the newest migration; if in doubt not, as it only saves Flask's second to start."""
    newest = max((path.stem.split("_")[0] for path in ROOT.glob("migrations/versions/*.py")), default="")
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest,)]
    return False


def prepare_data(data: Path) -> None:
    """Bring the database up to date; fill it with the demo if this is the first start of our own SQLite file."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    beginning = data / "beginning"  # Stays when the first start is cut short, so that the next one finishes it.
    ours = None if os.environ.get("LMS_DATABASE_URL") else data / "lms.sqlite3"
    if ours and not ours.exists():
        say("First start: making the database and filling it with a demonstration.")
        beginning.touch()
    if not (ours and is_current(ours)):
        flask("database", "upgrade")
    if beginning.exists():
        flask("demo", "--if-empty")
        beginning.unlink()


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in a group of its own: Ctrl-C reaches only us, and we end the children in an orderly way."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: 0
    # 1 is PR_SET_PDEATHSIG: should we be killed outright, the kernel asks the child to end.
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=lambda: prctl(1, signal.SIGTERM))


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End at once what is left of a child and its own children, which would keep the port."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group of the dead.
        os.killpg(process.pid, signal.SIGKILL)


@dataclass
class Child:
    """A process that is started again whenever it ends, after a pause that grows while it keeps ending early."""

    name: str
    command: list[str]
    may_give_up: bool = False
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    early_deaths: int = 0

    def tend(self) -> None:
        """Start it if it is time to; see whether it has ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.process, self.start_at = start(self.command), now
            return
        code = self.process.poll()
        if code is None:
            return
        end_group(self.process)
        self.process = None
        self.early_deaths = self.early_deaths + 1 if now - self.start_at < EARLY_SECONDS else 0
        if self.may_give_up and self.early_deaths == EARLY_DEATHS:
            say(f"The {self.name} ended {EARLY_DEATHS} times just after its start (exit code {code}): see above why.")
            sys.exit(128 - code if code < 0 else code or 1)
        pause = min(30.0, 0.5 * 2**self.early_deaths)
        self.start_at = now + pause
        say(f"The {self.name} ended (exit code {code}); starting it again in {pause:g} s.")


def stop(children: list[Child]) -> None:
    """Ask all to end, wait, and force those that do not."""
    deadline = time.monotonic() + STOP_SECONDS
    running = [child.process for child in children if child.process]
    for process in running:
        process.terminate()
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        end_group(process)


def hindrance(address: str) -> str:
    """Why the server cannot serve yet, nothing once it can; asked without any proxy, as it is this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/readyz", timeout=2):
            return ""
    except urllib.error.HTTPError as answer:
        return answer.read(1000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return str(error)


def supervise(children: list[Child], address: str, data: Path) -> None:
    """Keep the children running until a signal; announce the address once it answers."""
    signals: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup has it ignored
            signal.signal(number, lambda got, _: signals.append(got))
    ready, latest = False, time.monotonic() + READY_SECONDS
    try:
        while not signals:
            for child in children if ready else children[:1]:  # The server first: people wait for it.
                child.tend()
            if not ready:
                said = hindrance(address)
                ready = not said
                if ready:
                    announce(address, data)
                elif time.monotonic() > latest:
                    sys.exit(f"{address}/readyz did not answer 200 within {READY_SECONDS} s: {said}")
            time.sleep(0.2 if ready else 0.05)
        say("\nStopping.")
    finally:
        stop(children)


def announce(address: str, data: Path) -> None:
    """Say where it runs, how to get in, and how to stop it."""
    lines = [f"Concord is running at   {address}", ""]
    if (data / "demo").exists():
        lines += ["Demo sign-ins           trainee   mentor   manager   admin"]
        lines += ["Password of each        policing-by-consent", ""]
    lines += [f"Its data is in          {data}", "To stop it              Ctrl-C"]
    say("\n".join(["", "=" * 72, *lines, "=" * 72, ""]))


def run() -> None:
    """Start the product and keep it running until Ctrl-C."""
    host = os.environ.get("HOST") or "127.0.0.1"
    port = free_port(host)
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
    data = Path(os.environ.get("LMS_DATA_DIR") or ROOT / "var").resolve()
    os.environ["LMS_DATA_DIR"] = str(data)
    os.environ.setdefault("LMS_BASE_URL", address)
    prepare_data(data)
    workers = os.environ.get("WEB_WORKERS") or str(min(max(os.cpu_count() or 2, 2), 8))
    threads = os.environ.get("WEB_THREADS") or "1"
    web = [str(BIN / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", workers]
    web += ["--blocking-threads", threads, "--backlog", "1024", "--respawn-failed-workers"]
    web += ["--workers-kill-timeout", "10", "--log-level", "warning", "wsgi:app"]
    worker = [str(BIN / "flask"), "--app", "wsgi", "jobs", "work"]
    # Nobody waits for it: until it is there, authors have the plain field.
    threading.Thread(target=build_editor, daemon=True).start()
    supervise([Child("web server", web, may_give_up=True), Child("job worker", worker)], address, data)


# Checks, tests, benchmarks


class Result(NamedTuple):
    """How one step ended."""

    name: str
    code: int
    seconds: float
    output: str

    def __str__(self) -> str:
        return f"{'FAILED' if self.code else 'ok    '} {self.seconds:7.1f} s  {self.name}"


def step(name: str, *arguments: str, quietly: bool = False) -> Result:
    """Run one of .venv's programs; when interrupted, let it tidy up, as a test run has servers to stop."""
    began, (program, *rest) = time.monotonic(), name.split()
    command, pipe = [str(BIN / program), *rest, *arguments], subprocess.PIPE if quietly else None
    process = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe and subprocess.STDOUT, text=True)
    try:
        output = process.communicate()[0]
    except BaseException as stopped:
        if not isinstance(stopped, KeyboardInterrupt):  # Ctrl-C has reached it already.
            process.send_signal(signal.SIGINT)
        process.wait()
        raise
    return Result(" ".join([name, *arguments]), process.returncode, time.monotonic() - began, output or "")


def check() -> list[Result]:
    """Run the checks beside each other; show what those that failed have to say."""
    results = []
    with ThreadPoolExecutor() as pool:
        for result in pool.map(lambda name: step(name, quietly=True), CHECKS):
            say(f"{result.output}{result}" if result.code else str(result))
            results.append(result)
    return results


def pytest(*arguments: str) -> Result:
    """Run the tests, showing them as they go."""
    say(f"\n{PYTEST} {' '.join(arguments)}")
    return step(PYTEST, *arguments)


def summarise(results: list[Result]) -> None:
    """Say how each step ended, and fail if one did."""
    failed = sum(result.code != 0 for result in results)
    say("\n" + "\n".join(map(str, results)))
    sys.exit(f"\n{failed} of {len(results)} steps failed." if failed else 0)


def main(command: str = "run", *arguments: str) -> None:
    """Set up what the command needs and do it."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is for those who have not read the requirements
        sys.exit(OLD_PYTHON.format(sys.version.split()[0]))
    takes_arguments = command in ("test", "bench")
    if command not in ("run", "test", "check", "bench", "setup") or (arguments and not takes_arguments):
        say(str(__doc__))
        sys.exit(0 if command in ("help", "-h", "--help") else 2)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # A shell's background job would hand down its deafness.
    if command != "check":
        ensure(*FOR_PAGES, *(FOR_TESTS if command == "test" else ()))
    set_up("requirements.txt", *(("requirements-dev.txt",) if takes_arguments or command == "check" else ()))
    os.environ.update(PATH=f"{BIN}:{os.environ.get('PATH', os.defpath)}", VIRTUAL_ENV=str(VENV))
    if sys.platform == "darwin":
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    compile_translations()
    if command in ("setup", "test"):
        build_editor()
    if command == "test":
        install_verifiers()
    if command == "run":
        run()
    elif command == "check":
        summarise(check())
    elif command == "test" and arguments:
        sys.exit(pytest(*arguments).code)
    elif command == "test":
        summarise(
            [
                *check(),
                pytest("--database=sqlite", "-m", "not (browser or server)", *SPREAD),
                pytest("--database=postgresql", "-m", "not (browser or server or once)", *SPREAD),
                # One after the other: they measure, and start servers that take the whole machine.
                pytest("--database=sqlite", "-m", "browser or server"),
            ]
        )
    elif command == "bench":
        sys.exit(step("python -m benchmarks", *arguments).code)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
