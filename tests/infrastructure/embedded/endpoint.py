"""A storage endpoint as boto3, a browser form and a bare HTTP client meet it."""

import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from mypy_boto3_s3 import S3Client

NO_REDIRECTS_NO_PROXIES = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Endpoint:
    url: str
    access_key: str
    secret_key: str
    region: str = "eu-west-2"

    def client(self) -> S3Client:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(
                signature_version="s3v4", s3={"addressing_style": "path"}, retries={"max_attempts": 0}
            ),
        )

    def with_secret(self, secret_key: str) -> "Endpoint":
        return replace(self, secret_key=secret_key)

    def with_access_key(self, access_key: str) -> "Endpoint":
        return replace(self, access_key=access_key)


def fetch(
    method: str, url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Answer:
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with NO_REDIRECTS_NO_PROXIES.open(request, timeout=20) as response:
            return Answer(response.status, dict(response.headers), response.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, dict(refused.headers), refused.read())


def post_form(url: str, fields: dict[str, str], file: bytes) -> Answer:
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    disposition = 'Content-Disposition: form-data; name="file"; filename="letter.pdf"'
    parts.append(
        f"--{boundary}\r\n{disposition}\r\nContent-Type: text/html\r\n\r\n".encode() + file + b"\r\n"
    )
    parts.append(f"--{boundary}--\r\n".encode())
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return fetch("POST", url, body=b"".join(parts), headers=headers)


def form_for(endpoint: Endpoint, bucket: str, *, expires: int = 600) -> tuple[str, dict[str, str]]:
    fields = {"Content-Type": "application/pdf", "x-amz-server-side-encryption": "AES256"}
    conditions: list[Any] = [{name: value} for name, value in fields.items()]
    conditions.append(["content-length-range", 1, 1_000])
    post = endpoint.client().generate_presigned_post(
        bucket, "quarantine/1", Fields=fields, Conditions=conditions, ExpiresIn=expires
    )
    return post["url"], post["fields"]
