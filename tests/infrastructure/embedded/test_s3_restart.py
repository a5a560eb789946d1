"""What the embedded S3 has answered for is there after it was killed: versions, tags, flags and all."""

import hashlib
import io
from pathlib import Path
from typing import Any

from tests.infrastructure.embedded.conftest import KEYS, storage_server
from tests.infrastructure.embedded.endpoint import Endpoint, form_for, post_form

PDF = b"%PDF-1.7 a fictional letter"
KEY = "letters/Zoë & Łukasz.pdf"


def test_a_restart_keeps_everything_that_was_answered(tmp_path: Path) -> None:
    server, port = storage_server(tmp_path / "kept")
    before = Endpoint(f"http://127.0.0.1:{port}", KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"])
    fill(before)
    told = everything_in(before)
    server.kill()
    server, again = storage_server(tmp_path / "kept")
    after = Endpoint(f"http://127.0.0.1:{again}", before.access_key, before.secret_key)
    assert everything_in(after) == told
    assert again == port
    server.stop()


def fill(endpoint: Endpoint) -> None:
    client = endpoint.client()
    for bucket in ("clean", "quarantine"):
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    client.put_bucket_versioning(Bucket="clean", VersioningConfiguration={"Status": "Enabled"})
    client.put_bucket_encryption(
        Bucket="clean",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    for content in (b"first", b"second"):
        client.put_object(Bucket="clean", Key=KEY, Body=content, Metadata={"n": "1"}, Tagging="state=clean")
    client.put_object(Bucket="clean", Key="gone", Body=PDF)
    client.delete_object(Bucket="clean", Key="gone")
    client.upload_fileobj(io.BytesIO(b"z" * 9 * 1024 * 1024), "clean", "large")
    url, fields = form_for(endpoint, "quarantine")
    assert post_form(url, fields, PDF).status == 204
    client.put_object(Bucket="quarantine", Key="two", Body=PDF)
    client.delete_objects(Bucket="quarantine", Delete={"Objects": [{"Key": "two"}]})
    client.copy_object(Bucket="quarantine", Key="copy", CopySource={"Bucket": "clean", "Key": KEY})


def everything_in(endpoint: Endpoint) -> list[Any]:
    client = endpoint.client()
    told: list[Any] = []
    for bucket in ("clean", "quarantine"):
        listed = client.list_object_versions(Bucket=bucket)
        told += [client.get_bucket_versioning(Bucket=bucket).get("Status"), listed.get("DeleteMarkers")]
        for version in listed["Versions"]:
            named = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
            got = client.get_object(**named)  # type: ignore[arg-type]
            details = [got.get(name) for name in ("ETag", "Metadata", "ServerSideEncryption", "ContentType")]
            tags = client.get_object_tagging(**named)["TagSet"]  # type: ignore[arg-type]
            told.append([version, hashlib.sha256(got["Body"].read()).hexdigest(), details, tags])
    return told
