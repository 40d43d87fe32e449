"""The course package: a course folder in one zip file, in and out without loss."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from lms.exchange.archive import files_of
from lms.library import folder
from lms.library.document import CourseDocument
from lms.library.problems import CourseError, Problem

# The day that zip files begin with: the same course is the same bytes, whenever it is written.
_DAY = (1980, 1, 1, 0, 0, 0)


def write(document: CourseDocument, media: Callable[[str], bytes]) -> bytes:
    """The package of a course; equal courses are equal bytes. ``media`` gives a file's bytes by its name."""
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(out, "w") as packed:
        root = Path(place) / document.slug
        folder.write(document, root, media)
        for path in sorted(root.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(place).as_posix(), _DAY)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes())
    return out.getvalue()


def read(content: bytes) -> tuple[CourseDocument, dict[str, bytes]]:
    """The course of a package, and its media by name; raises ``CourseError`` with all that is wrong."""
    files = files_of(content)
    tops = {name.partition("/")[0] for name in files if not name.startswith("__MACOSX/")}
    if len(tops) != 1 or any("/" not in name for name in files):
        raise CourseError([Problem("the archive", "holds more than one folder: pack the course's folder alone")])
    (top,) = tops
    with tempfile.TemporaryDirectory() as place:
        for name, bytes_ in files.items():
            if name.startswith(f"{top}/"):
                path = Path(place) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(bytes_)
        document = folder.read(Path(place) / top)
    return document, {name: files[f"{top}/media/{name}"] for name in document.media}
