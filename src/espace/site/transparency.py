"""The public addresses of the access log (C2SP tlog-tiles), for witnesses and verifiers: nothing tells of anybody.

    /transparency/checkpoint                     the last signed checkpoint
    /transparency/tile/<L>/<N>[.p/<W>]           hashes of the tree
    /transparency/tile/entries/<N>[.p/<W>]       the entries themselves
    /transparency/keys                           the public keys that sign
    /transparency/verify_trace.py                the program that checks a proof file
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from espace.keys.queries import log_keys
from espace.trace import queries as trace
from espace.trace.rules.notes import verifier_key
from espace.trace.rules.tiles import HASH_BYTES, WIDTH, width_of

PREFIX = "/transparency/"
PAGES = frozenset({"/transparency", PREFIX, f"{PREFIX}verifier", f"{PREFIX}verifier/"})
"""For people."""
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FRESH, HOURLY, FOR_EVER = "no-cache", "public, max-age=3600", "public, max-age=31536000, immutable"

_TILE = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5})([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Published:
    """A body with its media type and how long it may be kept."""

    body: bytes
    media_type: str
    caching: str


def find(path: str) -> Published | None:
    """What is published at this path; None where nothing is."""
    name = path.removeprefix(PREFIX)
    if name == "checkpoint":
        last = trace.checkpoint()
        return Published(last.note.encode(), TEXT, FRESH) if last else None
    if name == "keys":
        return Published("".join(f"{verifier_key(key)}\n" for key in log_keys()).encode(), TEXT, HOURLY)
    if name == "verify_trace.py":
        return Published(_program(), "text/x-python; charset=utf-8", HOURLY)
    found = _TILE.fullmatch(name)
    return _tile(found[1], found[2], found[3], int(found[4]) if found[4] else None) if found else None


def _tile(kind: str, above: str, last: str, partial: int | None) -> Published | None:
    """A tile that the last checkpoint covers, in its one right spelling; of a partial one, as many as were asked."""
    level, digits = 0 if kind == "entries" else int(kind), above.replace("x", "").replace("/", "") + last
    signed = trace.checkpoint()
    if signed is None or (above and digits.startswith("000")) or (partial or 0) >= WIDTH:
        return None
    number, width = int(digits), partial or WIDTH
    if width_of(level, number, signed.size) < width:
        return None
    caching = FOR_EVER if partial is None else HOURLY
    if kind == "entries":
        bundle = b"".join(len(one).to_bytes(2) + one for one in trace.entries(number, width))
        return Published(bundle, BYTES, caching)
    return Published(_hashes(level, number, width), BYTES, caching)


def _hashes(level: int, number: int, width: int) -> bytes:
    found = trace.hashes(level, number, width)
    if len(found) != width * HASH_BYTES:
        raise trace.LogBroken(f"tile {level}/{number}")
    return found


@lru_cache(maxsize=1)
def _program() -> bytes:
    return files("espace.site").joinpath("verify_trace.py").read_bytes()
