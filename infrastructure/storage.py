"""Documents in S3: a quarantine bucket for what nobody has checked yet, a clean bucket for what was."""

import base64
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Protocol, cast
from urllib.parse import quote

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError

from infrastructure.buckets import prepare_buckets
from infrastructure.s3_client import Clients

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ENCRYPTION: Final = "AES256"
DOWNLOAD_SECONDS = 60
IN_THIS_THREAD = TransferConfig(use_threads=False)
IN_MEMORY = 1024 * 1024


class StorageUnavailable(Exception):
    """The storage did not answer, or not as it should. Try again later."""


class NotStored(Exception):
    """There is nothing under this key."""


class TooLarge(Exception):
    """More was sent than was agreed. Nothing of it was kept."""


class AlreadyKept(Exception):
    """Something else is already kept under this key. Keys are never reused."""


@dataclass(frozen=True, slots=True)
class UploadForm:
    """Where a browser posts a file, and the fields it sends before the file."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    size: int
    etag: str


class Storage(Protocol):
    def upload_form(
        self, key: str, *, content_type: str, max_bytes: int, minutes: int = 10
    ) -> UploadForm: ...

    def put_quarantine(self, key: str, file: IO[bytes], *, content_type: str, max_bytes: int) -> None:
        """For a form without JavaScript: nothing is held in memory but a part at a time."""

    def head_quarantine(self, key: str) -> Stored | None: ...

    def read_quarantine(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """A copy of our own that can be read again and again: what is checked is what is kept."""

    def discard_quarantine(self, key: str) -> None: ...

    def keep(self, key_from: str, key_to: str, *, content_type: str, sha256: str, stream: IO[bytes]) -> str:
        """Put what was checked into the clean bucket, once; the version id, also if it was there already."""

    def download_url(self, key: str, *, version_id: str, filename: str, content_type: str) -> str:
        """For a minute, for this version only, under this name and type. Never store, log or mail it."""

    def prepare(self) -> None:
        """Create what is missing: for the operator, who may do more than any process of the service."""

    def ping(self) -> None: ...


class S3Storage:
    """Any S3. Safe in threads, and after a fork."""

    def __init__(
        self,
        *,
        quarantine: str,
        clean: str,
        region: str,
        endpoint_url: str | None = None,
        origins: Sequence[str] = (),
    ) -> None:
        self._quarantine = quarantine
        self._clean = clean
        self._origins = origins
        self._clients = Clients(region=region, endpoint_url=endpoint_url)

    def upload_form(self, key: str, *, content_type: str, max_bytes: int, minutes: int = 10) -> UploadForm:
        fields = {"Content-Type": content_type, "x-amz-server-side-encryption": ENCRYPTION}
        conditions: list[object] = [{name: value} for name, value in fields.items()]
        conditions.append(["content-length-range", 1, max_bytes])
        with _translated():
            form = self._client.generate_presigned_post(
                self._quarantine, key, Fields=fields, Conditions=conditions, ExpiresIn=minutes * 60
            )
        return UploadForm(form["url"], form["fields"])

    def put_quarantine(self, key: str, file: IO[bytes], *, content_type: str, max_bytes: int) -> None:
        with _translated():
            self._client.upload_fileobj(
                cast("IO[bytes]", _Limited(file, max_bytes)),  # boto3 only ever reads
                self._quarantine,
                key,
                ExtraArgs={"ContentType": content_type, "ServerSideEncryption": ENCRYPTION},
                Config=IN_THIS_THREAD,
            )

    def head_quarantine(self, key: str) -> Stored | None:
        try:
            with _translated():
                head = self._client.head_object(Bucket=self._quarantine, Key=key)
        except NotStored:
            return None
        return Stored(head["ContentLength"], head["ETag"].strip('"'))

    @contextmanager
    def read_quarantine(self, key: str) -> Iterator[IO[bytes]]:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
            with _translated():
                self._client.download_fileobj(self._quarantine, key, copy, Config=IN_THIS_THREAD)
            copy.seek(0)
            yield copy

    def discard_quarantine(self, key: str) -> None:
        with _translated():
            self._client.delete_object(Bucket=self._quarantine, Key=key)

    def keep(self, key_from: str, key_to: str, *, content_type: str, sha256: str, stream: IO[bytes]) -> str:
        stream.seek(0)
        try:
            with _translated():
                kept = self._client.put_object(
                    Bucket=self._clean,
                    Key=key_to,
                    Body=stream,
                    ContentType=content_type,
                    ChecksumSHA256=_base64(sha256),
                    IfNoneMatch="*",
                    Metadata={"checked-as": key_from, "sha256": sha256},
                    ServerSideEncryption=ENCRYPTION,
                )
        except AlreadyKept:
            return self._version_kept_before(key_to, sha256)
        return kept["VersionId"]

    def _version_kept_before(self, key: str, sha256: str) -> str:
        """A job that ran before and lost its answer: the same content is success, other is a fault."""
        with _translated():
            head = self._client.head_object(Bucket=self._clean, Key=key)
        if head["Metadata"].get("sha256") != sha256:
            raise AlreadyKept
        return head["VersionId"]

    def download_url(self, key: str, *, version_id: str, filename: str, content_type: str) -> str:
        with _translated():
            return self._client.generate_presigned_url(
                "get_object",
                {
                    "Bucket": self._clean,
                    "Key": key,
                    "VersionId": version_id,
                    "ResponseContentDisposition": attachment(filename),
                    "ResponseContentType": content_type,
                    "ResponseCacheControl": "private, no-store",
                },
                ExpiresIn=DOWNLOAD_SECONDS,
            )

    def prepare(self) -> None:
        with _translated():
            prepare_buckets(
                self._client, quarantine=self._quarantine, clean=self._clean, origins=self._origins
            )

    def ping(self) -> None:
        with _translated():
            for bucket in (self._quarantine, self._clean):
                self._client.head_bucket(Bucket=bucket)

    @property
    def _client(self) -> "S3Client":
        return self._clients.mine()


class _Limited:
    """Reads no more than was agreed."""

    def __init__(self, file: IO[bytes], max_bytes: int) -> None:
        self._file = file
        self._left = max_bytes

    def read(self, size: int = -1) -> bytes:
        most = self._left + 1
        block = self._file.read(most if size < 0 else min(size, most))
        self._left -= len(block)
        if self._left < 0:
            raise TooLarge
        return block


@contextmanager
def _translated() -> Iterator[None]:
    """Callers know these errors and not those of boto3."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("404", "NoSuchKey", "NotFound"):
            raise NotStored from None
        if code in ("PreconditionFailed", "412"):
            raise AlreadyKept from None
        raise StorageUnavailable(code) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageUnavailable(type(error).__name__) from error


def attachment(filename: str) -> str:
    """A Content-Disposition that every browser understands (RFC 6266), whatever the name holds."""
    name = (
        "".join(
            "_" if character in '/\\:*?"<>|' or unicodedata.category(character).startswith("C") else character
            for character in unicodedata.normalize("NFC", filename)
        ).strip(" .")[-150:]
        or "document"
    )
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace("%", "_").strip()
    if plain.startswith(".") or not plain:
        plain = f"document{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()
