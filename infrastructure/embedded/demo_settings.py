"""What each process of the demo is told: addresses, and only the passwords that it needs."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from infrastructure.embedded.ports import HOST
from infrastructure.embedded.private import write_private

DATABASE = "send"
LOGINS = ("web", "worker", "relay", "migrator", "auditor", "backup")
# Settings of the person's own shell that would lead the demo to services elsewhere.
FOREIGN = ("AWS_", "PG", "SEND_", "S3_", "SMTP_", "MAIL_", "GUNICORN_", "FLASK_")
FOREIGN_NAMES = {
    "ADMIN_DATABASE_URL",
    "CLEAN_BUCKET",
    "DATABASE_URL",
    "ENVIRONMENT",
    "FORWARDED_ALLOW_IPS",
    "MIGRATOR_DATABASE_URL",
    "PREVIOUS_SECRET_KEYS",
    "QUARANTINE_BUCKET",
    "RELEASE",
    "SENTRY_DSN",
    "TRUSTED_PROXIES",
}


class DemoSettings:
    """Environments by process, made from the services and the kept secrets."""

    def __init__(self, *, services: Mapping[str, str], secrets_file: Path, port: int) -> None:
        self._secrets = _kept_secrets(secrets_file)
        self._address = services["DATABASE_HOST_PORT"]
        self._admin_url = services["ADMIN_DATABASE_URL"]
        self._shared = {
            **{name: value for name, value in os.environ.items() if not _is_foreign(name)},
            **{name: value for name, value in services.items() if name != "ADMIN_DATABASE_URL"},
            "DEMO": "1",
            "DOMAIN": f"localhost:{port}",
            "SCHEME": "http",
            "SCANNER_URL": "demo:",
            "SECRET_KEY": self._secrets["SECRET_KEY"],
            "NO_PROXY": f"{HOST},localhost",
            "no_proxy": f"{HOST},localhost",
            "PYTHONUNBUFFERED": "1",
        }

    def process(self, login: str) -> dict[str, str]:
        return {**self._shared, "DATABASE_URL": self._url(login)}

    def preparation(self) -> dict[str, str]:
        """Making roles and tables needs more rights than serving pages ever gets."""
        return {
            **self.process("web"),
            **self._secrets,
            "ADMIN_DATABASE_URL": self._admin_url,
            "MIGRATOR_DATABASE_URL": self._url("migrator"),
            "WORKER_DATABASE_URL": self._url("worker"),
        }

    def _url(self, login: str) -> str:
        return f"postgresql://send_{login}:{self._secrets[password_name(login)]}@{self._address}/{DATABASE}"


def password_name(login: str) -> str:
    return f"SEND_{login.upper()}_PASSWORD"


def _kept_secrets(file: Path) -> dict[str, str]:
    names = ["SECRET_KEY", *(password_name(login) for login in LOGINS)]
    lines = file.read_text().splitlines() if file.exists() else []
    kept = dict(line.split("=", 1) for line in lines)
    if missing := [name for name in names if name not in kept]:
        kept |= {name: secrets.token_urlsafe(32) for name in missing}
        write_private(file, "".join(f"{name}={value}\n" for name, value in kept.items()))
    return kept


def _is_foreign(name: str) -> bool:
    return name in FOREIGN_NAMES or name.startswith(FOREIGN)
