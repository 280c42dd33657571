"""The content store: sealed bytes under a name, written durably before the row that names them is committed.

Protocol: temporary file → fsync → rename → fsync of the folder → then the database
transaction. Readers only open what a committed row names; what no row names is an orphan.
"""

import os
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import UUID

from django.conf import settings


class ContentMissing(Exception):
    """The store cannot give these bytes."""


class ContentStore(Protocol):
    def write(self, name: UUID, data: bytes) -> None:
        """Keep `data` durably; OSError when it cannot, and then nothing is kept under this name."""

    def read(self, name: UUID) -> bytes:
        """The bytes kept; ContentMissing when there are none or they cannot be read."""


class LocalContentStore:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, name: UUID) -> Path:
        # The last hexadecimal digits of a UUIDv7 are random: folders fill evenly.
        return self._root / name.hex[-2:] / name.hex

    def write(self, name: UUID, data: bytes) -> None:
        path = self._path(name)
        _make_folder(path.parent)
        temporary = path.with_suffix(".tmp")
        try:
            with temporary.open("xb", buffering=0) as file:
                _write_all(file.fileno(), data)
                os.fsync(file.fileno())
            temporary.rename(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        _fsync_folder(path.parent)

    def read(self, name: UUID) -> bytes:
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            raise ContentMissing(name.hex) from error


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def content_store() -> ContentStore:
    """The store that the settings name."""
    return LocalContentStore(Path(url2pathname(urlsplit(settings.ESPACE_CONTENT_URL).path)))
