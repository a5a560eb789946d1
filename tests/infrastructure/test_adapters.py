"""Adapters are opened once from settings; a part that is missing says so when it is used."""

import pytest

from infrastructure.adapters import NotConfigured, open_adapters
from infrastructure.mail import SmtpMailer
from infrastructure.scanning.scanner import ClamdScanner, YaraScanner
from infrastructure.settings import Settings
from infrastructure.storage import S3Storage
from tests.infrastructure.test_settings import DEMO, SOUND


def test_a_worker_has_everything() -> None:
    adapters = open_adapters(Settings.from_environment(SOUND))
    assert isinstance(adapters.storage, S3Storage)
    assert isinstance(adapters.mailer, SmtpMailer)
    assert isinstance(adapters.scanner, ClamdScanner)


def test_only_the_demo_scans_with_its_own_rules() -> None:
    assert isinstance(open_adapters(Settings.from_environment(DEMO)).scanner, YaraScanner)


def test_the_apps_of_a_process_share_their_adapters() -> None:
    once, again = (open_adapters(Settings.from_environment(SOUND)) for _ in range(2))
    assert once is again


def test_a_web_server_without_mail_is_told_so_when_it_tries() -> None:
    web = {name: value for name, value in SOUND.items() if name not in ("SMTP_URL", "SCANNER_URL")}
    adapters = open_adapters(Settings.from_environment(web, needs=("database", "redis", "storage")))
    assert isinstance(adapters.storage, S3Storage)
    with pytest.raises(NotConfigured, match="without mail"):
        adapters.mailer.send_many([])
    with pytest.raises(NotConfigured, match="without scanner"):
        adapters.scanner.ping()
