"""A PostgreSQL server of the tests' own, started from the machine's binaries and thrown away."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class Cluster:
    """A server on a free port of this machine, without fsync, gone when the tests are."""

    def __init__(self, binaries: Path) -> None:
        self.programs = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="concord-postgresql-"))
        self.port = _free_port()
        self.databases = 0

    @staticmethod
    def binaries() -> Path | None:
        """Where `initdb` and `postgres` lie, 15 or newer."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
        if found and int(found[-1].parts[4]) >= 15:
            return found[-1].parent
        elsewhere = shutil.which("initdb")
        return Path(elsewhere).parent if elsewhere else None

    def _run(self, *command: str) -> None:
        # The server refuses to run as root; Debian's package brings a user for it.
        user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )

    def __enter__(self) -> Self:
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        data = str(self.folder / "data")
        self._run(
            str(self.programs / "initdb"),
            "-D",
            data,
            "-U",
            "concord",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        self._start()
        return self

    def _start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
        log = str(self.folder / "log")
        data = str(self.folder / "data")
        self._run(str(self.programs / "pg_ctl"), "-D", data, "-l", log, "-o", options, "-w", "start")

    def crash(self) -> None:
        """Kill the server outright and start it again on what it left behind."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        # Its children notice and end; a new server refuses to start before the last has.
        for _ in range(100):
            time.sleep(0.1)
            try:
                self._start()
                return
            except subprocess.CalledProcessError:
                continue
        raise RuntimeError("PostgreSQL did not come back within ten seconds")

    def new_database(self) -> str:
        """The address of a fresh database."""
        self.databases += 1
        name = f"concord_{self.databases}"
        self._run(str(self.programs / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "concord", name)
        return f"postgresql+psycopg://concord@127.0.0.1:{self.port}/{name}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._run(str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
