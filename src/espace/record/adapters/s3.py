"""Contents in a bucket of an S3 server: one object for each, `prefix/` and the 32 hexadecimal digits of its name.

An object is there whole or not at all, and is created on condition that its name is free. How durable an
acknowledged object is, is the server's promise: docs/how-to/keep-contents-on-s3.md.
"""

import errno
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from espace.record.adapters.address import S3Address
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
    whole_of,
)

if TYPE_CHECKING:
    from obstore import ObjectMeta

AT_ONCE = 1000
"""Names asked for and removed by one request: the most that S3 takes."""
_REFUSED = (PermissionDeniedError, UnauthenticatedError)
_SAID = re.compile(r"status code: (\d{3})|<Code>(\w{1,40})</Code>|\bkind: (\w{1,40})|InvalidCertificate\(\s*(\w{1,40})")
_log = logging.getLogger("espace.contents")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, for the whole of one request, and after which none is asked again; pauses between them."""

    connect: float = 3
    answer: float = 20
    again_within: float = 5
    pauses: tuple[float, ...] = (0.1, 0.4)


class S3ContentStore:
    """A bucket, or a prefix of one. A request that fails is asked again as often as `patience` has pauses."""

    def __init__(
        self, address: S3Address, *, access_key: str, secret_key: str, patience: Patience | None = None
    ) -> None:
        self._patience = patience or Patience()
        self._prefix = address.prefix
        self._store = S3Store(
            address.bucket,
            endpoint=address.endpoint,
            region=address.region,
            access_key_id=access_key,
            secret_access_key=secret_key,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": address.in_clear,
                "connect_timeout": timedelta(seconds=self._patience.connect),
                "timeout": timedelta(seconds=self._patience.answer),
            },
            # Ours below: the library does not know that a name that exists already may be this very write.
            retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=self._patience.answer)},
        )

    def _path(self, name: UUID) -> str:
        return f"{self._prefix}/{name.hex}" if self._prefix else name.hex

    def write(self, name: UUID, data: bytes | Pieces) -> None:
        """In one request, for only one is conditional: an upload in parts could take the place of what is there, and
        one that was cut short would stay in the bucket, unlisted. All of `data` is in memory meanwhile."""
        whole = whole_of(data)
        try:
            self._ask(lambda: obstore.put(self._store, self._path(name), whole, mode="create", use_multipart=False))
        except AlreadyExistsError:
            # An answer that was lost, perhaps: what is there decides.
            if self._kept(name) != whole:
                raise FileExistsError(errno.EEXIST, "another content has this name") from None

    def mark(self, data: bytes) -> None:
        self.write(MARK, data)

    def _kept(self, name: UUID) -> bytes:
        try:
            return self.read(name)
        except ContentMissing:
            raise OSError(errno.EIO, "the content store does not give what it says it has") from None

    def read(self, name: UUID) -> bytes:
        try:
            return self._ask(lambda: bytes(obstore.get(self._store, self._path(name)).bytes()))
        except FileNotFoundError as error:
            raise ContentMissing(name.hex) from error
        except OSError as error:
            raise ContentUnavailable(name.hex) from error

    def reading(self, name: UUID) -> Reading:
        """An answer that breaks is asked for again while its first piece is awaited; what breaks later is unavailable,
        for what was read of it is not read twice."""
        try:
            size, first, rest = self._ask(lambda: self._begun(name))
        except FileNotFoundError as error:
            raise ContentMissing(name.hex) from error
        except OSError as error:
            raise ContentUnavailable(name.hex) from error
        return Reading(size, chain((first,), _later(rest, size - len(first), name)))

    def _begun(self, name: UUID) -> tuple[int, bytes, Iterator[bytes]]:
        found = obstore.get(self._store, self._path(name))
        if found.meta["size"] <= READ_AT_ONCE:
            return found.meta["size"], bytes(found.bytes()), iter(())
        pieces = iter(found.stream(min_chunk_size=READ_AT_ONCE))
        return found.meta["size"], bytes(next(pieces, b"")), pieces

    def listing(self, *, since: datetime | None, until: datetime) -> Iterator[Stored]:
        """A bucket lists names in their order, which is that of time: it is not read beyond `until`."""
        after = None if since is None else self._path(_first_at(since))
        while page := self._page(after, AT_ONCE):
            for found in page:
                name = content_name(found["path"].rpartition("/")[2])
                if name is not None and found["path"] == self._path(name):
                    if named_at(name) >= until:
                        return
                    yield Stored(name, found["last_modified"])
            after = page[-1]["path"]

    def _page(self, after: str | None, size: int) -> Sequence["ObjectMeta"]:
        """One request; a stream of the library that failed would end without a word when asked again."""
        listed = self._ask(
            lambda: next(iter(obstore.list(self._store, self._prefix or None, offset=after, chunk_size=size)), None)
        )
        return listed or ()

    def remove(self, names: Iterable[UUID]) -> None:
        paths = (self._path(name) for name in names)
        for first in paths:
            batch = list(chain([first], islice(paths, AT_ONCE - 1)))
            self._ask(partial(obstore.delete, self._store, batch))

    def unfinished(self, *, before: datetime) -> int:
        """None: an object whose upload was cut short does not exist."""
        return 0

    def sweep(self, *, before: datetime) -> int:
        return 0

    def links(self) -> Iterator[str]:
        """None: a bucket has objects only."""
        return iter(())

    def check(self) -> None:
        self._page(None, 1)

    def _ask(self, request: Callable[[], T]) -> T:
        """What the server answers; asked again while that may help. OSError, without a word of what was sent."""
        began = time.monotonic()
        for pause in (*self._patience.pauses, None):
            try:
                return request()
            except (FileNotFoundError, AlreadyExistsError):
                raise
            except (BaseError, OSError) as error:
                why = _why(error)
                late = time.monotonic() - began > self._patience.again_within
                if pause is None or late or isinstance(error, _REFUSED):
                    _log.warning("the content store refuses or does not answer", extra={"why": why})
                    raise OSError(errno.EIO, f"the content store: {why}") from None
            time.sleep(pause)
        raise AssertionError("the last pause is None")


def _later(pieces: Iterator[bytes], left: int, name: UUID) -> Iterator[bytes]:
    """The other pieces, as many bytes as were announced."""
    try:
        for piece in map(bytes, pieces):
            left -= len(piece)
            yield piece
        if left:
            raise OSError(errno.EIO, "fewer bytes than announced")
    except (BaseError, OSError) as error:
        _log.warning("the content store broke off", extra={"why": _why(error)})
        raise ContentUnavailable(name.hex) from None


def _first_at(at: datetime) -> UUID:
    """Before all names given from the millisecond of `at` on, and after all others."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def _why(error: Exception) -> str:
    """The server's own status and code, or the kinds of the fault: never the address, nor what was asked."""
    said = ("".join(found) for found in _SAID.findall(str(error)))
    return " ".join(dict.fromkeys((type(error).__name__, *said)))
