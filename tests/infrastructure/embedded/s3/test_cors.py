"""Pages of the demo may upload to the embedded S3; pages elsewhere may not."""

import pytest
from werkzeug.test import create_environ
from werkzeug.wrappers import Request, Response

from infrastructure.embedded.s3.cors import CrossOrigin
from infrastructure.embedded.s3.faults import S3Error


def asked_from(origin: str) -> Request:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return Request(create_environ(method="OPTIONS", headers=headers))


@pytest.mark.parametrize("origin", ["http://localhost:8000", "http://quest.localhost:8001"])
def test_pages_of_the_demo_may_ask(origin: str) -> None:
    answer = CrossOrigin().preflight(asked_from(origin))
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, origin)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost.evil.example", "http://evillocalhost:8000", "null", ""],
)
def test_pages_elsewhere_may_not(origin: str) -> None:
    with pytest.raises(S3Error):
        CrossOrigin().preflight(asked_from(origin))
    response = Response(headers={"Access-Control-Allow-Origin": "*"})
    CrossOrigin().mark(asked_from(origin), response.headers)
    assert "Access-Control-Allow-Origin" not in response.headers
