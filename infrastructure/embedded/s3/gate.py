"""The front of the embedded S3: nobody gets past it without a signature that covers what they ask."""

import re
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from infrastructure.embedded.s3 import payload, post_form, signature
from infrastructure.embedded.s3.cors import CrossOrigin
from infrastructure.embedded.s3.faults import S3Error, denied, fault_page, invalid
from infrastructure.embedded.s3.mirror import Mirror
from infrastructure.embedded.s3.store import Store

LARGEST_REQUEST = 256 * 1024 * 1024
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
FORM_HEADERS = {"content-type", "content-disposition", "content-encoding", "cache-control", "expires"}
FORM_PREFIXES = ("x-amz-meta-", "x-amz-server-side-", "x-amz-checksum-", "x-amz-storage-class")
SIGNING = re.compile(r"(?i)x-amz-(algorithm|credential|date|expires|signedheaders|signature)")


class Ask(NamedTuple):
    """A request that was found in order."""

    request: Request
    bucket: str
    key: str
    headers: Headers
    body: bytes

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def path(self) -> str:
        return str(self.request.environ["PATH_INFO"])

    @property
    def query(self) -> str:
        """Without what only signs it."""
        pairs = signature.query_pairs(self.request)
        kept = [(name, value) for name, value in pairs if not SIGNING.fullmatch(name)]
        return urlencode(kept, quote_via=quote)


class Gate:
    """The WSGI application."""

    def __init__(self, store: Store, mirror: Mirror, keys: signature.Keys, origins: CrossOrigin) -> None:
        self._store = store
        self._mirror = mirror
        self._keys = keys
        self._origins = origins
        self._changing = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except S3Error as fault:
            response = fault_page(fault, resource=request.path)
        self._origins.mark(request, response.headers)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if (request.content_length or 0) > LARGEST_REQUEST:
            raise invalid("Your proposed upload exceeds the maximum allowed size", code="EntityTooLarge")
        bucket, _, key = request.path.removeprefix("/").partition("/")
        if bucket and not BUCKET.fullmatch(bucket):
            raise invalid("The specified bucket is not valid.", code="InvalidBucketName")
        if request.method == "OPTIONS":
            return self._origins.preflight(request)
        if request.method == "POST" and request.mimetype == "multipart/form-data":
            return self._accept_form(request, bucket)
        self._check_signature(request)
        headers = Headers(request.headers)
        body = payload.checked_body(request.get_data(), headers)
        return self._pass_on(Ask(request, bucket, key, headers, body))

    def _check_signature(self, request: Request) -> None:
        in_query = {name for name, _ in signature.query_pairs(request) if name.lower() == "x-amz-signature"}
        in_header = "Authorization" in request.headers
        if in_query and in_header:
            raise invalid("Only one auth mechanism allowed.")
        if in_header:
            signature.check_header(request, self._keys, now=datetime.now(UTC))
        elif in_query:
            signature.check_presigned(request, self._keys, now=datetime.now(UTC))
        else:
            raise denied()

    def _pass_on(self, ask: Ask) -> Response:
        if ask.method in ("GET", "HEAD"):
            return self._store.ask(ask.method, ask.path, ask.query, ask.headers, ask.body)
        with self._changing:
            answer = self._store.ask(ask.method, ask.path, ask.query, ask.headers, ask.body)
            if answer.status_code < 300:
                self._keep(ask)
        return answer

    def _keep(self, ask: Ask) -> None:
        """On disk before it is answered."""
        setting = next((name for name, _ in parse_qsl(ask.query, keep_blank_values=True)), "")
        if ask.key:
            self._mirror.keep_key(ask.bucket, ask.key)
        elif ask.method == "PUT":
            self._mirror.keep_setting(ask.bucket, setting, ask.query, ask.headers, ask.body)
        elif ask.method == "DELETE":
            self._mirror.forget_setting(ask.bucket, setting)
        else:
            self._mirror.keep_bucket(ask.bucket)

    def _accept_form(self, request: Request, bucket: str) -> Response:
        upload = post_form.checked_upload(request, bucket, self._keys, now=datetime.now(UTC))
        headers = _headers_of(upload)
        payload.checked_body(upload.content, headers)
        path = f"/{bucket}/{upload.key}".encode().decode("latin-1")
        with self._changing:
            stored = self._store.ask("PUT", path, "", headers, upload.content)
            if stored.status_code >= 300:
                return stored
            self._mirror.keep_key(bucket, upload.key)
        return _form_answer(upload, bucket, stored, request.host_url)


def _headers_of(upload: post_form.Upload) -> Headers:
    chosen = [
        item for item in upload.fields.items() if item[0] in FORM_HEADERS or item[0].startswith(FORM_PREFIXES)
    ]
    headers = Headers(chosen)
    if "tagging" in upload.fields:
        pairs = re.findall(r"<Key>(.*?)</Key>\s*<Value>(.*?)</Value>", upload.fields["tagging"], re.DOTALL)
        headers["x-amz-tagging"] = urlencode(pairs)
    return headers


def _form_answer(upload: post_form.Upload, bucket: str, stored: Response, base: str) -> Response:
    location = f"{base}{bucket}/{quote(upload.key)}"
    etag = stored.headers.get("ETag", "")
    redirect = upload.fields.get("success_action_redirect")
    if redirect:
        where = urlencode({"bucket": bucket, "key": upload.key, "etag": etag})
        answer = Response(
            status=303, headers={"Location": f"{redirect}{'&' if '?' in redirect else '?'}{where}"}
        )
    elif upload.fields.get("success_action_status") == "201":
        parts = {"Location": location, "Bucket": bucket, "Key": upload.key, "ETag": etag}
        xml = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items())
        answer = Response(f"<PostResponse>{xml}</PostResponse>", status=201, content_type="application/xml")
    else:
        answer = Response(status=200 if upload.fields.get("success_action_status") == "200" else 204)
    answer.headers.setdefault("Location", location)
    answer.headers["ETag"] = etag
    if "x-amz-version-id" in stored.headers:
        answer.headers["x-amz-version-id"] = stored.headers["x-amz-version-id"]
    return answer
