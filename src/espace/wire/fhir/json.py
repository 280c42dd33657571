"""JSON that cannot hurt: RFC 8259 read within bounds, every ambiguity refused (RFC 7493, I-JSON).

The bytes are scanned once before anything is built: depth, number of values, keys said twice, numbers
and strings without measure are refused there, so that the reading proper stays small and quick.
"""

import re
from dataclasses import dataclass, field

import msgspec

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem

Json = dict[str, object] | list[object] | str | int | float | bool | None
"""What a JSON text is once read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`depth` of nesting, `tokens` in all (a member counts four), `digits` of a number, `text` bytes of a
    string that is not base64."""

    depth: int = 64
    tokens: int = 400_000
    digits: int = 32
    text: int = 1_048_576


LIMITS = Limits()

_BOM = b"\xef\xbb\xbf"
_ESCAPES_OF_TEXT = 100_000
_ESCAPES_OF_BASE64 = 4_000_000
# Possessive repeats take no memory per repetition and never try twice. Every byte belongs to some token, so
# that the search never walks: a quote that opens nothing acceptable is a token of its own.
_TOKEN = re.compile(
    rb'\s*+(?:(?P<base64>"[A-Za-z0-9+/= ]*+(?:\\[nrt/][A-Za-z0-9+/= ]*+){0,%d}+")'
    rb'|(?P<text>"[^"\\]*+(?:\\.[^"\\]*+){0,%d}+")'
    rb"|(?P<open>[{\[])|(?P<close>[}\]])|(?P<next>,)|(?P<colon>:)"
    rb'|(?P<literal>[^\s{}\[\]:,"]++)|(?P<broken>")|(?P<end>\Z))' % (_ESCAPES_OF_BASE64, _ESCAPES_OF_TEXT),
    re.DOTALL,
)


@dataclass(slots=True)
class _Level:
    """An object or an array being scanned."""

    is_object: bool
    keys: set[str] = field(default_factory=set)
    key: str = ""
    index: int = 0

    @property
    def step(self) -> str:
        return f".{self.key}" if self.is_object else f"[{self.index}]"


def read(data: bytes, *, limits: Limits = LIMITS) -> tuple[Json, tuple[Problem, ...]]:
    """The value of a JSON text in UTF-8 (a byte order mark is passed over), or None and the problem.

    Never raises. The problem is JSON_MALFORMED; its place is a path (`entry[0].resource`) where one is
    known, else a byte offset.
    """
    view = memoryview(data)[len(_BOM) :] if data.startswith(_BOM) else memoryview(data)
    if problem := _Scan(view, limits).run():
        return None, (problem,)
    try:
        return msgspec.json.decode(view), ()
    except UnicodeDecodeError:
        return None, (_malformed("$", "the text is not UTF-8"),)
    except (msgspec.MsgspecError, RecursionError) as error:
        return None, (_malformed(*_where(str(error))),)


def _malformed(place: str, detail: str) -> Problem:
    return Problem(reasons.JSON_MALFORMED, place, detail)


_BYTE = re.compile(r"^(?:JSON is malformed: )?(.*?)(?: \(byte (\d+)\))?$", re.DOTALL)


def _where(message: str) -> tuple[str, str]:
    found = _BYTE.match(message)
    detail, offset = found.groups() if found else (message, None)
    return (f"byte {offset}" if offset else "$"), detail


class _Scan:
    """One pass over the tokens. The grammar is the decoder's business; bounds and repeated keys are ours."""

    def __init__(self, view: memoryview, limits: Limits) -> None:
        self.view = view
        self.limits = limits
        self.levels: list[_Level] = []
        self.values = 0
        self.key_expected = False

    def run(self) -> Problem | None:
        for count, token in enumerate(_TOKEN.finditer(self.view)):
            fault = _HANDLERS[str(token.lastgroup)](self, token)
            if count >= self.limits.tokens:
                fault = "more values than are accepted"
            if fault:
                return _malformed(self.place() or f"byte {token.end()}", fault)
        return None

    def place(self) -> str:
        return "".join(level.step for level in self.levels).lstrip(".")

    def open(self, token: re.Match[bytes]) -> str:
        if len(self.levels) >= self.limits.depth:
            return f"nested deeper than {self.limits.depth}"
        self.key_expected = token["open"] == b"{"
        self.levels.append(_Level(self.key_expected))
        return ""

    def close(self, token: re.Match[bytes]) -> str:
        if self.levels:
            self.levels.pop()
        self.key_expected = False
        return ""

    def next(self, token: re.Match[bytes]) -> str:
        if self.levels:
            self.levels[-1].index += 1
            self.key_expected = self.levels[-1].is_object
        return ""

    def colon(self, token: re.Match[bytes]) -> str:
        self.key_expected = False
        return ""

    def literal(self, token: re.Match[bytes]) -> str:
        if _length(token) > self.limits.digits:
            return f"a number or word longer than {self.limits.digits} characters"
        return ""

    def base64(self, token: re.Match[bytes]) -> str:
        return self.text(token) if self.key_expected else ""

    def text(self, token: re.Match[bytes]) -> str:
        if _length(token) > self.limits.text:
            return f"a text longer than {self.limits.text} bytes"
        raw = token[str(token.lastgroup)]
        if b"\\u" not in raw and not self.key_expected:
            return ""
        text = _decoded(raw)
        if text is None or "\x00" in text:
            return "a text with a lone surrogate, a NUL or bytes that are not UTF-8"
        return self.note_key(text) if self.key_expected else ""

    def note_key(self, key: str) -> str:
        level = self.levels[-1]
        level.key = key if _NAME.fullmatch(key) else "?"
        if key in level.keys:
            return "the same key twice in one object"
        level.keys.add(key)
        return ""

    def broken(self, token: re.Match[bytes]) -> str:
        return "a text without end, or with too many escapes"

    def end(self, token: re.Match[bytes]) -> str:
        return ""


def _length(token: re.Match[bytes]) -> int:
    start, end = token.span(str(token.lastgroup))
    return end - start


_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")
"""A key that may be shown in a place; others could be anything, a patient's name included."""

_HANDLERS = {
    "base64": _Scan.base64,
    "text": _Scan.text,
    "open": _Scan.open,
    "close": _Scan.close,
    "next": _Scan.next,
    "colon": _Scan.colon,
    "literal": _Scan.literal,
    "broken": _Scan.broken,
    "end": _Scan.end,
}


def _decoded(raw: bytes) -> str | None:
    try:
        return msgspec.json.decode(raw, type=str)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
