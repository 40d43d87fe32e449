"""A long run that is killed."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.certificates.test_pdf import read

COUNT = 20
# Names are laid out one by one, so that there is time to kill it.
RUN = f"""
import sys
from pathlib import Path
from lms.designs import press
from tests.certificates.test_pdf import a_face

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    faces = [a_face(holder=f"Amina {{n}}", design="plain") for n in range({COUNT})]
    orders = [press.Order(face, None, folder / "out" / f"{{n}}.pdf") for n, face in enumerate(faces)]
    for place, digest in press.keep_all(orders, press.Shop(folder, "Concord")):
        print(place, digest, flush=True)
"""


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("[0-9]*.pdf")}


def test_it_goes_on_where_it_stopped_with_none_twice_and_none_missing(tmp_path: Path) -> None:
    script, out = tmp_path / "run.py", tmp_path / "out"
    script.write_text(RUN)
    command = [sys.executable, str(script), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    running = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    while len(digests(out)) < 3:
        assert running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    before = digests(out)
    assert 3 <= len(before) < COUNT

    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    after = digests(out)
    assert len(after) == COUNT
    assert {name: after[name] for name in before} == before, "what was there stays as it was"
    assert dict(line.split() for line in said.splitlines()) == {
        name.removesuffix(".pdf"): digest for name, digest in after.items()
    }
    assert "Amina 7" in read((out / "7.pdf").read_bytes())[1]


def test_its_processes_end_with_it_when_it_alone_is_killed(tmp_path: Path) -> None:
    script, out = tmp_path / "run.py", tmp_path / "out"
    script.write_text(RUN)
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    running = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not digests(out):
            assert running.poll() is None
            time.sleep(0.05)
        printers = [each for each in of_session(running.pid) if each != running.pid]
        assert printers
        running.kill()
        running.wait()
        end = time.monotonic() + 20
        while of_session(running.pid) and time.monotonic() < end:
            time.sleep(0.1)
        assert of_session(running.pid) == []
    finally:
        for each in of_session(running.pid):
            os.kill(each, signal.SIGKILL)


def of_session(leader: int) -> list[int]:
    """The processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) == leader and state != "Z":
            found.append(int(folder.name))
    return found
