"""The adapters of a process, opened once."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn, cast

from infrastructure.mail import Mailer, MailServer, SmtpMailer
from infrastructure.scanning.scanner import Scanner, open_scanner
from infrastructure.settings import Settings
from infrastructure.storage import S3Storage, Storage


class NotConfigured(Exception):
    """This process was started without this part of the outside world."""


@dataclass(frozen=True, slots=True)
class Adapters:
    storage: Storage
    mailer: Mailer
    scanner: Scanner


@lru_cache(maxsize=4)
def open_adapters(settings: Settings) -> Adapters:
    """The same for the same settings: all audiences of a process share one storage client."""
    return Adapters(_storage(settings), _mailer(settings), _scanner(settings))


class _Absent:
    """Stands where a part is missing, so that a process which never uses it needs no settings for it."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __getattr__(self, name: str) -> NoReturn:
        raise NotConfigured(f"This process was started without {self._part}.")


def _storage(settings: Settings) -> Storage:
    if not (settings.quarantine_bucket and settings.clean_bucket):
        return cast("Storage", _Absent("storage"))
    return S3Storage(
        quarantine=settings.quarantine_bucket,
        clean=settings.clean_bucket,
        region=settings.aws_region,
        endpoint_url=settings.s3_endpoint_url,
        origins=settings.origins,
    )


def _mailer(settings: Settings) -> Mailer:
    if not (settings.smtp_url and settings.mail_from):
        return cast("Mailer", _Absent("mail"))
    return SmtpMailer(MailServer.from_url(settings.smtp_url), sender=settings.mail_from)


def _scanner(settings: Settings) -> Scanner:
    return open_scanner(settings.scanner_url) if settings.scanner_url else cast("Scanner", _Absent("scanner"))
