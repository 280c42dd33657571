"""The demonstration's mail server: takes any message on loopback, keeps it as a file, sends nothing.

Run as `python -m espace.site.mail_catcher FOLDER PORT`.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from espace.edge import new_id
from espace.site.config import MEBIBYTE

MOST_BYTES = 10 * MEBIBYTE
MOST_RECIPIENTS = 50


class Catcher:
    """Writes each message whole or not at all; names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            store(self._folder, envelope.original_content or b"")
        except OSError:
            return "452 4.3.1 Message cannot be kept now"
        return "250 OK"


def store(folder: Path, message: bytes) -> Path:
    """The path of the message, durably written."""
    path = folder / f"{new_id()}.eml"
    temporary = path.with_suffix(".part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        return temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


async def serve(folder: Path, port: int) -> None:
    """Until SIGTERM or SIGINT."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    catcher = Catcher(folder)
    server = await loop.create_server(
        lambda: SMTP(catcher, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, hostname="localhost"),
        host="127.0.0.1",
        port=port,
    )
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
