"""What was sent is what was signed and summed: content hash, Content-MD5 and the newer checksums."""

import base64
import binascii
import hashlib
from collections.abc import Callable

from werkzeug.datastructures import Headers

from infrastructure.embedded.s3.faults import S3Error, invalid, not_offered
from infrastructure.embedded.s3.signature import UNSIGNED

TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "x-amz-checksum-crc32": lambda body: binascii.crc32(body).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
}
NOT_OFFERED = ("x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme")


def checked_body(body: bytes, headers: Headers) -> bytes:
    """The plain body. `headers` loses what only described the transfer."""
    stated = headers.get("X-Amz-Content-Sha256", UNSIGNED)
    if stated == TRAILER:
        body = _unwrap(body, headers)
    elif stated.startswith("STREAMING-"):
        raise not_offered(f"{stated} is not offered by the embedded S3.")
    elif stated != UNSIGNED and stated != hashlib.sha256(body).hexdigest():
        raise S3Error("XAmzContentSHA256Mismatch", 400, "The content does not match the hash in the request.")
    _check_md5(body, headers)
    _check_sums(body, headers)
    return body


def _check_md5(body: bytes, headers: Headers) -> None:
    stated = headers.get("Content-MD5")
    if stated is not None and _decode(stated) != hashlib.md5(body, usedforsecurity=False).digest():
        raise invalid("The Content-MD5 you gave did not match what we received.", code="BadDigest")


def _check_sums(body: bytes, headers: Headers) -> None:
    for name in NOT_OFFERED:
        if name in headers:
            raise not_offered(f"{name} is not offered by the embedded S3.")
    for name, compute in CHECKSUMS.items():
        if name in headers and _decode(headers[name]) != compute(body):
            raise invalid(f"Value for {name} header is invalid.", code="BadDigest")


def _unwrap(chunked: bytes, headers: Headers) -> bytes:
    """aws-chunked: size in hex, content, …, a chunk of size 0, then the checksum as a trailing header."""
    body, rest = bytearray(), chunked
    while True:
        line, found, rest = rest.partition(b"\r\n")
        size = int(line.split(b";")[0], 16) if found else -1
        if size < 0 or len(rest) < size:
            raise invalid("The chunked body is not complete.", code="IncompleteBody")
        if size == 0:
            break
        body += rest[:size]
        rest = rest[size:].removeprefix(b"\r\n")
    _read_trailers(rest, headers)
    return bytes(body)


def _read_trailers(trailers: bytes, headers: Headers) -> None:
    announced = headers.pop("X-Amz-Trailer", "").lower()
    for line in trailers.decode("latin-1").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == announced:
            headers[announced] = value.strip()
    if announced and announced not in headers:
        raise invalid("The announced trailer is missing.", code="MalformedTrailerError")
    headers.remove("X-Amz-Decoded-Content-Length")
    headers.remove("Content-Encoding")
    headers["X-Amz-Content-Sha256"] = UNSIGNED


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise invalid("A checksum is not valid base64.", code="InvalidDigest") from None
