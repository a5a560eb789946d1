"""What is harmful is found; where nobody looked, nothing is called clean."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from infrastructure.scanning.scanner import (
    ClamdScanner,
    Outcome,
    ScannerUnavailable,
    Verdict,
    YaraScanner,
    open_scanner,
)
from infrastructure.scanning.structure import inspect
from tests.infrastructure.scanning import files

Behaviour = Callable[[socket.socket, bytes], object]


class Clamd:
    """Reads as clamd does and answers as it is told."""

    def __init__(self) -> None:
        self.received = b""
        self.command = b""
        self.answer = b"stream: OK\0"
        self.limit = 1_000_000
        self.behaviour: Behaviour = lambda connection, answer: connection.sendall(answer)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                self._hear(connection, stream)

    def _hear(self, connection: socket.socket, stream: io.BufferedReader) -> None:
        self.command = b""
        while not self.command.endswith(b"\0"):
            self.command += stream.read(1)
        if self.command == b"zPING\0":
            self.behaviour(connection, b"PONG\0")
            return
        self.received = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            self.received += stream.read(size)
            if len(self.received) > self.limit:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                stream.read()
                return
        self.behaviour(connection, self.answer)


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    running = Clamd()
    yield running
    running.stop()


@pytest.fixture
def scanner(clamd: Clamd) -> ClamdScanner:
    return ClamdScanner("127.0.0.1", clamd.port, seconds=0.3)


def test_clamd_hears_the_whole_file_from_its_beginning(clamd: Clamd, scanner: ClamdScanner) -> None:
    content = bytes(range(256)) * 1_000
    stream = io.BytesIO(content)
    stream.seek(500)
    assert scanner.scan(stream) == Verdict(Outcome.CLEAN)
    assert (clamd.command, clamd.received) == (b"zINSTREAM\0", content)


def test_clamd_names_what_it_found(clamd: Clamd, scanner: ClamdScanner) -> None:
    clamd.answer = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
    verdict = scanner.scan(io.BytesIO(files.EICAR))
    assert verdict == Verdict(Outcome.INFECTED, "Win.Test.EICAR_HDB-1")
    assert not verdict.is_clean


def test_a_file_that_clamd_finds_too_large_is_not_clean(clamd: Clamd, scanner: ClamdScanner) -> None:
    clamd.limit = 10_000
    verdict = scanner.scan(io.BytesIO(bytes(200_000)))
    assert verdict.outcome is Outcome.TOO_LARGE
    assert not verdict.is_clean


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: \0",
        b"OK\0",
        b"stream: OK FOUND",
        b"UNKNOWN COMMAND\0",
        b"stream: not OK\0",
        b"\xff" * 9_000,
    ],
)
def test_an_answer_that_is_no_verdict_is_no_verdict(
    clamd: Clamd, scanner: ClamdScanner, answer: bytes
) -> None:
    clamd.answer = answer
    if answer.endswith(b"FOUND"):
        assert not scanner.scan(io.BytesIO(b"x")).is_clean
        return
    with pytest.raises(ScannerUnavailable):
        scanner.scan(io.BytesIO(b"x"))


def test_a_clamd_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(ScannerUnavailable):
        ClamdScanner("127.0.0.1", 1).scan(io.BytesIO(b"x"))
    with pytest.raises(ScannerUnavailable):
        ClamdScanner("127.0.0.1", 1).ping()


def test_a_clamd_that_thinks_too_long_is_unavailable(clamd: Clamd, scanner: ClamdScanner) -> None:
    given_up = threading.Event()
    clamd.behaviour = lambda _connection, _answer: given_up.wait(5)
    with pytest.raises(ScannerUnavailable):
        scanner.scan(io.BytesIO(b"x"))
    given_up.set()


def test_a_clamd_that_answers_letter_by_letter_for_ever_is_unavailable(
    clamd: Clamd, scanner: ClamdScanner
) -> None:
    given_up = threading.Event()

    def drip(connection: socket.socket, _answer: bytes) -> None:
        while not given_up.wait(0.05):
            connection.sendall(b"s")

    clamd.behaviour = drip
    with pytest.raises(ScannerUnavailable):
        scanner.scan(io.BytesIO(b"x"))
    given_up.set()


def test_a_clamd_that_hangs_up_is_unavailable(clamd: Clamd, scanner: ClamdScanner) -> None:
    clamd.behaviour = lambda connection, _answer: connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ScannerUnavailable):
        scanner.scan(io.BytesIO(b"x"))


def test_a_clamd_that_lives_answers_a_ping(clamd: Clamd, scanner: ClamdScanner) -> None:
    scanner.ping()
    assert clamd.command == b"zPING\0"


@pytest.mark.parametrize(
    ("content", "signature"),
    [
        (files.EICAR, "Eicar_Test_File"),
        (files.PDF + files.EICAR, "Eicar_Test_File"),
        (files.archive({"a.txt": files.EICAR}), "Eicar_Test_File"),
        (files.nested(files.EICAR, depth=2), "Eicar_Test_File"),
        (files.office(more={"run.exe": files.PROGRAM}), "Windows_Program"),
        (files.PROGRAM, "Windows_Program"),
        (b"\x7fELF" + bytes(60), "Linux_Program"),
        (
            files.PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (1) >>"),
            "Pdf_Runs_Something",
        ),
        (files.PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /Launch >>"), "Pdf_Runs_Something"),
        (files.office(more={"word/vbaProject.bin": b"x"}), "Office_Macros"),
        (files.nested(files.EICAR, depth=4), "Unreadable_Archive"),
        (files.nested(files.EICAR, depth=12), "Unreadable_Archive"),
    ],
)
def test_the_demo_finds_a_handful_of_harmful_things(content: bytes, signature: str) -> None:
    assert YaraScanner().scan(io.BytesIO(content)) == Verdict(Outcome.INFECTED, signature)


@pytest.mark.parametrize(
    "content",
    [
        files.PDF,
        files.TEXT,
        files.RTF,
        files.office(),
        files.opendocument(),
        files.picture(),
        files.heic(),
        files.MP3,
    ],
)
def test_the_demo_finds_nothing_in_sound_files(content: bytes) -> None:
    assert YaraScanner().scan(io.BytesIO(content)) == Verdict(Outcome.CLEAN)


def test_the_test_virus_passes_as_text_and_is_caught_by_the_scanner() -> None:
    stream = io.BytesIO(files.EICAR)
    inspect(stream, "letter.txt")
    assert not YaraScanner().scan(stream).is_clean


def test_an_address_opens_its_scanner() -> None:
    assert isinstance(open_scanner("demo:"), YaraScanner)
    assert isinstance(open_scanner("clamd://scanner.example.org"), ClamdScanner)
    with pytest.raises(ValueError, match="clamd://"):
        open_scanner("https://scanner.example.org")
