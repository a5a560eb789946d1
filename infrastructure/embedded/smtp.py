"""A mail server that delivers nothing and keeps each mail as an .eml file, in the order of arrival."""

import argparse
import asyncio
import itertools
import signal
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from infrastructure.embedded.ports import HOST
from infrastructure.embedded.private import private_folder


class MailFolder:
    """Writes each mail under a name that sorts by arrival; a reader never sees half a mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arrivals = itertools.count()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{time.time_ns():020d}-{next(self._arrivals):06d}.eml"
        draft = self._folder / f".{name}.draft"
        draft.write_bytes(_envelope_headers(envelope) + _content(envelope))
        draft.replace(self._folder / name)
        return "250 OK"


def _envelope_headers(envelope: Envelope) -> bytes:
    lines = [f"X-Envelope-From: {envelope.mail_from}"]
    lines += [f"X-Envelope-To: {recipient}" for recipient in envelope.rcpt_tos]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _content(envelope: Envelope) -> bytes:
    content = envelope.content or b""
    return content if isinstance(content, bytes) else content.encode()


async def _serve(folder: Path, port: int) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    mails = MailFolder(private_folder(folder))
    server = await loop.create_server(lambda: SMTP(mails, enable_SMTPUTF8=True, loop=loop), HOST, port)
    await ended.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--home", type=Path, required=True, help="the folder for the mails")
    options = parser.parse_args()
    asyncio.run(_serve(options.home, options.port))


if __name__ == "__main__":
    main()
