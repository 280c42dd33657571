"""RTF that does something by itself: objects, remote templates, fields that fetch or run, pictures that are elsewhere.

Only fields that are known to show something are left; a link, which a person clicks, leads to the web or to an
address of mail. Words are read as a reader reads them, however they are cut by groups, codes and formatting. The
whole is searched once, and what is read of the fields and links is counted: a bound, not a clock, ends it.

Source: RTF Specification 1.9.1 (destinations, fields, drawing properties); ISO/IEC 29500-1 §17.16.5 (names of fields).
"""

import re

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Refused

MAX_FIELD = 16_384
"""Characters of one instruction; Word itself takes less."""
STEPS, BYTES_A_STEP = 20_000, 256
"""Tokens read in all fields together: so many, and one more for each so many bytes of the file."""

_FOUND = re.compile(
    rb"\\(?:obj(?:(?P<object>ect|data|ocx|update|autlink|emb|link|html|class)(?![a-z]))"
    rb"|(?P<acts>template|linkself|mailmerge|mm(?:data|header)source|mmconnectstr(?:data)?|subdocument|nextfile)"
    rb"(?![a-z])"
    rb"|(?P<field>fldinst)|hl(?:src|fr)(?![a-z]))"
)
_BLIP_NAME = re.compile(rb"(?:pib|blip)name")
"""Drawing properties pibName, fillBlipName, lineFillBlipName: where a picture is."""
_TOKEN = re.compile(rb"\\(?:([a-z]+)(-?[0-9]{0,10}) ?|'([0-9a-f]{2})|([^a-z]))|([{}])|([^\\{}]{1,64})")
_LEADS_OUT = re.compile(r"\s*(?:\\\\|//|[a-z]{2,}:)")
_NESTED = "\x01"
"""Stands for a field within an instruction: what it makes is known when it is opened only."""
_SPACES = frozenset({b"tab", b"line", b"par", b"cell", b"emspace", b"enspace", b"qmspace"})
_MARKS = {b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emdash": "—", b"endash": "–"}
_DROPPED = frozenset({b"datafield", b"formfield", b"bkmkstart", b"bkmkend"})
"""Destinations that programs write into instructions, and that are no words of theirs."""
_UNREAD = frozenset(
    b"fonttbl colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf footnote "
    b"annotation author title subject keywords operator comment doccomm xe tc rxe txe private bin v".split()
)
"""Readers pass over their words, or do not: what an instruction says would depend on the reader."""

_SHOWING = (
    "ADDRESSBLOCK ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT BARCODE BIBLIOGRAPHY BIDIOUTLINE CITATION COMMENTS "
    "COMPARE CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE FORMCHECKBOX "
    "FORMDROPDOWN FORMTEXT GREETINGLINE HYPERLINK IF INDEX INFO KEYWORDS LASTSAVEDBY LISTNUM MERGEBARCODE MERGEFIELD "
    "MERGEREC MERGESEQ NEXT NEXTIF NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE QUOTE REF REVNUM SAVEDATE "
    "SECTION SECTIONPAGES SEQ SET SHAPE SKIPIF STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC "
    "USERADDRESS USERINITIALS USERNAME XE"
)
SHOWING = frozenset(_SHOWING.split())
"""Fields that show what the document or its reader has; all others fetch, run, ask, or are unknown."""
_NAME = re.compile(r"\s*([A-Za-z]+)(?=[\s\\\"]|$)")
_WORDS = re.compile(r'"[^"]*"?|\\[^\s"]|[^\s"\\]+')
_TAKES_ONE = frozenset({"\\l", "\\o", "\\t", "\\s"})
_TO_THE_WEB = re.compile(r"\s*(?:https?://|mailto:)", re.IGNORECASE)


def look(data: bytes) -> None:
    """Refused: FILE_ACTIVE for what acts, FILE_BROKEN for a field that does not end, FILE_OUTSIZED for more fields
    than are looked at."""
    data = data.lower()
    reading = _Reading(data)
    for found in _FOUND.finditer(data):
        if found["object"] or found["acts"]:
            raise Refused(reasons.FILE_ACTIVE)
        words = reading.text(found.end())
        if not (shows(words) if found["field"] else _link(words)):
            raise Refused(reasons.FILE_ACTIVE)
    for found in _BLIP_NAME.finditer(data):
        reading.step()
        value = data.find(b"\\sv", found.end(), found.end() + 64)
        if value >= 0 and _LEADS_OUT.match(reading.text(value + 3)):
            raise Refused(reasons.FILE_ACTIVE)


def shows(instruction: str) -> bool:
    """Whether a field, by the words of its instruction, only shows something, or waits to be clicked."""
    if not instruction.strip() or instruction.lstrip().startswith("="):
        return True
    name = _NAME.match(instruction)
    if name is None or name[1].upper() not in SHOWING:
        return False
    return name[1].upper() != "HYPERLINK" or all(map(_TO_THE_WEB.match, _targets(instruction[name.end() :])))


def _targets(words: str) -> list[str]:
    """Where a HYPERLINK leads: its words that are no switch, nor of one (a place inside, a tip, a window)."""
    found, taken = list[str](), False
    for word in _WORDS.findall(words):
        if word.startswith("\\"):
            taken = word in _TAKES_ONE
        elif taken:
            taken = False
        else:
            found.append(word.strip('"'))
    return found


def _link(words: str) -> bool:
    return not words.strip() or bool(_TO_THE_WEB.match(words))


class _Reading:
    """What is read of a file in small letters, and how many steps are left."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = STEPS + len(data) // BYTES_A_STEP

    def step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Refused(reasons.FILE_OUTSIZED)

    def text(self, place: int) -> str:
        """The words of a group from there to its end, without their formatting; Refused as `look`."""
        words, length, depth, star, dropped = list[str](), 0, 0, False, 0
        while True:
            self.step()
            token = _TOKEN.match(self._data, place)
            if token is None:
                raise Refused(reasons.FILE_BROKEN)
            if length > MAX_FIELD:
                raise Refused(reasons.FILE_OUTSIZED)
            place = token.end()
            word, _, _, symbol, brace, said = token.groups()
            if star and said and said.isspace():
                continue
            if brace and not star:
                depth += 1 if brace == b"{" else -1
                dropped = dropped if depth >= dropped else 0
                if depth < 0:
                    return "".join(words)
            elif star and word in _DROPPED and depth:
                dropped = dropped or depth
            elif word in _UNREAD or (star and word not in _DROPPED and word != b"fldinst"):
                raise Refused(reasons.FILE_ACTIVE)
            elif not dropped:
                words.append(_said(token))
                length += len(words[-1])
            star = symbol == b"*"


def _said(token: re.Match[bytes]) -> str:
    """What one token says to who reads it."""
    word, number, code, symbol, _, text = token.groups()
    if text is not None:
        said: bytes = text.replace(b"\r", b"").replace(b"\n", b"")
        return said.decode("latin-1")
    if code is not None:
        return chr(int(code, 16)).lower()
    if word == b"fldinst":
        return _NESTED
    if word == b"u" and number.strip(b"-"):
        return chr(int(number) % 0x10000).lower()
    if word is not None:
        return " " if word in _SPACES else _MARKS.get(word, "")
    return symbol.decode("latin-1") if symbol in b"\\{}" else " " if symbol in b"~\r\n" else ""
