"""A storage endpoint: the one that S3_ENDPOINT_URL names, or an embedded one of these tests."""

import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.embedded.ports import remembered_ports, speaks_http
from infrastructure.embedded.process import Process
from infrastructure.embedded.services import PROJECT
from tests.infrastructure.embedded.endpoint import Endpoint

KEYS = {
    "AWS_ACCESS_KEY_ID": "probe",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret-outside-this-test",
    "AWS_DEFAULT_REGION": "eu-west-2",
}


def storage_server(home: Path) -> tuple[Process, int]:
    home.mkdir(exist_ok=True)
    port = remembered_ports(home / "ports.json", ["storage"])["storage"]
    command = [
        sys.executable,
        "-m",
        "infrastructure.embedded.s3",
        "--port",
        str(port),
        "--home",
        home / "buckets",
    ]
    server = Process("S3", command, log=home / "s3.log")
    server.start(env={**os.environ, **KEYS}, cwd=PROJECT)
    server.wait_until(lambda: speaks_http(port), seconds=30)
    return server, port


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    given = os.environ.get("S3_ENDPOINT_URL")
    if given:
        yield Endpoint(given, os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        return
    server, port = storage_server(tmp_path_factory.mktemp("storage"))
    yield Endpoint(f"http://127.0.0.1:{port}", KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"])
    server.stop()


@pytest.fixture
def bucket(endpoint: Endpoint) -> str:
    name = f"probe-{uuid.uuid4().hex}"
    endpoint.client().create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    return name
