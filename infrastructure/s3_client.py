"""The boto3 client: one for each process, because sockets must not cross a fork."""

import os
import threading
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Clients:
    """The first is made at once: its 120 ms are spent at start, and a fork finds all modules imported."""

    def __init__(self, *, region: str, endpoint_url: str | None) -> None:
        self._session = boto3.session.Session(region_name=region)
        # Amazon's default is the global address, which redirects; a content policy names the regional one.
        self._endpoint_url = endpoint_url or f"https://s3.{region}.amazonaws.com"
        self._style: Literal["path", "virtual"] = "path" if endpoint_url else "virtual"
        self._lock = threading.Lock()
        self._made = (os.getpid(), self._make())

    def mine(self) -> "S3Client":
        pid, client = self._made
        return client if pid == os.getpid() else self._make_mine()

    def _make_mine(self) -> "S3Client":
        with self._lock:  # a session does not like two threads at once
            if self._made[0] != os.getpid():
                self._made = (os.getpid(), self._make())
            return self._made[1]

    def _make(self) -> "S3Client":
        return self._session.client(
            "s3",
            endpoint_url=self._endpoint_url,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": self._style},
                connect_timeout=2,
                read_timeout=10,
                retries={"total_max_attempts": 3, "mode": "standard"},
                max_pool_connections=32,
            ),
        )
