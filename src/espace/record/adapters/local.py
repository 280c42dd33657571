"""Contents in a folder of this machine.

Temporary file → fsync → rename → fsync of the folder. The temporary file, which only one can make, is also what keeps
two writers of one name apart: the rename never takes the place of what is there.

Before each write and each removal the mark is looked for, one stat: a folder without it is where a volume is not
mounted, and what is written there would lie under the volume once it is back.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from itertools import chain
from pathlib import Path
from uuid import UUID

from espace.record.adapters.contract import (
    MARK,
    READ_AT_ONCE,
    ContentMissing,
    ContentUnavailable,
    Pieces,
    Reading,
    Stored,
    content_name,
    named_at,
    pieces_of,
)

UNFINISHED = ".tmp"


class LocalContentStore:
    """A folder of this machine, with 256 folders inside."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, name: UUID) -> Path:
        # The last hexadecimal digits of a UUIDv7 are random: folders fill evenly.
        return self._root / name.hex[-2:] / name.hex

    def write(self, name: UUID, data: bytes | Pieces) -> None:
        self._require_mark()
        self._write(name, data)

    def mark(self, data: bytes) -> None:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(MARK, data)

    def _require_mark(self) -> None:
        try:
            self._path(MARK).stat()
        except (FileNotFoundError, NotADirectoryError):
            raise OSError(errno.ENODEV, "the content store bears no mark: is its volume mounted?") from None

    def _write(self, name: UUID, data: bytes | Pieces) -> None:
        path = self._path(name)
        _make_folder(path.parent)
        temporary = path.with_suffix(UNFINISHED)
        with temporary.open("xb", buffering=0) as file:
            try:
                if not _is_there(path, data):
                    for piece in pieces_of(data):
                        _write_all(file.fileno(), piece)
                    os.fsync(file.fileno())
                    temporary.rename(path)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        _fsync_folder(path.parent)

    def read(self, name: UUID) -> bytes:
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ContentMissing(name.hex) from error
        except OSError as error:
            raise ContentUnavailable(name.hex) from error

    def reading(self, name: UUID) -> Reading:
        try:
            file = self._path(name).open("rb", buffering=0)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ContentMissing(name.hex) from error
        except OSError as error:
            raise ContentUnavailable(name.hex) from error
        pieces = _pieces(file, size := os.fstat(file.fileno()).st_size, name)
        return Reading(size, chain((next(pieces, b""),), pieces))

    def listing(self, *, since: datetime | None, until: datetime) -> Iterator[Stored]:
        for text, path in self._files():
            name = content_name(text)
            if name is None or not (since is None or since <= named_at(name)) or named_at(name) >= until:
                continue
            with suppress(FileNotFoundError):
                yield Stored(name, _written_at(path))

    def remove(self, names: Iterable[UUID]) -> None:
        self._require_mark()
        paths = [self._path(name) for name in names]
        for path in paths:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in paths if path.parent.is_dir()}:
            _fsync_folder(folder)

    def unfinished(self, *, before: datetime) -> int:
        return sum(1 for _ in self._unfinished(before))

    def sweep(self, *, before: datetime) -> int:
        count = 0
        for path in self._unfinished(before):
            path.unlink(missing_ok=True)
            count += 1
        return count

    def _unfinished(self, before: datetime) -> Iterator[Path]:
        for text, path in self._files():
            if content_name(text.removesuffix(UNFINISHED)) and text.endswith(UNFINISHED):
                with suppress(FileNotFoundError):
                    if _written_at(path) < before:
                        yield path

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Name and path of what is in the folders; a folder that appears meanwhile may be left out."""
        for folder in sorted(path for path in self._root.iterdir() if path.is_dir()):
            with os.scandir(folder) as entries:
                for entry in entries:
                    yield entry.name, Path(entry.path)

    def links(self) -> Iterator[str]:
        for folder in sorted(path for path in self._root.glob("??") if path.is_symlink()):
            yield folder.name
        for text, path in self._files():
            if content_name(text) and path.is_symlink():
                yield text

    def check(self) -> None:
        with os.scandir(self._root) as entries:
            next(entries, None)
        self._require_mark()


def _pieces(file: FileIO, left: int, name: UUID) -> Iterator[bytes]:
    """The file is closed when all is read, or when nobody reads on."""
    with file:
        while left > 0 and (piece := _piece(file, min(left, READ_AT_ONCE), name)):
            left -= len(piece)
            yield piece


def _piece(file: FileIO, size: int, name: UUID) -> bytes:
    try:
        return file.read(size) or b""
    except OSError as error:
        raise ContentUnavailable(name.hex) from error


def _is_there(path: Path, data: bytes | Pieces) -> bool:
    """Whether these bytes have this name already; FileExistsError when others have."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return False
    with file:
        same = all(file.read(len(piece)) == piece for piece in pieces_of(data)) and not file.read(1)
    if not same:
        raise FileExistsError(errno.EEXIST, "another content has this name")
    return True


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
        _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
