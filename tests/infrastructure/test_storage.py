"""What the service relies on in its storage: the same probes for the embedded S3 and any that S3_ENDPOINT_URL names."""

import hashlib
import io
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from infrastructure.storage import AlreadyKept, NotStored, S3Storage, StorageUnavailable, TooLarge, attachment
from tests.infrastructure.embedded.conftest import KEYS, storage_server
from tests.infrastructure.embedded.endpoint import fetch, post_form

PDF = b"%PDF-1.7 a fictional letter"
SHA256 = hashlib.sha256(PDF).hexdigest()
ORIGIN = "http://quest.localhost:8000"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Keys come the way boto3 looks for them: from the environment."""
    given = os.environ.get("S3_ENDPOINT_URL")
    if given:
        yield given
        return
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        server, port = storage_server(tmp_path_factory.mktemp("storage"))
        yield f"http://127.0.0.1:{port}"
        server.stop()


@pytest.fixture(scope="module")
def storage(s3: str) -> S3Storage:
    name = uuid.uuid4().hex[:12]
    opened = S3Storage(
        quarantine=f"quarantine-{name}",
        clean=f"clean-{name}",
        region="eu-west-2",
        endpoint_url=s3,
        origins=("http://localhost:8000", "http://*.localhost:8000"),
    )
    opened.prepare()
    return opened


@pytest.fixture
def key() -> str:
    return f"{uuid.uuid4()}/{uuid.uuid4()}"


def put(storage: S3Storage, key: str, content: bytes, *, max_bytes: int = 1_000_000) -> None:
    storage.put_quarantine(key, io.BytesIO(content), content_type="application/pdf", max_bytes=max_bytes)


def keep(storage: S3Storage, key: str, content: bytes = PDF) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    stream = io.BytesIO(content)
    stream.seek(0, 2)
    return storage.keep("checked", key, content_type="application/pdf", sha256=sha256, stream=stream)


def address(storage: S3Storage, key: str, version_id: str) -> str:
    return storage.download_url(
        key, version_id=version_id, filename="Zoë’s plan.pdf", content_type="application/pdf"
    )


def test_a_browser_uploads_with_the_form_it_was_given(storage: S3Storage, key: str) -> None:
    form = storage.upload_form(key, content_type="application/pdf", max_bytes=1_000)
    assert post_form(form.url, form.fields, PDF).status in (200, 201, 204)
    stored = storage.head_quarantine(key)
    assert stored is not None
    assert stored.size == len(PDF)


@pytest.mark.parametrize(
    ("change", "file"),
    [
        ({}, b"x" * 1_001),
        ({}, b""),
        ({"key": "another"}, PDF),
        ({"Content-Type": "text/html"}, PDF),
        ({"x-amz-server-side-encryption": "aws:kms"}, PDF),
        ({"x-amz-meta-more": "more"}, PDF),
    ],
)
def test_a_form_that_was_tampered_with_uploads_nothing(
    storage: S3Storage, key: str, change: dict[str, str], file: bytes
) -> None:
    form = storage.upload_form(key, content_type="application/pdf", max_bytes=1_000)
    assert post_form(form.url, {**form.fields, **change}, file).status in (400, 403)
    assert storage.head_quarantine(key) is None


def test_a_form_is_good_for_its_minutes_only(storage: S3Storage, key: str) -> None:
    form = storage.upload_form(key, content_type="application/pdf", max_bytes=1_000, minutes=-1)
    assert post_form(form.url, form.fields, PDF).status == 403


def test_a_form_without_javascript_goes_through_the_service(storage: S3Storage, key: str) -> None:
    content = os.urandom(9 * 1024 * 1024)
    put(storage, key, content, max_bytes=len(content))
    with storage.read_quarantine(key) as stream:
        assert stream.read() == content


def test_more_than_was_agreed_is_not_kept(storage: S3Storage, key: str) -> None:
    for content in (b"x" * 1_001, os.urandom(9 * 1024 * 1024)):
        with pytest.raises(TooLarge):
            put(storage, key, content, max_bytes=len(content) - 1)
        assert storage.head_quarantine(key) is None


def test_what_is_read_can_be_read_again_and_changes_no_more(storage: S3Storage, key: str) -> None:
    put(storage, key, PDF)
    with storage.read_quarantine(key) as stream:
        put(storage, key, b"swapped while it was checked")
        assert stream.read() == PDF
        stream.seek(0)
        assert stream.read() == PDF


def test_what_was_never_uploaded_is_missing(storage: S3Storage, key: str) -> None:
    assert storage.head_quarantine(key) is None
    with pytest.raises(NotStored), storage.read_quarantine(key):
        pass


def test_what_is_discarded_is_gone_and_may_be_gone_before(storage: S3Storage, key: str) -> None:
    put(storage, key, PDF)
    storage.discard_quarantine(key)
    storage.discard_quarantine(key)
    assert storage.head_quarantine(key) is None


def test_keeping_twice_gives_one_version(storage: S3Storage, key: str) -> None:
    first = keep(storage, key)
    assert first not in ("", "null")
    assert keep(storage, key) == first


def test_a_key_is_never_used_for_something_else(storage: S3Storage, key: str) -> None:
    version_id = keep(storage, key)
    with pytest.raises(AlreadyKept):
        keep(storage, key, b"another letter")
    assert fetch("GET", address(storage, key, version_id)).body == PDF


def test_a_file_that_changed_on_the_way_is_not_kept(storage: S3Storage, key: str) -> None:
    with pytest.raises(StorageUnavailable):
        storage.keep("checked", key, content_type="text/plain", sha256=SHA256, stream=io.BytesIO(b"changed"))
    keep(storage, key)


def test_a_download_is_an_attachment_of_our_type_under_its_own_name(storage: S3Storage, key: str) -> None:
    answer = fetch("GET", address(storage, key, keep(storage, key)))
    assert (answer.status, answer.body) == (200, PDF)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["content-type"] == "application/pdf"
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-disposition"] == attachment("Zoë’s plan.pdf")


def test_a_download_address_lasts_a_minute_and_allows_no_change(storage: S3Storage, key: str) -> None:
    url = address(storage, key, keep(storage, key))
    assert "X-Amz-Expires=60&" in url
    assert fetch("GET", url.replace("X-Amz-Expires=60", "X-Amz-Expires=600")).status == 403
    assert fetch("GET", url.replace("application%2Fpdf", "text%2Fhtml")).status == 403
    assert fetch("GET", url.replace("attachment", "inline")).status == 403
    assert fetch("GET", url.partition("?")[0]).status == 403


def test_buckets_are_private_encrypted_and_prepared_again_without_harm(storage: S3Storage, key: str) -> None:
    version_id = keep(storage, key)
    storage.prepare()
    storage.ping()
    assert fetch("GET", address(storage, key, version_id)).body == PDF
    client = storage._clients.mine()
    for bucket in (storage._clean, storage._quarantine):
        closed = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        assert all(closed.values())
        assert client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert client.get_bucket_versioning(Bucket=storage._clean)["Status"] == "Enabled"
    assert client.head_object(Bucket=storage._clean, Key=key)["ServerSideEncryption"] == "AES256"


def test_a_page_of_the_service_may_post_and_a_stranger_may_not(storage: S3Storage, key: str) -> None:
    url = storage.upload_form(key, content_type="application/pdf", max_bytes=1_000).url
    asked = {"Access-Control-Request-Method": "POST", "Origin": ORIGIN}
    assert fetch("OPTIONS", url, headers=asked).headers["Access-Control-Allow-Origin"] in (ORIGIN, "*")
    assert fetch("OPTIONS", url, headers={**asked, "Origin": "http://evil.example"}).status == 403


def test_a_storage_that_does_not_answer_is_unavailable(s3: str) -> None:
    nobody = S3Storage(quarantine="aaa", clean="bbb", region="eu-west-2", endpoint_url="http://127.0.0.1:1")
    with pytest.raises(StorageUnavailable):
        nobody.ping()
    with pytest.raises(StorageUnavailable):
        nobody.head_quarantine("k")
    with pytest.raises(StorageUnavailable):
        put(nobody, "k", PDF)


def test_many_threads_share_one_client(storage: S3Storage, key: str) -> None:
    put(storage, key, PDF)
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(storage.head_quarantine(key))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert set(seen) == {storage.head_quarantine(key)}


def test_a_forked_child_talks_over_its_own_sockets(storage: S3Storage, key: str, tmp_path: Path) -> None:
    put(storage, key, PDF)
    mine = storage._clients.mine()
    child = os.fork()
    if child == 0:
        with storage.read_quarantine(key) as stream:
            (tmp_path / "read").write_bytes(stream.read())
        (tmp_path / "own").write_text(str(storage._clients.mine() is not mine))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert (tmp_path / "read").read_bytes() == PDF
    assert (tmp_path / "own").read_text() == "True"
    assert storage._clients.mine() is mine


@pytest.mark.parametrize(
    "name", ["plan.pdf", "Zoë & Łukasz’s “plan” 100%.pdf", '../a\r\n"b".pdf', "", "図.pdf", "\u202e.pdf"]
)
def test_any_name_makes_one_sound_header(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    plain, _, coded = header.removeprefix("attachment; filename=").partition("; filename*=UTF-8''")
    assert plain.strip('"') not in ("", ".pdf")
    assert not set('/\\"') & set(plain[1:-1] + unquote(coded))
