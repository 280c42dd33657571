"""The INS datamatrix (ANS, « datamatrix INS » v2.2): the text that a reader types → a statement of identity.

`IS`, `01` and 22 zeros; then fields in order, each after its tag: S1 matricule (15 characters), S2 OID (20 at most),
S3 given names, S4 birth name (100 at most), S5 sex, S6 birth date (DD-MM-YYYY), S7 place of birth (INSEE code). A
variable field shorter than its maximum ends with GS (0x1D), which many readers show otherwise or leave out.
"""

import re
from dataclasses import dataclass
from datetime import date

from espace.kernel.reasons import Reason
from espace.kernel.reasons import identity as reasons
from espace.kernel.words import Problem
from espace.wire.xds import PatientStatement

PLACE = "datamatrix"
TEXT_MOST = 600

_GS = "\x1d"
_SHOWN = re.compile(r"␝|<GS>|\[GS\]|\{GS\}|\\X1D|\\U001D|\\035|\\29|&#29;|&#X1D;|%1D|\^\]")
_SYMBOLOGY = re.compile(r"\]D[0-9]")
"""What a reader may be set to type first: the kind of code that it saw (ISO/IEC 15424)."""

_HEADER = re.compile(r"IS(?P<version>[0-9]{2})0{22}", re.ASCII)
_BEGINS = re.compile(r"IS[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: `forms` are the ways in which it is written, tried in turn; what they capture is its value."""

    tag: str
    expected: str
    forms: tuple[re.Pattern[str], ...]


def _field(tag: str, following: str, expected: str, *forms: str) -> _Field:
    end = f"(?={following})" if following else r"\Z"
    return _Field(tag, expected, tuple(re.compile(f"{tag}(?:{form}){end}", re.ASCII) for form in forms))


# A name has no digit, so the next tag cannot be in it and GS may be missing; a test name that has some needs its GS.
_NAME = (rf"([A-Z' -]{{1,100}}){_GS}?", rf"([A-Z0-9' -]{{1,99}}){_GS}", rf"([A-Z0-9' -]{{100}}){_GS}?")
_FIELDS = (
    _field("S1", "S2", "15 characters", rf"([0-9AB]{{15}}){_GS}?"),
    _field("S2", "S3", "an OID of 20 characters at most", rf"([0-9.]{{1,20}}){_GS}?"),
    _field("S3", "S4", "given names, upper case without diacritics", *_NAME),
    _field("S4", "S5", "birth name, upper case without diacritics", *_NAME),
    _field("S5", "S6", "M or F", rf"([MF]){_GS}?"),
    _field("S6", "S7", "DD-MM-YYYY", rf"([0-9]{{2}}-[0-9]{{2}}-[0-9]{{4}}){_GS}?"),
    _field("S7", "", "5 characters", rf"([0-9][0-9AB][0-9]{{3}}){_GS}?"),
)


def is_datamatrix(text: str) -> bool:
    """Whether a text begins as an INS datamatrix does: then it is to be read as one."""
    return bool(_BEGINS.match(_clean(text)))


def read_datamatrix(text: str) -> PatientStatement | Problem:
    """The identity that the datamatrix states, or the first thing that is wrong with it.

    The form alone is looked at: key and authority of the matricule are for `identity.rules.ins_problem`. `text` has
    600 characters at most, GS as such, in one of its usual visible forms, or left out. DATAMATRIX_UNREADABLE,
    DATAMATRIX_VERSION_UNKNOWN, with the tag as place and never what was read.
    """
    if len(text) > TEXT_MOST:
        return _problem("", f"more than {TEXT_MOST} characters")
    clean = _clean(text)
    header = _HEADER.match(clean)
    if header is None:
        return _problem("", "IS01 and 22 zeros are expected first")
    if header["version"] != "01":
        return _problem("", f"version {header['version']}", reasons.DATAMATRIX_VERSION_UNKNOWN)
    values: list[str] = []
    position = header.end()
    for field in _FIELDS:
        found = next((match for form in field.forms if (match := form.match(clean, position))), None)
        if found is None or not found[1].strip():
            return _problem(field.tag, field.expected)
        values.append(found[1].strip())
        position = found.end()
    return _statement(values)


def _statement(values: list[str]) -> PatientStatement | Problem:
    number, authority, given, family, sex, born, place = values
    day, month, year = map(int, born.split("-"))
    try:
        birth_date = date(year, month, day)
    except ValueError:
        return _problem("S6", "a day that exists")
    return PatientStatement(
        place=PLACE,
        number=number,
        authority=authority,
        birth_name=family,
        given_names=tuple(given.split()),
        birth_date=birth_date,
        sex=sex,
        birth_place=place,
    )


def _clean(text: str) -> str:
    """Upper case, with GS as itself and without what readers add around."""
    upper = _SHOWN.sub(_GS, text[:TEXT_MOST].strip(" \t\r\n").upper())
    return _SYMBOLOGY.sub("", upper, count=1) if upper.startswith("]") else upper


def _problem(tag: str, detail: str, reason: Reason = reasons.DATAMATRIX_UNREADABLE) -> Problem:
    return Problem(reason, f"{PLACE}.{tag}" if tag else PLACE, detail)
