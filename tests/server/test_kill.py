"""Acknowledged means durable: the server is killed in the middle of its work, on both engines."""

from pathlib import Path

import pytest

from tests.conftest import missing
from tests.postgresql import Cluster
from tests.server.kill import drill

pytestmark = pytest.mark.server


def test_nothing_acknowledged_is_lost_on_sqlite(tmp_path: Path) -> None:
    assert drill(f"sqlite:///{tmp_path / 'lms.sqlite3'}", tmp_path, rounds=2) > 50


def test_nothing_acknowledged_is_lost_on_postgresql_that_is_killed_too(tmp_path: Path) -> None:
    binaries = Cluster.binaries()
    if binaries is None:
        missing("PostgreSQL", "install it (Debian: apt-get install postgresql)")
        return
    with Cluster(binaries) as cluster:
        assert drill(cluster.new_database(), tmp_path, rounds=2, after_kill=cluster.crash) > 50
