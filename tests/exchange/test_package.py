"""The course package: out and in is the same course, and what is made to do harm is refused whole."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.exchange import archive, package
from lms.library import folder
from lms.library.document import CourseDocument
from lms.library.problems import CourseError
from tests.properties.test_course_round_trip import content, documents

COURSES = sorted(path.parent for path in (Path(__file__).parents[2] / "courses").glob("*/course.yaml"))


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.name)
def test_every_course_of_the_library_goes_out_and_in_the_same(path: Path) -> None:
    document, media = folder.read(path), folder.media_of(path)
    packed = package.write(document, media)
    read, files = package.read(packed)
    assert read == document
    assert {name: files[name] for name in files} == {name: media(name) for name in document.media}
    assert package.write(read, files.__getitem__) == packed


@settings(max_examples=40)
@given(documents())
def test_any_course_goes_out_and_in_the_same(document: CourseDocument) -> None:
    read, files = package.read(package.write(document, content))
    assert read == document
    assert files == {name: content(name) for name in document.media}


def a_zip(entries: dict[str, bytes], mode: int = stat.S_IFREG | 0o644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.filename = name
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return out.getvalue()


def a_lying_bomb() -> bytes:
    """40 MB of nothing in 40 KB, with headers that say it is a hundred bytes."""
    content = bytearray(a_zip({"a/course.yaml": bytes(40_000_000)}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 100)
    content[22:26] = struct.pack("<I", 100)
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(a_zip({"a/course.yaml": b"format: 1"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    return bytes(content)


def twice() -> bytes:
    return a_zip({"a/course.yaml": b"1", "a/Course.yaml": b"2"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (a_zip({"../evil.txt": b"x"}), "leads out"),
        (a_zip({"a/../../evil.txt": b"x"}), "leads out"),
        (a_zip({"/etc/passwd": b"x"}), "leads out"),
        (a_zip({"C:/windows": b"x"}), "leads out"),
        (a_zip({"a\\..\\evil": b"x"}), "leads out"),
        (a_zip({"a/link": b"/etc/passwd"}, stat.S_IFLNK | 0o777), "is a link"),
        (encrypted(), "is encrypted"),
        (twice(), "stands twice"),
        (a_zip({"a/course.yaml": bytes(40_000_000)}), "hundreds of times"),
        (a_lying_bomb(), ""),
        (a_zip({f"a/{n}": b"" for n in range(5_001)}), "more than 5,000"),
        (a_zip({"a/course.yaml": b"format: 1" * 500})[:-40], "not a whole zip"),
        (b"", "not a whole zip"),
        (b"PK\x03\x04" + b"\0" * 400, "not a whole zip"),
        (b"GIF89a", "not a whole zip"),
        (a_zip({"a/course.yaml": b"format: 1", "b/course.yaml": b"format: 1"}), "more than one folder"),
        (a_zip({"course.yaml": b"format: 1"}), "more than one folder"),
        (a_zip({"a/notes.txt": b"hello"}), "course.yaml"),
    ],
)
def test_an_archive_made_to_do_harm_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(CourseError) as refused:
        package.read(content)
    assert words in str(refused.value)


@given(st.binary(max_size=600) | st.binary(max_size=300).map(lambda rest: a_zip({"a/course.yaml": rest})))
@settings(max_examples=150)
def test_whatever_comes_is_a_course_or_a_clear_refusal(content: bytes) -> None:
    with pytest.raises(CourseError):
        package.read(content)


def test_bytes_are_counted_and_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1_500)
    with pytest.raises(CourseError, match="larger than"):
        archive.files_of(a_zip({"a/one": bytes(range(256)) * 4, "a/two": bytes(range(256)) * 4}))
