"""What is accepted of a professional's number, and how names are compared in a search.

Sources: RPPS (11 digits, the last one a Luhn key); PS_IdNat of the CI-SIS « structuration minimale » ("8" and it).
"""

import re
from uuid import NAMESPACE_OID, UUID, uuid5

from espace.identity.rules.traits import normalised

WORDS_MOST = 6
WORD_MOST = 50
WORD_LEAST = 2

_RPPS = re.compile(r"[0-9]{11}", re.ASCII)
_FINESS = re.compile(r"[0-9][0-9AB][0-9]{7}", re.ASCII)
_SIRET = re.compile(r"[0-9]{14}", re.ASCII)
_TECHNICAL = re.compile(r"[0-9A-Za-z./_-]{1,40}", re.ASCII)
_NOT_A_LETTER = re.compile(r"[\W_]+")


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the Luhn key of the others (ISO/IEC 7812-1); `digits` are ASCII digits."""
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def is_rpps(text: str) -> bool:
    return bool(_RPPS.fullmatch(text)) and luhn_holds(text)


def is_national_id(text: str) -> bool:
    """A PS_IdNat made of an RPPS; the other types of identifiers are no longer given to professionals who read."""
    return text[:1] == "8" and is_rpps(text[1:])


def is_finess(text: str) -> bool:
    return bool(_FINESS.fullmatch(text))


def is_siret(text: str) -> bool:
    return bool(_SIRET.fullmatch(text))


def is_technical_id(text: str) -> bool:
    return bool(_TECHNICAL.fullmatch(text))


def professional_uuid(national_id: str) -> UUID:
    """The id of a professional who is met for the first time: the same wherever and whenever that is."""
    return uuid5(NAMESPACE_OID, f"1.2.250.1.71.4.2.1^{national_id}")


def structure_uuid(*, finess: str = "", siret: str = "", technical_id: str = "") -> UUID:
    """The id of a structure that is met for the first time, from the strongest of its numbers (Struct_IdNat: 1 FINESS,
    3 SIRET). ValueError without any."""
    strongest = (finess and f"1{finess}") or (siret and f"3{siret}") or technical_id
    if not strongest:
        raise ValueError("a structure is known by a FINESS, a SIRET or a technical id")
    return uuid5(NAMESPACE_OID, f"1.2.250.1.71.4.2.2^{strongest}")


def folded(words: str) -> str:
    """Words as they are compared: upper case without diacritics, letters and digits only, one space between."""
    return _NOT_A_LETTER.sub(" ", normalised(words)).strip()


def search_words(typed: str) -> tuple[str, ...]:
    """What to look for: six words at most, of two letters or more; none when there is nothing to look for."""
    words = folded(typed[: WORDS_MOST * WORD_MOST]).split()
    return tuple(word[:WORD_MOST] for word in words if len(word) >= WORD_LEAST)[:WORDS_MOST]
