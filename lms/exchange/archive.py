"""Zip files from elsewhere, opened as if each were made to do harm."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator

from lms.library.problems import CourseError, Problem

MOST_FILES = 5_000
# In bytes, unpacked; and how many times larger a large file may become.
LARGEST, MOST_GAIN, SMALL = 300_000_000, 200, 1_000_000
_STEP = 1_000_000
_UNSAFE = re.compile(r"(^|/)\.\.(/|$)|^/|^[A-Za-z]:|\\|[\x00-\x1f]|//")


def files_of(content: bytes) -> dict[str, bytes]:
    """Every file of a zip by its name; raises ``CourseError`` naming the entry and the mend, and keeps nothing.

    What the archive says of sizes is never believed: bytes are counted as they come.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            _check_names(opened.infolist())
            files, whole = {}, 0
            for entry in opened.infolist():
                if entry.is_dir():
                    continue
                files[entry.filename] = b"".join(_read(opened, entry, LARGEST - whole))
                whole += len(files[entry.filename])
            return files
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, CourseError):
            raise
        raise _refused("the archive", "is not a whole zip file: make it again and send it once more") from None


def _refused(place: str, words: str) -> CourseError:
    return CourseError([Problem(place[:200], words)])


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise _refused("the archive", f"holds more than {MOST_FILES:,} files: take out what the course does not show")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if _UNSAFE.search(name.rstrip("/") or "/"):
            raise _refused(name, "leads out of the archive: pack the folder again with plain names")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(name, "is a link or a device: put the file itself into the archive")
        if entry.flag_bits & 0x1:
            raise _refused(name, "is encrypted: pack it again without a password")
        if name.casefold() in seen:
            raise _refused(name, "stands twice: give each file its own name")
        seen.add(name.casefold())


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    size = 0
    with opened.open(entry) as file:
        while step := file.read(_STEP):
            size += len(step)
            if size > room:
                raise _refused(entry.filename, f"makes the archive larger than {LARGEST // 1_000_000} MB: leave it out")
            if size > SMALL and size > MOST_GAIN * max(entry.compress_size, 1):
                raise _refused(entry.filename, "unpacks to hundreds of times its size: leave it out")
            yield step
