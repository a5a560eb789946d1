"""moto's S3, asked directly: it stores, versions, lists and copies, and checks nothing."""

import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from infrastructure.embedded.s3.signature import ALGORITHM, Keys

# Before moto is imported, because it reads them then: it would answer every
# origin, and would take "quest" in quest.localhost for a bucket.
os.environ.update(MOTO_DISABLE_GLOBAL_CORS="true", S3_IGNORE_SUBDOMAIN_BUCKETNAME="true")

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import create_backend_app
from moto.s3.models import FakeBucket, S3Backend, s3_backends

SCHEME, HOST = "http", "127.0.0.1"


class Store:
    """Requests that were already checked, in and out of memory."""

    def __init__(self, keys: Keys) -> None:
        self._app: Callable[..., Iterable[bytes]] = create_backend_app("s3")
        self._authorization = (
            f"{ALGORITHM} Credential={keys.access_key}/20000101/{keys.region}/s3/aws4_request"
        )
        self.backend: S3Backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

    @property
    def buckets(self) -> dict[str, FakeBucket]:
        return self.backend.buckets

    def ask(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Response:
        """`path` is the decoded path as WSGI has it."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": SCHEME,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            **_header_variables(headers),
            "HTTP_HOST": HOST,
            "HTTP_AUTHORIZATION": self._authorization,
            "CONTENT_LENGTH": str(len(body)),
        }
        return Response.from_app(self._app, environ, buffered=True)


def _header_variables(headers: Headers) -> dict[str, str]:
    variables = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    if "HTTP_CONTENT_TYPE" in variables:
        variables["CONTENT_TYPE"] = variables["HTTP_CONTENT_TYPE"]
    return variables
