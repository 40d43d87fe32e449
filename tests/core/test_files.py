"""Secrets and files are written whole, also when many ask at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lms.core.files import keep_secret, write_whole
from lms.core.settings import SettingsError, from_environment


def test_many_who_ask_together_agree_on_one_secret_that_only_the_service_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one"
    with ThreadPoolExecutor(16) as crowd:
        secrets = list(crowd.map(lambda number: keep_secret(path, lambda: b"secret %d" % number), range(64)))
    assert len(set(secrets)) == 1
    assert path.read_bytes() == secrets[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["one"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_the_session_key_is_made_once_and_kept_apart(tmp_path: Path) -> None:
    first = from_environment({"LMS_DATA_DIR": str(tmp_path)})["SECRET_KEY"]
    assert len(first) == 64
    assert from_environment({"LMS_DATA_DIR": str(tmp_path)})["SECRET_KEY"] == first
    assert stat.S_IMODE((tmp_path / "keys" / "sessions" / "0001").stat().st_mode) == 0o600


@pytest.mark.parametrize("weak", ["", "secret", "a" * 64, "password" * 3])
def test_a_weak_session_key_is_refused_with_the_mend(tmp_path: Path, weak: str) -> None:
    with pytest.raises(SettingsError, match="at least 32 random characters"):
        from_environment({"LMS_DATA_DIR": str(tmp_path), "LMS_SECRET_KEY": weak})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_IDLE_MINUTES", "soon"),
        ("LMS_IDLE_MINUTES_SHARED", "0"),
        ("LMS_TRUSTED_PROXIES", "x"),
        ("LMS_TRUSTED_PROXIES", "-1"),
        ("LMS_DATABASE_URL", "nonsense"),
        ("LMS_DATABASE_URL", "mysql://lms:hidden-word@host/lms"),
        ("LMS_DATABASE_URL", "postgresql://lms:hidden-word@host/lms"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} ") as refused:
        from_environment({"LMS_DATA_DIR": str(tmp_path), name: value})
    assert "hidden-word" not in str(refused.value)
