"""Messages that come together (HL7 v2.5.1, 2.10.3): a batch, BHS … BTS, alone or in a file, FHS … FTS.

A batch carries messages and asks for nothing itself: each is read, done and answered as if it had come alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from espace.kernel.reasons import hl7v2 as reasons
from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.wire.hl7v2 import er7
from espace.wire.hl7v2.acknowledgement import escaped, turned_round
from espace.wire.hl7v2.header import header_of
from espace.wire.hl7v2.values import Header

MAX_MESSAGES = 50
"""Of one batch: each may be a whole deposit, and the answer waits for the last one."""

_MARK = b"\xef\xbb\xbf"
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:FHS|BHS)[^A-Za-z0-9\r\n]")
_FIRST = re.compile(rb"(?P<name>FHS|BHS)")
_LINE = re.compile(rb"[\r\n](?P<name>MSH|FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9])")
_END = re.compile(rb"[\r\n]")
_BEFORE = {
    b"FHS": (b"",),
    b"BHS": (b"", b"FHS"),
    b"MSH": (b"BHS", b"MSH"),
    b"BTS": (b"BHS", b"MSH"),
    b"FTS": (b"BTS",),
}
"""What each envelope segment comes after; at the end there are all that began."""
_COUNT = re.compile(r"[0-9]{1,6}")
_MOST_ID = 199


@dataclass(frozen=True, slots=True)
class Batch:
    """The messages in their order; of the envelope what its answer repeats, in the encoding that all of them state, or
    UTF-8. `file_id` is None without a file."""

    header: Header
    id: str
    file_id: str | None
    messages: tuple[bytes, ...] = field(repr=False)


def is_batch(data: bytes) -> bool:
    return _BEGINS.match(data) is not None


def read_batch(data: bytes) -> Batch | Problem:
    """The messages of a batch, cut apart and no more; or why nothing of it is done: an envelope that is not whole may
    have lost messages. Never raises."""
    data = data.removeprefix(_MARK)
    found: list[tuple[bytes, int]] = []
    last, seen = b"", dict[bytes, int]()
    for name, start in _lines(data):
        found.append((name, start))
        if last not in _BEFORE[name] or (name != b"MSH" and name in seen):
            return _malformed(name, "FHS, BHS, MSH…, BTS, FTS are expected in this order, one batch a message")
        last, seen[name] = name, seen.get(name, 0) + 1
        if seen.get(b"MSH", 0) > MAX_MESSAGES:
            return _malformed(b"MSH", f"{MAX_MESSAGES} messages a batch at most")
    if last != (b"FTS" if b"FHS" in seen else b"BTS"):
        return _malformed(last or b"BHS", "the batch does not end: BTS, and FTS for a file")
    ends = [start for _, start in found[1:]] + [len(data)]
    parts = [(name, data[start:end]) for (name, start), end in zip(found, ends, strict=True)]
    return _counted(parts, seen.get(b"MSH", 0))


def _lines(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The segments that hold a batch together, with where they begin."""
    if first := _FIRST.match(data):
        yield first["name"], 0
    for one in _LINE.finditer(data):
        yield one["name"], one.start("name")


def _counted(parts: Sequence[tuple[bytes, bytes]], messages: int) -> Batch | Problem:
    headers: dict[bytes, tuple[Header, str]] = {}
    for name, part in parts:
        if name == b"MSH":
            continue
        if _END.search(part.strip(b"\r\n")):
            return _malformed(name, "a segment outside of a message")
        if name in (b"BTS", b"FTS"):
            said, expected = _first(part), messages if name == b"BTS" else 1
            if said and (not _COUNT.fullmatch(said) or int(said) != expected):
                return Problem(reasons.HL7_MALFORMED, f"{name.decode()}^1^1", f"{expected} came")
        else:
            envelope, wrong = er7.read(b"MSH" + part[3:])
            if wrong:
                return _malformed(name, wrong[0].detail)
            headers[name] = header_of(envelope), envelope.value(envelope.named("MSH")[0], 11)[:_MOST_ID]
    header, id = headers[b"BHS"]
    file_id = headers[b"FHS"][1] if b"FHS" in headers else None
    carried = tuple(part for name, part in parts if name == b"MSH")
    encodings = {(one.charset, one.codec) for one in map(_head, carried)}
    charset, codec = encodings.pop() if len(encodings) == 1 else ("UNICODE UTF-8", "utf-8")
    return Batch(replace(header, charset=charset, codec=codec), id, file_id, carried)


def _head(message: bytes) -> Header:
    return header_of(er7.read(_END.split(message[: er7.MAX_TEXT], maxsplit=1)[0])[0])


def _first(part: bytes) -> str:
    """BTS-1, FTS-1."""
    return part[4:].split(part[3:4], 1)[0].strip().decode("ascii", errors="replace")


def _malformed(name: bytes, detail: str) -> Problem:
    return Problem(reasons.HL7_MALFORMED, f"{name.decode()}^1", detail)


def answered_batch(batch: Batch, answers: Sequence[bytes], *, at: datetime, id: str) -> bytes:
    """The acknowledgements of its messages in their order, each whole, in an envelope that says of which (BHS-12)."""
    opening, closing = [_envelope("BHS", batch, batch.id, at, id)], [f"BTS|{len(answers)}"]
    if batch.file_id is not None:
        opening.insert(0, _envelope("FHS", batch, batch.file_id, at, id))
        closing.append("FTS|1")
    begin, end = ("".join(f"{one}\r" for one in part).encode() for part in (opening, closing))
    return b"".join((begin, *answers, end))


def _envelope(name: str, batch: Batch, of: str, at: datetime, id: str) -> str:
    when = at.strftime("%Y%m%d%H%M%S%z")
    return "|".join((name, "^~\\&", *turned_round(batch.header), when, "", "", "", id, escaped(of)))
