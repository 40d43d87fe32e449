"""Course media at rest: files named by the SHA-256 of their content, in a folder or in S3-compatible storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import Any

from lms.core.files import write_whole
from lms.library import pictures
from lms.library.document import CourseDocument


@dataclass(frozen=True)
class Bucket:
    """A bucket of S3-compatible storage; ``endpoint`` is empty for Amazon's own. Keys come from the environment."""

    name: str
    endpoint: str = ""

    @cached_property
    def _client(self) -> Any:
        # A quarter of a second and 20 MB, for those only who use it.
        import boto3
        from botocore.config import Config

        config = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 4, "mode": "standard"})
        return boto3.client("s3", endpoint_url=self.endpoint or None, config=config)

    def put(self, key: str, content: bytes) -> None:
        """Keep an object; what is there by its content needs no second sending."""
        if not self._has(key):
            self._client.put_object(Bucket=self.name, Key=key, Body=content)

    def get(self, key: str) -> bytes | None:
        """The object's bytes; ``None`` where there is none."""
        try:
            content: bytes = self._client.get_object(Bucket=self.name, Key=key)["Body"].read()
            return content
        except self._client.exceptions.NoSuchKey:
            return None

    def _has(self, key: str) -> bool:
        found = self._client.list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1)
        return bool(found["KeyCount"])


@dataclass(frozen=True)
class MediaStore:
    """Files by their content. A ``bucket``, where one is set, holds them, and ``folder`` may be emptied."""

    folder: Path
    bucket: Bucket | None = None

    def keep(self, sha256: str, content: bytes) -> None:
        """Keep a file; keeping it twice is keeping it once. Returns when it is durable."""
        if self.bucket is not None:
            self.bucket.put(f"media/{sha256}", content)
        if not self._path(sha256).exists():
            write_whole(self._path(sha256), content)

    def path_of(self, sha256: str) -> Path:
        """Where a file with this content lies; there is nothing at this path where nobody has kept one."""
        path = self._path(sha256)
        if self.bucket is not None and not path.exists():
            content = self.bucket.get(f"media/{sha256}")
            # What came over a network is believed when it is what was asked for.
            if content is not None and sha256_of(content).hexdigest() == sha256:
                write_whole(path, content)
        return path

    def small_path_of(self, sha256: str, width: int) -> Path:
        """Where a picture's smaller copy lies; made when first asked for, and two who make it at once make the same."""
        small = self._path(sha256).with_name(f"{sha256}-{width}")
        if not small.exists() and (path := self.path_of(sha256)).is_file():
            write_whole(small, pictures.small(path.read_bytes(), width))
        return small

    def small_bytes(self, sha256: str, width: int) -> int | None:
        """The size of a picture's smaller copy, if somebody has asked for it already."""
        small = self._path(sha256).with_name(f"{sha256}-{width}")
        return small.stat().st_size if small.exists() else None

    def reader(self, document: CourseDocument) -> Callable[[str], bytes]:
        """What gives the bytes of a document's files by their name."""
        return lambda name: self.path_of(document.media[name].sha256).read_bytes()

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def from_settings(config: Mapping[str, object]) -> MediaStore:
    """The store that the settings choose."""
    data, bucket = config["DATA_DIR"], str(config["MEDIA_BUCKET"])
    assert isinstance(data, Path)
    return MediaStore(data / "media", Bucket(bucket, str(config["MEDIA_ENDPOINT"])) if bucket else None)
