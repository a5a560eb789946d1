"""The embedded PostgreSQL: starts, keeps its data, recovers, and lets nobody in without a password."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infrastructure.embedded import postgres_files
from infrastructure.embedded.errors import EmbeddedError
from infrastructure.embedded.ports import remembered_ports
from infrastructure.embedded.postgres import EmbeddedPostgres


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    EmbeddedPostgres(tmp_path, 0, durable=False).erase()


def cluster(home: Path, *, durable: bool = False) -> EmbeddedPostgres:
    port = remembered_ports(home / "ports.json", ["postgres"])["postgres"]
    return EmbeddedPostgres(home, port, durable=durable, settings={"work_mem": "5MB"})


def setting(postgres: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(postgres.admin_url) as connection:
        row = connection.execute("select current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return str(row[0])


def test_it_starts_with_the_settings_that_tests_want(home: Path) -> None:
    postgres = cluster(home)
    postgres.start()
    names = ("server_encoding", "data_checksums", "max_connections", "fsync", "work_mem", "listen_addresses")
    assert [setting(postgres, name) for name in names] == ["UTF8", "on", "200", "off", "5MB", "127.0.0.1"]
    postgres.stop()


def test_data_survives_a_kill_and_a_stale_pid_file(home: Path) -> None:
    postgres = cluster(home, durable=True)
    postgres.start()
    assert setting(postgres, "fsync") == "on"
    with psycopg.connect(postgres.admin_url) as connection:
        connection.execute("create table kept as select 42 as answer")
    os.kill(postgres.pid, signal.SIGKILL)
    postgres.stop()
    pid_file = postgres_files.data_folder(home) / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(postgres.pid), str(os.getpid()), 1))
    again = cluster(home, durable=True)
    again.start()
    with psycopg.connect(again.admin_url) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
    again.stop()


def test_a_wrong_password_is_refused(home: Path) -> None:
    postgres = cluster(home)
    postgres.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url("postgres", "wrong", "postgres"))
    postgres.stop()


def test_the_password_is_for_the_owner_only(home: Path) -> None:
    postgres = cluster(home)
    postgres.start()
    postgres.stop()
    assert (home / "postgres-password").stat().st_mode & 0o777 == 0o600
    assert postgres_files.data_folder(home).stat().st_mode & 0o777 == 0o700


def test_data_of_another_version_is_refused_in_a_sentence(home: Path) -> None:
    postgres = cluster(home)
    postgres.start()
    postgres.stop()
    (postgres_files.data_folder(home) / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 12, but"):
        cluster(home).start()


def test_names_and_passwords_are_quoted_in_addresses(tmp_path: Path) -> None:
    url = EmbeddedPostgres(tmp_path, 5432, durable=False).url("send_web", "p@ss/word", "send")
    assert url == "postgresql://send_web:p%40ss%2Fword@127.0.0.1:5432/send"


@pytest.fixture
def leftover(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What root's server kept for a folder that is gone."""
    monkeypatch.setattr(postgres_files, "REACHABLE", tmp_path)
    folder = tmp_path / f"{postgres_files.PREFIX}0123"
    folder.mkdir()
    (folder / "belongs-to").write_text(str(tmp_path / "gone"))
    return folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps its data elsewhere")
def test_root_removes_what_belonged_to_a_folder_that_is_gone(leftover: Path) -> None:
    postgres_files.sweep()
    assert not leftover.exists()


def test_an_ordinary_user_does_not_look_into_what_is_roots(
    leftover: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its label may name a folder that only root may look into."""
    monkeypatch.setattr(os, "geteuid", lambda: postgres_files.NOBODY)
    postgres_files.sweep()
    assert leftover.exists()
