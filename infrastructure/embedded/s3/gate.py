"""The front of the embedded S3: nobody gets past it without a signature that covers what they ask."""

import re
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode
from xml.sax.saxutils import escape

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from infrastructure.embedded.s3 import payload, post_form, signature
from infrastructure.embedded.s3.cors import CrossOrigin
from infrastructure.embedded.s3.faults import S3Fault, denied, fault_page, invalid
from infrastructure.embedded.s3.mirror import Mirror
from infrastructure.embedded.s3.store import Store

LARGEST_REQUEST = 256 * 1024 * 1024
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
FORM_HEADERS = {"content-type", "content-disposition", "content-encoding", "cache-control", "expires"}
PARAMETERS_OF_THE_SIGNATURE = re.compile(r"x-amz-(algorithm|credential|date|expires|signedheaders|signature)", re.I)


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
        except S3Fault as fault:
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
        return self._pass_on(request, bucket, key, headers, body)

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

    def _pass_on(self, request: Request, bucket: str, key: str, headers: Headers, body: bytes) -> Response:
        parameters = [
            (name, value)
            for name, value in signature.query_pairs(request)
            if not PARAMETERS_OF_THE_SIGNATURE.fullmatch(name)
        ]
        query = urlencode(parameters, quote_via=quote)
        path = request.environ["PATH_INFO"]
        if request.method in ("GET", "HEAD"):
            return self._store.ask(request.method, path, query, headers, body)
        with self._changing:
            answer = self._store.ask(request.method, path, query, headers, body)
            if answer.status_code < 300:
                self._keep(request.method, bucket, key, query, headers, body)
        return answer

    def _keep(self, method: str, bucket: str, key: str, query: str, headers: Headers, body: bytes) -> None:
        """On disk before it is answered."""
        setting = next((name for name, _ in parse_qsl(query, keep_blank_values=True)), "")
        if key:
            self._mirror.keep_key(bucket, key)
        elif method == "PUT":
            self._mirror.keep_setting(bucket, setting, query, headers, body)
        elif method == "DELETE":
            self._mirror.forget_setting(bucket, setting)
        else:
            self._mirror.keep_bucket(bucket)

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
    chosen = FORM_HEADERS | {name for name in upload.fields if name.startswith(("x-amz-meta-", "x-amz-server-side-"))}
    chosen |= {name for name in upload.fields if name.startswith(("x-amz-checksum-", "x-amz-storage-class"))}
    headers = Headers([(name, value) for name, value in upload.fields.items() if name in chosen])
    if "tagging" in upload.fields:
        pairs = re.findall(r"<Key>(.*?)</Key>\s*<Value>(.*?)</Value>", upload.fields["tagging"], re.S)
        headers["x-amz-tagging"] = urlencode(pairs)
    return headers


def _form_answer(upload: post_form.Upload, bucket: str, stored: Response, base: str) -> Response:
    location = f"{base}{bucket}/{quote(upload.key)}"
    etag = stored.headers.get("ETag", "")
    redirect = upload.fields.get("success_action_redirect")
    if redirect:
        where = urlencode({"bucket": bucket, "key": upload.key, "etag": etag})
        answer = Response(status=303, headers={"Location": f"{redirect}{'&' if '?' in redirect else '?'}{where}"})
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
