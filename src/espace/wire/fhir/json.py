"""JSON that cannot hurt: RFC 8259 read within bounds, every ambiguity refused (RFC 7493, I-JSON).

Depth, number of values, keys said twice, numbers and strings without measure are refused. A scan of the
tokens finds them and names their place; an ordinary text is proven free of them by a few passes
over the whole of it, at a fraction of the cost, and is not scanned.
"""

import re
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from espace.kernel.json import decode
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
    if proven := _proven(data, view, limits):
        return proven[0], ()
    if problem := _Scan(view, limits).run():
        return None, (problem,)
    return _decode(view)


def _decode(view: memoryview) -> tuple[Json, tuple[Problem, ...]]:
    try:
        return msgspec.json.decode(view), ()
    except UnicodeDecodeError:
        return None, (_malformed("$", "the text is not UTF-8"),)
    except (msgspec.MsgspecError, RecursionError) as error:
        return None, (_malformed(*_where(str(error))),)


def _proven(data: bytes, view: memoryview, limits: Limits) -> tuple[Json] | None:
    """The value where the scan would certainly find nothing, else None: whatever is in doubt is scanned."""
    said = _members_said(data, limits)
    if said is None:
        return None
    value, problems = _decode(view)
    # Of a key said twice, however spelt, the value keeps one member only.
    return (value,) if not problems and _members_kept(value) == said else None


def _members_said(data: bytes, limits: Limits) -> int | None:
    """How many members the objects of a text have in all, where it is within bounds (None where that is in
    doubt). It holds of JSON alone: of another text this may be any number, and the decoder refuses it.

    Nothing is built yet: a few passes, linear in time, and copies of no more than twice the text.
    """
    if b"\\" in data:
        if b"\\u0000" in data or data.count(b"\\") > _ESCAPES_OF_TEXT:
            return None
        if b'\\"' in data:
            # The first backslash of a run always begins an escape: pairs go from there, then the quotes escaped.
            data = data.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    parts = data.split(b'"', 2 * limits.tokens)
    del data
    between, strings = b"".join(parts[::2]), parts[1::2]
    # A token that is no string takes a byte at least; two more may stand for the end.
    if len(strings) + len(between) + 2 > limits.tokens or _is_deeper(between, limits.depth):
        return None
    if b"1" * (limits.digits + 1) in between.translate(_LITERALS):
        return None
    long = [(text, after) for text, after in zip(strings, parts[2::2], strict=False) if len(text) + 2 > limits.text]
    return between.count(b":") if all(_is_content(*one) for one in long) else None


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= "


def _is_content(text: bytes, after: bytes) -> bool:
    """Whether a string may have any length: base64 without escapes (the scan takes some too), and no key."""
    return not text.translate(None, _BASE64) and not after.lstrip().startswith(b":")


_LITERALS = bytes(0 if byte in b" \t\r\n{}[]:," else ord("1") for byte in range(256))
"""Every byte that a number or a word could hold becomes 1."""

_BRACKETS = bytes.maketrans(b"{}", b"[]")
_OTHERS = bytes(set(range(256)) - set(b"{}[]"))


def _is_deeper(between: bytes, depth: int) -> bool:
    """Whether brackets are left once the innermost pairs were taken away `depth` times."""
    brackets = between.translate(_BRACKETS, _OTHERS)
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _members_kept(value: Json) -> int:
    """How many members the objects of a value have in all."""
    members = 0
    level: list[object] = [value]
    while level:
        objects = [one for one in level if type(one) is dict]
        arrays = [one for one in level if type(one) is list]
        members += sum(map(len, objects))
        level = [*chain.from_iterable(map(dict.values, objects)), *chain.from_iterable(arrays)]
    return members


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
        return decode(raw, str)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
