"""What this process is told by its environment: all of it checked before anything starts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from infrastructure.environment import (
    Reading,
    SettingsError,
    address,
    like,
    mailbox,
    origin,
    secret,
    secrets,
)
from infrastructure.mail import MailServer

__all__ = ["PARTS", "Settings", "SettingsError"]

PARTS = ("database", "redis", "storage", "mail", "scanner")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = like(rf"{LABEL}(\.{LABEL})*(:\d{{1,5}})?", "a host in small letters, such as send.example.org")
BUCKET = like(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of a bucket")
REGION = like(r"[a-z]{2}(-[a-z]+)+-\d", "a region such as eu-west-2")
WORD = like(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}", "one word")
DIGIT = like(r"[0-9]", "a number from 0 to 9")
DEMO_SENDER = "Locality SEND support <no-reply@example.org>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is neither given nor needed by this kind of process is None."""

    demo: bool
    domain: str
    scheme: str
    secret_key: str = field(repr=False)
    previous_secret_keys: tuple[str, ...] = field(repr=False)
    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    s3_endpoint_url: str | None
    aws_region: str
    quarantine_bucket: str | None
    clean_bucket: str | None
    smtp_url: str | None = field(repr=False)
    mail_from: str | None
    mail_folder: Path | None
    scanner_url: str | None
    sentry_dsn: str | None = field(repr=False)
    trusted_proxies: int
    environment: str
    release: str | None
    log_level: str

    @classmethod
    def from_environment(cls, env: Mapping[str, str], needs: Collection[str] = PARTS) -> "Settings":
        """Reports every problem at once. `needs` names the parts that this kind of process works with."""
        if unknown := set(needs) - set(PARTS):
            raise ValueError(f"The outside world has no part called {', '.join(sorted(unknown))}")
        read = Reading(env, needs)
        settings = _read_all(read)
        read.refuse_problems()
        return settings

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def origins(self) -> tuple[str, ...]:
        """Where pages of the service come from, as an S3 CORS rule writes it."""
        return (f"{self.scheme}://{self.domain}", f"{self.scheme}://*.{self.domain}")

    @property
    def storage_origin(self) -> str:
        """The sources that a content security policy allows for uploads and downloads."""
        if self.s3_endpoint_url:
            parts = urlsplit(self.s3_endpoint_url)
            return f"{parts.scheme}://{parts.netloc}"
        buckets = [bucket for bucket in (self.quarantine_bucket, self.clean_bucket) if bucket]
        return " ".join(f"https://{bucket}.s3.{self.aws_region}.amazonaws.com" for bucket in buckets)


def _read_all(read: Reading) -> Settings:
    web = ("https", "http") if read.demo else ("https",)
    region = read.word("AWS_DEFAULT_REGION", REGION, default="eu-west-2")
    return Settings(
        demo=read.demo,
        domain=read.always("DOMAIN", HOST),
        scheme=read.choice("SCHEME", web, default=web[-1]),
        secret_key=read.always("SECRET_KEY", secret),
        previous_secret_keys=_listed(read.text("PREVIOUS_SECRET_KEYS", secrets)),
        database_url=_with_driver(read.text("DATABASE_URL", address("postgresql"), part="database")),
        redis_url=read.text("REDIS_URL", address("redis", "rediss", "unix"), part="redis"),
        s3_endpoint_url=read.text("S3_ENDPOINT_URL", origin(*web)),
        aws_region=read.word("AWS_REGION", REGION, default=region),
        quarantine_bucket=read.text("QUARANTINE_BUCKET", BUCKET, part="storage", in_demo="send-quarantine"),
        clean_bucket=read.text("CLEAN_BUCKET", BUCKET, part="storage", in_demo="send-clean"),
        smtp_url=read.text("SMTP_URL", mail_server if read.demo else encrypted_mail_server, part="mail"),
        mail_from=read.text("MAIL_FROM", mailbox, part="mail", in_demo=DEMO_SENDER),
        mail_folder=_path(read.only_in_demo("MAIL_FOLDER")),
        scanner_url=read.text("SCANNER_URL", demo_scanner if read.demo else scanner, part="scanner"),
        sentry_dsn=read.text("SENTRY_DSN", address("https", "http")),
        trusted_proxies=int(read.word("TRUSTED_PROXIES", DIGIT, default="0")),
        environment=read.word("ENVIRONMENT", WORD, default="demo" if read.demo else "production"),
        release=read.text("RELEASE", WORD),
        log_level=read.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
    )


def mail_server(url: str) -> str:
    try:
        MailServer.from_url(url)
    except ValueError as trouble:
        return str(trouble)
    return ""


def encrypted_mail_server(url: str) -> str:
    trouble = mail_server(url)
    if trouble or not MailServer.from_url(url).tells_password_in_clear:
        return trouble
    return "must not send a password in the clear: use smtps:// or add ?starttls=1"


def scanner(url: str) -> str:
    return address("clamd")(url)


def demo_scanner(url: str) -> str:
    """The demo's own rules know a handful of files: never enough for real ones."""
    return "" if url == "demo:" else scanner(url)


def _with_driver(url: str | None) -> str | None:
    return url and url.replace("postgresql://", "postgresql+psycopg://", 1)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
