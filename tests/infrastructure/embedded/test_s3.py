"""What an S3 must refuse and keep: the same probes for the embedded one and for S3_ENDPOINT_URL."""

import base64
import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.infrastructure.embedded.endpoint import Endpoint, fetch, form_for, post_form

PDF = b"%PDF-1.7 a fictional letter"
KEY = "letters/Zoë & Łukasz+1 (copy).pdf"


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def expired_address(endpoint: Endpoint, bucket: str, key: str) -> str:
    """Signed an hour ago for a minute, with the right secret."""

    class HourAgo(S3SigV4QueryAuth):
        def add_auth(self, request: Any) -> None:
            request.context["timestamp"] = f"{datetime.now(UTC) - timedelta(hours=1):%Y%m%dT%H%M%SZ}"
            self._modify_request_before_signing(request)  # type: ignore[attr-defined]
            signature = self.signature(self.string_to_sign(request, self.canonical_request(request)), request)
            self._inject_signature_to_request(request, signature)  # type: ignore[attr-defined]

    request = AWSRequest("GET", f"{endpoint.url}/{bucket}/{key}")
    HourAgo(
        Credentials(endpoint.access_key, endpoint.secret_key), "s3", endpoint.region, expires=60
    ).add_auth(request)
    return str(request.url)


def test_what_was_put_is_got_with_its_details(endpoint: Endpoint, bucket: str) -> None:
    client = endpoint.client()
    client.put_object(
        Bucket=bucket,
        Key=KEY,
        Body=PDF,
        ContentType="application/pdf",
        Metadata={"document": "42"},
        ServerSideEncryption="AES256",
        Tagging="state=clean",
    )
    got = client.get_object(Bucket=bucket, Key=KEY)
    assert got["Body"].read() == PDF
    assert (got["ContentType"], got["Metadata"], got["ServerSideEncryption"]) == (
        "application/pdf",
        {"document": "42"},
        "AES256",
    )
    assert client.get_object_tagging(Bucket=bucket, Key=KEY)["TagSet"] == [{"Key": "state", "Value": "clean"}]
    assert [
        entry["Key"] for entry in client.list_objects_v2(Bucket=bucket, Prefix="letters/")["Contents"]
    ] == [KEY]


def test_a_streamed_file_arrives_whole(endpoint: Endpoint, bucket: str) -> None:
    content = os.urandom(9 * 1024 * 1024)
    endpoint.client().upload_fileobj(io.BytesIO(content), bucket, "large")
    assert endpoint.client().get_object(Bucket=bucket, Key="large")["Body"].read() == content


