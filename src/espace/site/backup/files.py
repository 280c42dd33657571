"""Files and folders that only their owner reads, written whole or not at all, and on the disk when that is said."""

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from espace.site.backup.facts import Held, Unusable

CHUNK = 1024 * 1024


def make_folder(folder: Path) -> None:
    """The folder and those above, 0700, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    fsync_folder(folder.parent)


def fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, chunks: Iterable[bytes]) -> Held:
    """A 0600 file, in the place of the one of that name; its folder is to be synchronised by the caller."""
    with replacing(path) as descriptor:
        count, digest = 0, hashlib.sha256()
        for chunk in chunks:
            _write_all(descriptor, chunk)
            digest.update(chunk)
            count += len(chunk)
    return Held(count, digest.hexdigest())


@contextmanager
def replacing(path: Path) -> Iterator[int]:
    """The descriptor of a 0600 file that takes its name once the block is done and its bytes are on the disk."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_durably(path: Path, data: bytes) -> Held:
    held = write(path, (data,))
    fsync_folder(path.parent)
    return held


def copy(source: Path, target: Path) -> Held:
    return write(target, read(source))


def copy_unlinked(source: Path, target: Path) -> Held:
    """As `copy`; Unusable where the source or its folder is a link."""
    return write(target, read_unlinked(source))


def read(path: Path, most: int | None = None) -> Iterator[bytes]:
    """The bytes of a file, or of its beginning."""
    with path.open("rb") as file:
        left = most
        while chunk := file.read(CHUNK if left is None else min(CHUNK, left)):
            left = None if left is None else left - len(chunk)
            yield chunk


def read_unlinked(path: Path) -> Iterator[bytes]:
    """The bytes of a file that neither itself nor its folder is a link: whoever may write there would else have any
    file of this machine read by whoever runs this. Unusable for a link or another thing than a file."""
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            # Without waiting: a pipe would.
            descriptor = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        finally:
            os.close(folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO):
            raise linked(path) from None
        raise
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise linked(path)
        while chunk := file.read(CHUNK):
            yield chunk


def linked(path: Path) -> Unusable:
    return Unusable(f"{path} is a link or no file, and links are not followed: ./espace fsck names them.")


def measure(path: Path, most: int | None = None) -> Held:
    """What `write` answered for these bytes."""
    count, digest = 0, hashlib.sha256()
    for chunk in read(path, most):
        digest.update(chunk)
        count += len(chunk)
    return Held(count, digest.hexdigest())


def check(path: Path, expected: Held, name: str, *, beginning: bool = False) -> None:
    """Unusable unless the file is there, readable, and has these bytes; of a file that grows, at its beginning."""
    try:
        found = measure(path, expected.bytes if beginning else None)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise Unusable(f"The back-up is not whole: {name} is missing.") from None
        raise Unusable(f"The back-up cannot be read: {name} ({error.strerror}).") from None
    if found != expected:
        raise Unusable(f"The back-up is damaged: {name} is not what was written.")


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    fsync_folder(path.parent)
