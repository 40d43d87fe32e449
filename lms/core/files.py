"""Files that the product keeps: written whole or not at all, and readable by the service alone."""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def writing_whole(path: Path) -> Iterator[IO[bytes]]:
    """What is written comes to ``path`` durably: a crash leaves the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, durably and whole."""
    with writing_whole(path) as file:
        file.write(content)


def write_once(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` durably, unless something is there: of those that come together, one stays."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_whole(fresh, content)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def keep_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret kept at ``path`` with mode 600, made at the first asking.

    Processes and threads that ask together agree on one secret: all but the first to link theirs read that one.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        write_once(path, make())
    return path.read_bytes()
