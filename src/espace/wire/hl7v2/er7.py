"""HL7 v2 as it travels (« ER7 », HL7 v2.5.1, chapter 2): bytes → segments, fields, repetitions, components.

Nothing is copied before it is asked for: a part of a message is where it begins and ends in the bytes received.
"""

import re
from dataclasses import dataclass, field

from espace.kernel.reasons import hl7v2 as reasons
from espace.kernel.words import Problem

Span = tuple[int, int]

MAX_SEGMENTS = 1_000
MAX_PARTS = 300
"""Fields of a segment, repetitions of a field, components of a repetition: more than any of them has."""
MAX_TEXT = 65_536
"""Bytes of a value that is read as text; a document is more, and is not."""

CHARSETS = {
    "": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "ASCII": "ascii",
    "8859/1": "iso-8859-1",
    "8859/15": "iso-8859-15",
}
"""MSH-18 (HL7 table 0211), and the codec of each: all of them extend ASCII, so delimiters are what they look like."""

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_ENDS = re.compile(rb"[\r\n]+")
_NAME = re.compile(rb"[A-Z][A-Z0-9]{2}")
_PLAIN = re.compile(rb"[!-/:-@\[-`{-~]")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators that a message declares (MSH-1, MSH-2), one byte each."""

    field: bytes = b"|"
    component: bytes = b"^"
    repetition: bytes = b"~"
    escape: bytes = b"\\"
    subcomponent: bytes = b"&"

    @property
    def escaped(self) -> dict[bytes, bytes]:
        """What stands between two escape characters for a separator (2.7.1)."""
        return {
            b"F": self.field, b"S": self.component, b"R": self.repetition, b"E": self.escape, b"T": self.subcomponent,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """`number` is its place among the segments of its name, from 1; `fields` are numbered from 1, MSH's as HL7 counts
    them: MSH-1 is the field separator."""

    name: str
    number: int
    fields: tuple[Span, ...]

    def place(self, *numbers: int) -> str:
        """Segment, its number, field, repetition, component: as ERR-2 has it (data type ERL)."""
        return "^".join((self.name, str(self.number), *map(str, numbers)))


@dataclass(frozen=True, slots=True)
class Message:
    """A message of which every segment was found; `codec` is Python's name of its charset."""

    data: bytes = field(repr=False)
    delimiters: Delimiters
    codec: str
    segments: tuple[Segment, ...] = ()

    def named(self, name: str) -> list[Segment]:
        return [one for one in self.segments if one.name == name]

    def repetitions(self, segment: Segment, number: int) -> list[Span]:
        """The repetitions of a field; none where the field is not there or empty."""
        if number > len(segment.fields):
            return []
        start, end = segment.fields[number - 1]
        return _split(self.data, start, end, self.delimiters.repetition) if end > start else []

    def component(self, span: Span, number: int, sub: int = 1) -> str:
        """One component of a repetition as text, of which one subcomponent; "" where there is none."""
        found = self.part(span, number)
        parts = _split(self.data, *found, self.delimiters.subcomponent) if found else []
        return self.text(parts[sub - 1]) if len(parts) >= sub else ""

    def part(self, span: Span, number: int) -> Span | None:
        """Where one component of a repetition is."""
        parts = _split(self.data, *span, self.delimiters.component)
        return parts[number - 1] if len(parts) >= number else None

    def value(self, segment: Segment, number: int, component: int = 1, sub: int = 1) -> str:
        """One component of the first repetition of a field, as text."""
        found = self.repetitions(segment, number)
        return self.component(found[0], component, sub) if found else ""

    def text(self, span: Span) -> str:
        """The text of a part, without escapes; the HL7 null (`""`) is no text. Longer than MAX_TEXT is cut."""
        start, end = span
        raw = self.data[start : min(end, start + MAX_TEXT)]
        text = self.plain(raw).decode(self.codec, errors="replace").strip()
        return "" if text == '""' else text

    def plain(self, raw: bytes) -> bytes:
        """Bytes without escapes (2.7): separators, hexadecimal bytes and line ends; any other is kept as sent."""
        mark = self.delimiters.escape
        if mark not in raw:
            return raw
        pieces, table = raw.split(mark), self.delimiters.escaped
        found = [pieces[0]]
        for index, piece in enumerate(pieces[1:], start=1):
            within = index % 2 and index < len(pieces) - 1
            found.append(_meant(piece, table, mark) if within else piece if index % 2 == 0 else mark + piece)
        return b"".join(found)


def _meant(sequence: bytes, table: dict[bytes, bytes], mark: bytes) -> bytes:
    """What stands between two escape characters, meant."""
    if sequence in table:
        return table[sequence]
    if sequence in (b"H", b"N"):
        return b""
    if sequence.startswith(b".br"):
        return b"\n"
    if sequence[:1] == b"X" and len(sequence) % 2 and re.fullmatch(rb"X[0-9A-Fa-f]+", sequence):
        said = bytes.fromhex(sequence[1:].decode("ascii"))
        if not _CONTROL.search(said):
            return said
    return mark + sequence + mark


