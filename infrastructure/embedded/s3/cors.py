"""Which web pages may read answers of the embedded S3: those of the demo's own hosts."""

import re

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from infrastructure.embedded.s3.faults import S3Error

DEMO_ORIGINS = r"http://([a-z0-9-]+\.)*localhost(:\d+)?"
HEADERS_FOR_SCRIPTS = "ETag, x-amz-version-id"


class CrossOrigin:
    """Answers preflights and marks responses; pages elsewhere get neither."""

    def __init__(self, origins: str = DEMO_ORIGINS) -> None:
        self._origins = re.compile(origins)

    def preflight(self, request: Request) -> Response:
        if not self._allows(request):
            raise S3Error("AccessForbidden", 403, "CORSResponse: This CORS request is not allowed.")
        response = Response(status=200)
        self.mark(request, response.headers)
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, PUT, POST"
        asked = request.headers.get("Access-Control-Request-Headers")
        if asked:
            response.headers["Access-Control-Allow-Headers"] = asked
        return response

    def mark(self, request: Request, headers: Headers) -> None:
        for name in [name for name, _ in headers if name.lower().startswith("access-control-")]:
            headers.remove(name)
        headers["Vary"] = "Origin"
        if self._allows(request):
            headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            headers["Access-Control-Expose-Headers"] = HEADERS_FOR_SCRIPTS

    def _allows(self, request: Request) -> bool:
        return self._origins.fullmatch(request.headers.get("Origin", "")) is not None
