"""Files of a back-up, compressed and sealed on the way to the disk: bounded memory, whatever their size.

A file is `magic | salt (16) | frames`; a frame is `length (4) | AES-256-GCM of at most a mebibyte`. The key of each
file is derived from the base's key, the salt and the file's name: frames cannot go from one file to another. The nonce
counts the frames and says which one is the last: none can be left out, repeated, swapped or added.
"""

import hashlib
import hmac
import io
import secrets
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from espace.site.backup.facts import Unusable

FRAME = 1024 * 1024
KEY_BYTES, SALT_BYTES, TAG_BYTES = 32, 16, 16
MAGIC = b"espace-backup/1\x00"
ZLIB_LEVEL = 1


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def sealed(key: bytes, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of the file that holds `chunks` under this name."""
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = AESGCM(_file_key(key, salt, name))
    yield MAGIC + salt
    for number, (plain, last) in enumerate(_with_last(_frames(_compressed(chunks)))):
        frame = cipher.encrypt(_nonce(number, last), plain, None)
        yield len(frame).to_bytes(4) + frame


def opened(key: bytes, name: str, file: BinaryIO) -> Iterator[bytes]:
    """What was sealed under this name; Unusable where the file is not that, whole and unaltered."""
    head = file.read(len(MAGIC) + SALT_BYTES)
    if len(head) != len(MAGIC) + SALT_BYTES or not head.startswith(MAGIC):
        raise Unusable(f"{name} of the back-up is not a sealed file.")
    cipher = AESGCM(_file_key(key, head[len(MAGIC) :], name))
    inflate = zlib.decompressobj()
    for number, (frame, last) in enumerate(_with_last(_stored_frames(name, file))):
        try:
            plain = cipher.decrypt(_nonce(number, last), frame, None)
        except InvalidTag:
            raise Unusable(f"{name} of the back-up was altered or cut, or its keys are others.") from None
        yield from _inflated(inflate, plain)
    if not inflate.eof:
        raise Unusable(f"{name} of the back-up is cut short.")


class Stream(io.RawIOBase):
    """Chunks as a file that is read once, from its beginning to its end."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._left = iter(chunks), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; b"" at the end."""
        while not self._left:
            found = next(self._chunks, None)
            if found is None:
                return b""
            self._left = found
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return given


def mac(key: bytes, data: bytes) -> str:
    """What vouches for a manifest: nobody writes one without the key."""
    return hmac.digest(key, b"espace-backup/manifest\x00" + data, hashlib.sha256).hex()


def _file_key(key: bytes, salt: bytes, name: str) -> bytes:
    return hmac.digest(key, b"espace-backup/file\x00" + salt + name.encode(), hashlib.sha256)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11) + bytes((last,))


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    deflate = zlib.compressobj(ZLIB_LEVEL)
    for chunk in chunks:
        yield deflate.compress(chunk)
    yield deflate.flush()


def _inflated(inflate: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """At most a frame at a time: data that inflate a thousandfold are never all in memory."""
    while data and not inflate.eof:
        yield inflate.decompress(data, FRAME)
        data = inflate.unconsumed_tail


def _frames(chunks: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= FRAME:
            yield bytes(gathered[:FRAME])
            del gathered[:FRAME]
    yield bytes(gathered)


def _stored_frames(name: str, file: BinaryIO) -> Iterator[bytes]:
    while length := file.read(4):
        frame = file.read(min(int.from_bytes(length), FRAME + TAG_BYTES))
        if len(length) != 4 or len(frame) != int.from_bytes(length):
            raise Unusable(f"{name} of the back-up is cut short.")
        yield frame


def _with_last(items: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each item, and whether it is the last."""
    before: bytes | None = None
    for item in items:
        if before is not None:
            yield before, False
        before = item
    if before is not None:
        yield before, True