def _split(data: bytes, start: int, end: int, by: bytes) -> list[Span]:
    """Where the parts are; what comes after the last one that is looked for stays in it."""
    found: list[Span] = []
    at = data.find(by, start, end) if by else -1
    while at >= 0 and len(found) < MAX_PARTS:
        found.append((start, at))
        start = at + 1
        at = data.find(by, start, end)
    found.append((start, end))
    return found


def read(data: bytes) -> tuple[Message, tuple[Problem, ...]]:
    """The message in these bytes, or with problems as much of it as its answer needs: its MSH. Never raises."""
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while data[start : start + 1] in (b"\r", b"\n"):
        start += 1
    delimiters, wrong = _delimiters(data, start)
    if wrong:
        return Message(data, Delimiters(), "utf-8"), (wrong,)
    segments, problems = _segments(data, start, delimiters)
    message = Message(data, delimiters, "ascii", segments)
    charset = message.value(segments[0], 18)
    codec = CHARSETS.get(charset.upper())
    if codec is None:
        problems = (*problems, Problem(reasons.HL7_CHARSET, "MSH^1^18", ", ".join(filter(None, CHARSETS))))
    whole = Message(data, delimiters, codec or "iso-8859-1", segments)
    return whole, (*problems, *(_undecodable(whole) if codec else ()))


def _delimiters(data: bytes, start: int) -> tuple[Delimiters, Problem | None]:
    end = _ENDS.search(data, start)
    line = data[start : min(end.start() if end else len(data), start + MAX_TEXT)]
    if not line.startswith(b"MSH") or len(line) < 8:
        return Delimiters(), Problem(reasons.HL7_MALFORMED, "", "a message begins with MSH")
    field_, encoding = line[3:4], line[4:].split(line[3:4], 1)[0]
    said = [field_, *(encoding[i : i + 1] for i in range(len(encoding)))]
    if len(encoding) not in (4, 5) or len(set(said)) != len(said) or not all(map(_PLAIN.fullmatch, said)):
        return Delimiters(), Problem(reasons.HL7_MALFORMED, "MSH^1^2", "four different encoding characters, as ^~\\&")
    return Delimiters(*said[:5]), None


def _segments(data: bytes, start: int, delimiters: Delimiters) -> tuple[tuple[Segment, ...], tuple[Problem, ...]]:
    found: list[Segment] = []
    counts: dict[str, int] = {}
    problems: list[Problem] = []
    for begin, end in _lines(data, start):
        name = data[begin : begin + 3]
        follows = data[begin + 3 : begin + 4]
        if not _NAME.fullmatch(name) or (end > begin + 3 and follows != delimiters.field):
            where = f"segment {len(found) + 1}"
            problems.append(Problem(reasons.HL7_MALFORMED, where, "a segment begins with its name, three letters"))
            break
        if len(found) == MAX_SEGMENTS:
            problems.append(Problem(reasons.HL7_MALFORMED, "", f"{MAX_SEGMENTS} segments at most"))
            break
        known = name.decode("ascii")
        counts[known] = counts.get(known, 0) + 1
        segment = Segment(known, counts[known], _fields(data, begin, end, delimiters, known))
        found.append(segment)
        problems += _faults(data, begin, end, segment)
    return tuple(found), tuple(problems)


def _lines(data: bytes, start: int) -> list[Span]:
    """Segments end with a carriage return; files often have line feeds, or both: taken alike."""
    found = []
    for end in _ENDS.finditer(data, start):
        found.append((start, end.start()))
        start = end.end()
        if len(found) > MAX_SEGMENTS:
            return found
    return [*found, (start, len(data))] if start < len(data) else found


def _fields(data: bytes, begin: int, end: int, delimiters: Delimiters, name: str) -> tuple[Span, ...]:
    if end <= begin + 3:
        return ()
    parts = _split(data, begin + 4, end, delimiters.field)
    return ((begin + 3, begin + 4), *parts) if name == "MSH" else tuple(parts)


def _faults(data: bytes, begin: int, end: int, segment: Segment) -> list[Problem]:
    problems = []
    if len(segment.fields) > MAX_PARTS:
        problems.append(Problem(reasons.HL7_MALFORMED, segment.place(), f"{MAX_PARTS} fields at most"))
    if _CONTROL.search(data, begin, end):
        problems.append(Problem(reasons.HL7_MALFORMED, segment.place(), "a control character"))
    return problems


def _undecodable(message: Message) -> list[Problem]:
    """Fields that are not in the charset declared; one that is ASCII always is, and a document in base64 is."""
    problems = []
    for segment in message.segments:
        for number, (begin, end) in enumerate(segment.fields, start=1):
            if not _BEYOND_ASCII.search(message.data, begin, end):
                continue
            try:
                message.data[begin:end].decode(message.codec)
            except UnicodeDecodeError:
                detail = f"not {message.codec}, as MSH-18 says"
                problems.append(Problem(reasons.HL7_CHARSET, segment.place(number), detail))
    return problems
