"""The content of a request is what its hashes and checksums say, also when it comes in chunks."""

import base64
import binascii

import pytest
from werkzeug.datastructures import Headers

from infrastructure.embedded.s3.faults import S3Error
from infrastructure.embedded.s3.payload import checked_body

BODY = b"a fictional letter"
SUM = base64.b64encode(binascii.crc32(BODY).to_bytes(4, "big")).decode()


def chunked(checksum: str) -> tuple[bytes, Headers]:
    parts = [b"a\r\n", BODY[:10], b"\r\n", b"8\r\n", BODY[10:], b"\r\n0\r\n"]
    headers = Headers(
        {
            "X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "X-Amz-Trailer": "x-amz-checksum-crc32",
            "Content-Encoding": "aws-chunked",
        }
    )
    return b"".join(parts) + f"x-amz-checksum-crc32:{checksum}\r\n\r\n".encode(), headers


def test_chunks_are_joined_and_their_trailer_is_checked() -> None:
    body, headers = chunked(SUM)
    assert checked_body(body, headers) == BODY
    assert (headers["x-amz-checksum-crc32"], "Content-Encoding" in headers) == (SUM, False)


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (*chunked("AAAAAA=="), "BadDigest"),
        (chunked(SUM)[0][:9], chunked(SUM)[1], "IncompleteBody"),
        (BODY, Headers({"X-Amz-Content-Sha256": "0" * 64}), "XAmzContentSHA256Mismatch"),
        (BODY, Headers({"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}), "BadDigest"),
        (BODY, Headers({"Content-MD5": "?"}), "InvalidDigest"),
        (BODY, Headers({"X-Amz-Content-Sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}), "NotImplemented"),
    ],
)
def test_content_that_is_not_what_was_announced_is_refused(body: bytes, headers: Headers, code: str) -> None:
    with pytest.raises(S3Error) as fault:
        checked_body(body, headers)
    assert fault.value.code == code