def test_a_wrong_secret_is_refused(endpoint: Endpoint, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        endpoint.with_secret("wrong").client().put_object(Bucket=bucket, Key="k", Body=PDF)
    assert code_of(error) == "SignatureDoesNotMatch"
    assert "Contents" not in endpoint.client().list_objects_v2(Bucket=bucket)


def test_an_unknown_access_key_is_refused(endpoint: Endpoint, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        endpoint.with_access_key("somebody").client().list_objects_v2(Bucket=bucket)
    assert code_of(error) == "InvalidAccessKeyId"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_gets_in_without_a_signature(endpoint: Endpoint, bucket: str, method: str) -> None:
    endpoint.client().put_object(Bucket=bucket, Key="k", Body=PDF)
    answer = fetch(method, f"{endpoint.url}/{bucket}/k", body=b"other" if method == "PUT" else None)
    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.body
    assert endpoint.client().get_object(Bucket=bucket, Key="k")["Body"].read() == PDF


def test_a_presigned_address_gives_the_file_under_the_signed_name(endpoint: Endpoint, bucket: str) -> None:
    endpoint.client().put_object(Bucket=bucket, Key=KEY, Body=PDF)
    named = {"Bucket": bucket, "Key": KEY, "ResponseContentDisposition": 'attachment; filename="a+b.pdf"'}
    answer = fetch("GET", endpoint.client().generate_presigned_url("get_object", named, ExpiresIn=60))
    assert (answer.status, answer.body) == (200, PDF)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a+b.pdf"'


def test_a_presigned_address_is_for_this_method_key_and_name_only(endpoint: Endpoint, bucket: str) -> None:
    client = endpoint.client()
    for key in ("mine", "other"):
        client.put_object(Bucket=bucket, Key=key, Body=PDF)
    url = client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "mine"}, ExpiresIn=60)
    last = "0" if url[-1] != "0" else "1"
    attempts = [
        fetch("GET", url.replace("/mine?", "/other?")),
        fetch("DELETE", url),
        fetch("GET", url[:-1] + last),
        fetch("GET", url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")),
        fetch("GET", f"{url}&response-content-type=text/html"),
        fetch("GET", url, headers={"x-amz-security-token": "more"}),
    ]
    assert [attempt.status for attempt in attempts] == [403] * 6
    assert fetch("GET", url).status == 200


def test_an_expired_address_is_refused(endpoint: Endpoint, bucket: str) -> None:
    endpoint.client().put_object(Bucket=bucket, Key="k", Body=PDF)
    answer = fetch("GET", expired_address(endpoint, bucket, "k"))
    assert answer.status == 403
    assert b"Request has expired" in answer.body


def test_a_presigned_upload_keeps_to_its_content_type(endpoint: Endpoint, bucket: str) -> None:
    asked = {"Bucket": bucket, "Key": "k", "ContentType": "application/pdf"}
    url = endpoint.client().generate_presigned_url("put_object", asked, ExpiresIn=60)
    assert fetch("PUT", url, body=PDF, headers={"Content-Type": "text/html"}).status == 403
    assert fetch("PUT", url, body=PDF, headers={"Content-Type": "application/pdf"}).status == 200


def test_a_form_upload_is_stored_as_its_policy_says(endpoint: Endpoint, bucket: str) -> None:
    url, fields = form_for(endpoint, bucket)
    assert post_form(url, fields, PDF).status == 204
    got = endpoint.client().get_object(Bucket=bucket, Key="quarantine/1")
    assert (got["Body"].read(), got["ContentType"], got["ServerSideEncryption"]) == (
        PDF,
        "application/pdf",
        "AES256",
    )


@pytest.mark.parametrize(
    ("change", "file", "code"),
    [
        ({}, b"x" * 1_001, "EntityTooLarge"),
        ({}, b"", "EntityTooSmall"),
        ({"Content-Type": "text/html"}, PDF, "AccessDenied"),
        ({"key": "clean/1"}, PDF, "AccessDenied"),
        ({"x-amz-meta-owner": "me"}, PDF, "AccessDenied"),
        ({"x-amz-signature": "0" * 64}, PDF, "SignatureDoesNotMatch"),
    ],
)
def test_a_form_that_strays_from_its_policy_is_refused(
    endpoint: Endpoint, bucket: str, change: dict[str, str], file: bytes, code: str
) -> None:
    url, fields = form_for(endpoint, bucket)
    answer = post_form(url, {**fields, **change}, file)
    assert f"<Code>{code}</Code>".encode() in answer.body
    assert "Contents" not in endpoint.client().list_objects_v2(Bucket=bucket)


def test_a_form_without_a_covered_field_or_after_its_time_is_refused(endpoint: Endpoint, bucket: str) -> None:
    url, fields = form_for(endpoint, bucket)
    without_type = {name: value for name, value in fields.items() if name != "Content-Type"}
    assert post_form(url, without_type, PDF).status == 403
    expired_url, expired_fields = form_for(endpoint, bucket, expires=-1)
    expired = post_form(expired_url, expired_fields, PDF)
    assert expired.status == 403
    assert b"expired" in expired.body
    assert "Contents" not in endpoint.client().list_objects_v2(Bucket=bucket)


def test_a_form_cannot_be_posted_to_another_bucket(endpoint: Endpoint, bucket: str) -> None:
    other = f"{bucket}-other"
    endpoint.client().create_bucket(
        Bucket=other, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    url, fields = form_for(endpoint, bucket)
    assert post_form(url.replace(bucket, other), fields, PDF).status == 403


def test_content_that_does_not_match_its_checksum_is_refused(endpoint: Endpoint, bucket: str) -> None:
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    with pytest.raises(ClientError) as error:
        endpoint.client().put_object(Bucket=bucket, Key="k", Body=PDF, ChecksumSHA256=wrong)
    assert code_of(error) in ("BadDigest", "InvalidRequest")


def test_earlier_versions_are_kept_also_behind_a_deletion(endpoint: Endpoint, bucket: str) -> None:
    client = endpoint.client()
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = client.put_object(Bucket=bucket, Key="k", Body=b"first")["VersionId"]
    client.put_object(Bucket=bucket, Key="k", Body=b"second")
    assert client.delete_object(Bucket=bucket, Key="k")["DeleteMarker"]
    with pytest.raises(ClientError):
        client.get_object(Bucket=bucket, Key="k")
    assert client.get_object(Bucket=bucket, Key="k", VersionId=first)["Body"].read() == b"first"


def test_other_web_pages_cannot_ask(endpoint: Endpoint, bucket: str) -> None:
    asks = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = fetch("OPTIONS", f"{endpoint.url}/{bucket}", headers=asks)
    assert answer.status == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
