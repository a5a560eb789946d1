"""Malware scanners: clamd, and for the demo a few rules of our own."""

import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlsplit

import yara_x

from infrastructure.scanning.archives import MAGIC as ZIP_MAGIC
from infrastructure.scanning.archives import unpack
from infrastructure.scanning.refusals import Refused

RULES = Path(__file__).with_name("demo.yar")
BLOCK = 64 * 1024
CONNECT_SECONDS = 2
ANSWER_SECONDS = 60
LONGEST_ANSWER = 4096
CLAMD_PORT = 3310
FOUND = re.compile(r"stream: (?P<signature>.+) FOUND")


class Outcome(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    signature: str = ""

    @property
    def is_clean(self) -> bool:
        return self.outcome is Outcome.CLEAN


class ScannerUnavailable(Exception):
    """No verdict. An exception and not an outcome, so that nobody can take it for clean by mistake."""


class Scanner(Protocol):
    def scan(self, stream: IO[bytes]) -> Verdict:
        """Reads from the beginning. Raises ScannerUnavailable where there is no verdict."""

    def ping(self) -> None: ...


def open_scanner(url: str) -> Scanner:
    """`clamd://host:port`, or `demo:` for our own rules."""
    if url == "demo:":
        return YaraScanner()
    parts = urlsplit(url)
    if parts.scheme != "clamd" or not parts.hostname:
        raise ValueError("A scanner's address looks like clamd://host:port")
    return ClamdScanner(parts.hostname, parts.port or CLAMD_PORT)


class ClamdScanner:
    """Speaks clamd's INSTREAM: blocks with their length before them, a block of none, then one line back."""

    def __init__(self, host: str, port: int, *, seconds: float = ANSWER_SECONDS) -> None:
        self._address = (host, port)
        self._seconds = seconds

    def scan(self, stream: IO[bytes]) -> Verdict:
        stream.seek(0)
        return _verdict(self._ask(b"zINSTREAM\0", _blocks(stream)))

    def ping(self) -> None:
        answer = self._ask(b"zPING\0", iter(()))
        if answer != "PONG":
            raise ScannerUnavailable("clamd did not answer PONG")

    def _ask(self, command: bytes, blocks: Iterator[bytes]) -> str:
        try:
            with closing(socket.create_connection(self._address, timeout=CONNECT_SECONDS)) as connection:
                connection.settimeout(self._seconds)
                connection.sendall(command)
                _send(connection, blocks)
                return _line(connection, until=time.monotonic() + self._seconds)
        except OSError as trouble:
            raise ScannerUnavailable(type(trouble).__name__) from trouble


class YaraScanner:
    """Enough to show what happens; looks into archives, which must have passed `structure.inspect` before."""

    def __init__(self) -> None:
        self._rules = yara_x.compile(RULES.read_text())

    def scan(self, stream: IO[bytes]) -> Verdict:
        stream.seek(0)
        content = stream.read()
        try:
            found = self._match(content) or self._match_inside(stream, content)
        except Refused:
            found = "Unreadable_Archive"
        return Verdict(Outcome.INFECTED, found) if found else Verdict(Outcome.CLEAN)

    def ping(self) -> None:
        """Always there: it runs in this process."""

    def _match_inside(self, stream: IO[bytes], content: bytes) -> str:
        if not content.startswith(ZIP_MAGIC):
            return ""
        return next(filter(None, (self._match(member.content.read()) for member in unpack(stream))), "")

    def _match(self, content: bytes) -> str:
        matching = self._rules.scan(content).matching_rules
        return str(matching[0].identifier) if matching else ""


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield struct.pack(">I", len(block)) + block
    yield struct.pack(">I", 0)


def _send(connection: socket.socket, blocks: Iterator[bytes]) -> None:
    """A clamd that has seen enough answers and closes; what it said is still there to be read."""
    try:
        for block in blocks:
            connection.sendall(block)
    except (BrokenPipeError, ConnectionResetError):
        return


def _line(connection: socket.socket, *, until: float) -> str:
    """One line in time, however slowly its letters come."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict(Outcome.CLEAN)
    if found := FOUND.fullmatch(answer):
        return Verdict(Outcome.INFECTED, found["signature"])
    if answer.startswith("INSTREAM size limit exceeded"):
        return Verdict(Outcome.TOO_LARGE)
    raise ScannerUnavailable("clamd gave no verdict")
