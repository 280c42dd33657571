"""The words of an RTF file, as its reader would see them: for search, never to be shown as the document.

Pictures, fonts, styles, instructions of fields and what readers pass over is left out; a letter of the file's own code
page or of Unicode is read as one. One pass over the bytes, whatever they are.

Source: RTF Specification 1.9.1 (destinations, code pages, Unicode).
"""

import re

_TOKEN = re.compile(
    rb"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,9})? ?|'(?P<code>[0-9a-fA-F]{2})|(?P<symbol>[^a-zA-Z]))"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}]+)",
    re.DOTALL,
)
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict fldinst filetbl revtbl listtable listoverridetable rsidtbl themedata "
    b"datastore latentstyles xmlnstbl bkmkstart bkmkend sp xe tc rxe objdata datafield private".split()
)
"""Destinations of which a reader shows nothing."""
_SHOWN_ALL_THE_SAME = frozenset({b"shpinst", b"shptxt"})
"""Behind the mark of what may be passed over, and shown by most readers: frames of text."""
_SAID = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"page": "\n", b"sect": "\n", b"cell": "\t", b"tab": "\t",
    b"emspace": " ", b"enspace": " ", b"qmspace": " ", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"emdash": "—", b"endash": "–", b"bullet": "•",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_NUMBERS = (437, 850, 852, 866, 874, 932, 936, 949, 950, *range(1250, 1259))
CODE_PAGES = {**{one: f"cp{one}" for one in _NUMBERS}, 10000: "mac-roman", 65001: "utf-8"}
"""Code pages that a file may say that it is written in, as Python calls them; any other is read as the usual one."""
USUAL_PAGE = "cp1252"
_DEEPEST = 1000


def words_of(data: bytes, *, most: int) -> str:
    """At most so many letters; what cannot be read is left out."""
    reading = _Reading(most)
    at = 0
    while not reading.full and (token := _TOKEN.match(data, at)):
        at = token.end() + reading.take(token)
    return reading.words()


class _Reading:
    """What is said so far, and within each group that is open: whether it is passed over, and how many signs stand in
    for a letter of Unicode."""

    def __init__(self, most: int) -> None:
        self._most, self._size, self._said = most, 0, list[str]()
        self._groups, self._unseen, self._stand_ins = list[tuple[bool, int]](), False, 1
        self._starred, self._passed, self._page, self._codes = False, 0, USUAL_PAGE, bytearray()

    @property
    def full(self) -> bool:
        return self._size >= self._most or len(self._groups) > _DEEPEST

    def words(self) -> str:
        self._flush()
        return "".join(self._said)[: self._most].encode("utf-16", "surrogatepass").decode("utf-16", "ignore")

    def take(self, token: re.Match[bytes]) -> int:
        """How many bytes after the token are to be passed over."""
        kind, found = token.lastgroup, token
        if kind == "code":
            self._letter(found["code"])
            return 0
        if kind == "text":
            self._text(found["text"])
            return 0
        self._flush()
        starred, self._starred = self._starred, False
        if kind == "brace":
            self._group(found["brace"])
        elif kind == "symbol":
            self._starred = found["symbol"] == b"*"
            self._say(_SYMBOLS.get(found["symbol"], ""))
        else:
            return self._word(found["word"], found["number"], starred=starred)
        return 0

    def _group(self, brace: bytes) -> None:
        self._passed = 0
        if brace == b"{":
            self._groups.append((self._unseen, self._stand_ins))
        elif self._groups:
            self._unseen, self._stand_ins = self._groups.pop()

    def _word(self, word: bytes, number: bytes | None, *, starred: bool) -> int:
        value = int(number or 0)
        if word == b"bin":
            return max(0, value)
        if word in _UNSEEN or (starred and word not in _SHOWN_ALL_THE_SAME):
            self._unseen = True
        elif word == b"ansicpg":
            self._page = CODE_PAGES.get(value, USUAL_PAGE)
        elif word == b"mac":
            self._page = "mac-roman"
        elif word == b"uc":
            self._stand_ins = min(max(value, 0), 8)
        elif word == b"u" and number:
            self._say(chr(value % 0x10000))
            self._passed = self._stand_ins
        else:
            self._say(_SAID.get(word, ""))
        return 0

    def _letter(self, code: bytes) -> None:
        if self._passed:
            self._passed -= 1
        elif not self._unseen:
            self._codes += bytes.fromhex(code.decode())

    def _text(self, text: bytes) -> None:
        self._flush()
        shown = text.replace(b"\r", b"").replace(b"\n", b"")
        passed, self._passed = self._passed, max(0, self._passed - len(shown))
        self._say(shown[passed : passed + self._most].decode(self._page, "replace"))

    def _flush(self) -> None:
        """Letters of more than one byte are read when all of these are there."""
        if self._codes:
            codes, self._codes = bytes(self._codes), bytearray()
            self._say(codes.decode(self._page, "replace"))

    def _say(self, words: str) -> None:
        if words and not self._unseen:
            self._said.append(words)
            self._size += len(words)
