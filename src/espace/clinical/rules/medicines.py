"""Boxes of medicines: the code of a box in what a person types or a code reader gives, and how a name is searched.

Sources: CIP of 13 digits (an EAN-13 that begins with 3400), GS1 DataMatrix of the boxes: identifier 01, then the GTIN
of 14 digits, which is a zero and the CIP.
"""

import re
import unicodedata

_PLAIN = re.compile(r"3400[0-9]{9}", re.ASCII)
_BOX = re.compile(r"(?:\][dD]2)?[\x1d\x1e]?(?:\(01\)|01)0(3400[0-9]{9})", re.ASCII)


def cip_of(text: str) -> str | None:
    """The CIP of 13 digits that a text is, or begins with as a data-matrix does; None for a name, or a wrong digit."""
    plain = text.strip()
    bare = re.sub(r"[ .\u00a0\u202f-]", "", plain)
    found = bare if _PLAIN.fullmatch(bare) else (match[1] if (match := _BOX.match(plain)) else None)
    return found if found and _keyed(found) else None


def is_code(text: str) -> bool:
    """Whether somebody typed a code rather than a name: figures, and many of them."""
    return sum(letter.isdigit() for letter in text) >= 10


def searched(name: str) -> str:
    """A name as it is searched: small letters without accents, one blank between words, no sign of a pattern."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one))
    return " ".join(letters.split())


def _keyed(cip: str) -> bool:
    """Whether the last digit is that of an EAN-13."""
    digits = [int(one) for one in cip]
    return (10 - (sum(digits[0:12:2]) + 3 * sum(digits[1:12:2])) % 10) % 10 == digits[12]
