"""Course media at rest: files named by the SHA-256 of their content."""

from collections.abc import Callable
from pathlib import Path

from lms.core.files import write_whole
from lms.library import pictures
from lms.library.document import CourseDocument


def path_of(data: Path, sha256: str) -> Path:
    """Where a file with this content lies."""
    return data / "media" / sha256[:2] / sha256


def keep(data: Path, sha256: str, content: bytes) -> None:
    """Keep a file; keeping it twice is keeping it once."""
    path = path_of(data, sha256)
    if not path.exists():
        write_whole(path, content)


def reader(data: Path, document: CourseDocument) -> Callable[[str], bytes]:
    """What gives the bytes of a document's files by their name."""
    return lambda name: path_of(data, document.media[name].sha256).read_bytes()


def small_path_of(data: Path, sha256: str, width: int) -> Path:
    """Where a picture's smaller copy lies; made when first asked for, and two who make it at once make the same."""
    path, small = path_of(data, sha256), path_of(data, sha256).with_name(f"{sha256}-{width}")
    if path.is_file() and not small.exists():
        write_whole(small, pictures.small(path.read_bytes(), width))
    return small
