"""All four services together: what the service would read, a second set beside, and nothing left behind."""

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infrastructure.embedded.errors import EmbeddedError
from infrastructure.embedded.ports import is_answering
from infrastructure.embedded.services import PROJECT, EmbeddedServices

RUNS_FOR_EVER = """
import json, signal, sys
from pathlib import Path
from infrastructure.embedded.services import EmbeddedServices
services = EmbeddedServices(Path(sys.argv[1]), durable=False)
services.start()
print(json.dumps(services.ports), flush=True)
signal.pause()
"""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServices]:
    running = EmbeddedServices(tmp_path_factory.mktemp("services"), durable=False)
    running.start()
    yield running
    running.stop()
    running.erase()


def mail(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "school@example.org", "parent@example.org", subject
    message.set_content("Zoë has a new plan to read.")
    return message


def test_the_addresses_in_the_environment_work(services: EmbeddedServices) -> None:
    environment = services.environment()
    with psycopg.connect(environment["ADMIN_DATABASE_URL"]) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    with redis.Redis.from_url(environment["REDIS_URL"]) as valkey:
        assert valkey.ping()
    storage = boto3.client(
        "s3",
        endpoint_url=environment["S3_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_DEFAULT_REGION"],
    )
    assert storage.list_buckets()["Buckets"] == []


def test_valkey_asks_for_its_password(services: EmbeddedServices) -> None:
    stranger = redis.Redis(port=services.ports["valkey"], retry=Retry(NoBackoff(), 0))
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_mails_lie_in_their_folder_in_order(services: EmbeddedServices) -> None:
    environment = services.environment()
    address = urlsplit(environment["SMTP_URL"])
    with smtplib.SMTP(str(address.hostname), address.port or 0) as server:
        for subject in ("First", "Second", "Third"):
            server.send_message(mail(subject))
    arrived = [file.read_text() for file in sorted(Path(environment["MAIL_FOLDER"]).glob("*.eml"))]
    assert [text.split("Subject: ")[1].split()[0] for text in arrived] == ["First", "Second", "Third"]
    assert "X-Envelope-To: parent@example.org" in arrived[0]


def test_a_second_set_runs_beside_the_first(services: EmbeddedServices, tmp_path: Path) -> None:
    second = EmbeddedServices(tmp_path, durable=False)
    second.start()
    assert not set(second.ports.values()) & set(services.ports.values())
    second.stop()
    second.erase()


def test_the_same_folder_is_not_served_twice(services: EmbeddedServices) -> None:
    with pytest.raises(EmbeddedError, match="Another process already runs"):
        EmbeddedServices(services.home, durable=False).start()


def test_addresses_stay_over_a_restart_unless_somebody_took_one(tmp_path: Path) -> None:
    first = EmbeddedServices(tmp_path, durable=False)
    first.start()
    first.stop()
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", first.ports["mail"]))
        somebody.listen()
        second = EmbeddedServices(tmp_path, durable=False)
        second.start()
        second.stop()
    second.erase()
    assert second.ports.pop("mail") != first.ports.pop("mail")
    assert second.ports == first.ports


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with a parent that was killed")
def test_nothing_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUNS_FOR_EVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT) as parent:
        assert parent.stdout is not None
        ports = json.loads(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(is_answering(port) for port in ports.values()):
        assert time.monotonic() < deadline, "a service outlived the process that started it"
    EmbeddedServices(tmp_path, durable=False).erase()
