"""The ledger of the clients, outside the installation: one JSON line each, on disk before anything is sent."""

import os
import threading
from pathlib import Path

import msgspec

from espace.site.bench.crash.facts import Line

_DECODER = msgspec.json.Decoder(Line)


class Ledger:
    """Adds lines, each durable when `write` returns; for the threads of one process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()

    def write(self, line: Line) -> None:
        text = msgspec.json.encode(line) + b"\n"
        with self._lock:
            os.write(self._file, text)
        os.fdatasync(self._file)


def read(path: Path) -> list[Line]:
    """Every whole line; a last one that is cut was never relied on."""
    *whole, _cut = path.read_bytes().split(b"\n")
    return [_DECODER.decode(text) for text in whole]


class Follower:
    """Counts, as they come, the answers in a ledger that others write."""

    def __init__(self, path: Path) -> None:
        self._path, self._place = path, 0

    def answers(self) -> int:
        """Acknowledgements since the last call."""
        if not self._path.exists():
            return 0
        with self._path.open("rb") as file:
            file.seek(self._place)
            text = file.read()
        end = text.rfind(b"\n") + 1
        self._place += end
        return text[:end].count(b'"phase":"ack"')
