"""Somebody who sends a form until it is answered, over a plain socket, as a phone in a tunnel would."""

import http.client
import re
import time
from urllib.parse import urlencode

from app.web.cookies import SESSION
from infrastructure.database.ids import new_id

TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')


class Sender:
    """Each form has one key. An answer that never came is asked for again with the same key."""

    def __init__(self, port: int, host: str, session: str) -> None:
        self.port = port
        self.headers = {
            "Host": host,
            "Cookie": f"{SESSION}={session}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def read_token(self, path: str) -> None:
        status, body = self._ask("GET", path, "")
        found = TOKEN.search(body)
        assert status == 200, (status, body[:300])
        assert found
        self.token = found[1]

    def send(self, path: str, answers: dict[str, str], *, seconds: float = 60) -> bool:
        """True once the service has said that it is kept."""
        body = urlencode({"csrf_token": self.token, "idempotency_key": str(new_id()), **answers})
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                status, _ = self._ask("POST", path, body)
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 303:
                return True
            time.sleep(0.05)
        return False

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=self.headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()
