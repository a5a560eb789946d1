"""A browser at one host, signed in or not: carries cookies and tokens, and lints every page that it opens."""

import re
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client, TestResponse

from app.web.cookies import SESSION
from app.web.hosts import Hosts
from infrastructure.database.ids import new_id
from tests.page_linting import lint_page

TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')


class Browser:
    """`get` and `post` as a person would: a post carries the token of the last page and a fresh key."""

    def __init__(self, hosts: Hosts, host: str, session: str | None = None) -> None:
        self.host = host
        self.client = Client(hosts)
        self.token: str | None = None
        if session is not None:
            self.client.set_cookie(SESSION, session, domain=host, secure=True, httponly=True)

    def get(self, path: str, **options: Any) -> TestResponse:
        headers = {"Sec-Fetch-Site": "same-origin"} | options.pop("headers", {})
        return self._look(self.client.get(path, base_url=f"https://{self.host}", headers=headers, **options))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        if self.token is None:
            self.get("/about/help")
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": f"https://{self.host}"} | options.pop(
            "headers", {}
        )
        form = {"csrf_token": self.token, "idempotency_key": str(new_id())} | (data or {})
        response = self.client.post(
            path, base_url=f"https://{self.host}", data=form, headers=headers, **options
        )
        return self._look(response)

    def follow(self, response: TestResponse) -> TestResponse:
        """Open where a redirect leads, on this host."""
        assert response.status_code == 303, (response.status_code, response.text[:2000])
        there = urlsplit(response.location)
        return self.get(there.path + (f"?{there.query}" if there.query else ""))

    def _look(self, response: TestResponse) -> TestResponse:
        if (
            response.mimetype == "text/html"
            and response.data
            and response.status_code not in (301, 302, 303, 308)
        ):
            problems = lint_page(response.text)
            assert not problems, (response.request.path, problems)
            found = TOKEN.search(response.text)
            self.token = found[1] if found else self.token
        return response
