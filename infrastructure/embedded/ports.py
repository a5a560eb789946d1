"""Choose local ports, and keep them over a restart so that addresses stay the same."""

import json
import secrets
import socket
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

HOST = "127.0.0.1"
# Below the range that Linux gives to outgoing connections, so nothing takes a port while its server restarts.
LOWEST, HIGHEST = 20_000, 32_000


def is_free(port: int) -> bool:
    listener = listen(port)
    if listener:
        listener.close()
    return listener is not None


def listen(port: int) -> socket.socket | None:
    """The port is ours until this is closed; None where somebody else has it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        return None
    return listener


def is_answering(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


def speaks_http(port: int) -> bool:
    """gunicorn accepts connections before the application is loaded; an answer comes only after."""
    connection = HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def remembered_ports(file: Path, names: Iterable[str]) -> dict[str, int]:
    """The ports of last time where they are still free, others where they are not."""
    before: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    ports: dict[str, int] = {}
    for name in names:
        kept = before.get(name)
        ports[name] = kept if kept and is_free(kept) else free_port(besides=ports.values())
    file.write_text(json.dumps(ports))
    return ports


def free_port(*, besides: Iterable[int] = ()) -> int:
    taken = set(besides)
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if port not in taken and is_free(port):
            return port
