"""Media in a folder, and in S3-compatible storage over HTTP."""

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto.server import ThreadedMotoServer

from lms.app import create_app
from lms.library.media_store import Bucket, MediaStore

CONTENT = b"\x89PNG\r\n\x1a\n" + bytes(2000)
NAME = sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    for name, value in {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="course-media")
    for each in client.list_objects_v2(Bucket="course-media").get("Contents", []):
        client.delete_object(Bucket="course-media", Key=each["Key"])
    return Bucket("course-media", endpoint)


def test_a_file_kept_on_one_machine_is_there_on_another(bucket: Bucket, tmp_path: Path) -> None:
    MediaStore(tmp_path / "one", bucket).keep(NAME, CONTENT)
    assert MediaStore(tmp_path / "two", bucket).path_of(NAME).read_bytes() == CONTENT


def test_the_folder_in_front_of_a_bucket_may_be_emptied(bucket: Bucket, tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "one", bucket)
    store.keep(NAME, CONTENT)
    shutil.rmtree(tmp_path / "one")
    assert store.path_of(NAME).read_bytes() == CONTENT


def test_a_file_that_is_kept_twice_lies_there_once(bucket: Bucket, tmp_path: Path, endpoint: str) -> None:
    for machine in ("one", "two"):
        MediaStore(tmp_path / machine, bucket).keep(NAME, CONTENT)
    listed = boto3.client("s3", endpoint_url=endpoint).list_objects_v2(Bucket="course-media")
    assert [each["Key"] for each in listed["Contents"]] == [f"media/{NAME}"]


def test_what_nobody_kept_is_not_there(bucket: Bucket, tmp_path: Path) -> None:
    assert not MediaStore(tmp_path / "one", bucket).path_of("0" * 64).exists()


def test_what_was_changed_in_the_bucket_is_not_believed(bucket: Bucket, tmp_path: Path) -> None:
    bucket.put(f"media/{NAME}", b"something else")
    assert not MediaStore(tmp_path / "one", bucket).path_of(NAME).exists()


def test_a_bucket_that_refuses_a_file_leaves_nothing_that_looks_kept(tmp_path: Path, bucket: Bucket) -> None:
    store = MediaStore(tmp_path / "one", Bucket("no-such-bucket", bucket.endpoint))
    with pytest.raises(Exception, match="NoSuchBucket"):
        store.keep(NAME, CONTENT)
    assert not list((tmp_path / "one").rglob("*"))


def test_the_settings_choose_where_media_lie(tmp_path: Path, app: Flask) -> None:
    assert app.config["MEDIA"].bucket is None
    chosen = create_app({"LMS_DATA_DIR": str(tmp_path), "LMS_MEDIA_BUCKET": "b", "LMS_MEDIA_ENDPOINT": "http://s3"})
    assert chosen.config["MEDIA"].bucket == Bucket("b", "http://s3")
