"""Each process of the demo is told what it needs and no more."""

from pathlib import Path

import pytest

from infrastructure.embedded.demo_settings import DemoSettings

SERVICES = {
    "ADMIN_DATABASE_URL": "postgresql://postgres:admin@127.0.0.1:5/postgres",
    "DATABASE_HOST_PORT": "127.0.0.1:5",
    "REDIS_URL": "redis://:secret@127.0.0.1:6/0",
}


def settings(folder: Path) -> DemoSettings:
    return DemoSettings(services=SERVICES, secrets_file=folder / "secrets.env", port=8001)


def test_a_process_signs_in_as_itself_and_knows_no_other_password(tmp_path: Path) -> None:
    told = settings(tmp_path).process("relay")
    assert told["DATABASE_URL"].startswith("postgresql://send_relay:")
    assert (told["DOMAIN"], told["SCHEME"], told["DEMO"]) == ("localhost:8001", "http", "1")
    assert not [name for name in told if name == "ADMIN_DATABASE_URL" or name.endswith("_PASSWORD")]


def test_the_preparation_knows_every_login(tmp_path: Path) -> None:
    told = settings(tmp_path).preparation()
    logins = ("WEB", "WORKER", "RELAY", "MIGRATOR", "AUDITOR", "BACKUP")
    assert all(len(told[f"SEND_{login}_PASSWORD"]) > 30 for login in logins)
    assert told["MIGRATOR_DATABASE_URL"].startswith("postgresql://send_migrator:")
    assert told["ADMIN_DATABASE_URL"] == SERVICES["ADMIN_DATABASE_URL"]


def test_passwords_are_kept_for_the_next_start_and_for_the_owner_only(tmp_path: Path) -> None:
    assert settings(tmp_path).preparation() == settings(tmp_path).preparation()
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_addresses_in_the_persons_own_shell_do_not_leak_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTRY_DSN", "https://key@elsewhere.example/1")
    monkeypatch.setenv("AWS_PROFILE", "work")
    told = settings(tmp_path).process("web")
    assert not {"SENTRY_DSN", "AWS_PROFILE"} & told.keys()
