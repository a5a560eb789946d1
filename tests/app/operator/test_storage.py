"""The operator makes the buckets before the service starts; the service itself may not."""

import os
import uuid

import boto3

from tests.app.operator.command import run
from tests.services import TestDatabase


def test_both_buckets_are_made_as_they_must_be(database: TestDatabase) -> None:
    name = uuid.uuid4().hex[:12]
    endpoint = os.environ["S3_ENDPOINT_URL"]
    named = {"QUARANTINE_BUCKET": f"quarantine-{name}", "CLEAN_BUCKET": f"clean-{name}"}
    for _ in range(2):
        result = run(database, "storage", "prepare", without=(), S3_ENDPOINT_URL=endpoint, **named)
        assert result.output == f"quarantine-{name} and clean-{name} are ready.\n"
    client = boto3.client("s3", endpoint_url=endpoint)
    assert client.get_bucket_versioning(Bucket=f"clean-{name}")["Status"] == "Enabled"
    assert "Status" not in client.get_bucket_versioning(Bucket=f"quarantine-{name}")


def test_what_is_missing_is_said_at_once(database: TestDatabase) -> None:
    result = run(database, "storage", "prepare", without=("SECRET_KEY",), DEMO="0", SCHEME="https")
    assert result.exit_code == 1
    for name in ("SECRET_KEY", "QUARANTINE_BUCKET", "CLEAN_BUCKET"):
        assert f"{name} is missing." in result.output


def test_a_storage_that_does_not_answer_is_said_in_a_sentence(database: TestDatabase) -> None:
    result = run(database, "storage", "prepare", S3_ENDPOINT_URL="http://127.0.0.1:1")
    assert result.exit_code == 1
    assert result.output == "Error: The storage did not do what it was asked (EndpointConnectionError).\n"
