"""Course media at rest: files named by the SHA-256 of their content."""

from pathlib import Path

from lms.core.files import write_whole


def path_of(data: Path, sha256: str) -> Path:
    """Where a file with this content lies."""
    return data / "media" / sha256[:2] / sha256


def keep(data: Path, sha256: str, content: bytes) -> None:
    """Keep a file; keeping it twice is keeping it once."""
    path = path_of(data, sha256)
    if not path.exists():
        write_whole(path, content)
