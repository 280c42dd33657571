"""The matricule INS: form, key, authority. Source: RNIV 1 and INSEE (NIR): key = 97 − (N mod 97), 2A→19, 2B→18."""

import re

from espace.identity.facts import AUTHORITIES, TEST_AUTHORITIES, Ins
from espace.kernel.reasons import Reason
from espace.kernel.reasons import identity as reasons
from espace.kernel.words import Problem

_FORM = re.compile(r"[1-8][0-9]{4}(?:[0-9]{2}|2A|2B)[0-9]{8}", re.ASCII)
_TYPED = re.compile(r"[\s.\-_/\u200b\u2060\ufeff]+")
_TYPED_MOST = 60
_CORSICA = {"2A": "19", "2B": "18"}


def ins_key(first_thirteen: str) -> str:
    """The two digits of the key of 13 well-formed characters."""
    department = first_thirteen[5:7]
    digits = first_thirteen[:5] + _CORSICA.get(department, department) + first_thirteen[7:]
    return f"{97 - int(digits) % 97:02d}"


def ins_problem(ins: Ins, *, test_identities: bool) -> Reason | None:
    """What is wrong with this matricule, or None.

    With `test_identities` the test authorities and a wrong key are accepted (12 of the official
    CDA examples carry a wrong key); the form never is.
    """
    known = AUTHORITIES.keys() | (TEST_AUTHORITIES.keys() if test_identities else set())
    if ins.authority not in known:
        return reasons.INS_AUTHORITY_UNKNOWN
    if not _FORM.fullmatch(ins.number):
        return reasons.INS_MALFORMED
    if ins_key(ins.number[:13]) != ins.number[13:] and not test_identities:
        return reasons.INS_KEY_WRONG
    return None


def typed_ins(text: str, *, check_key: bool = True) -> str | Problem:
    """The 15 characters of a matricule as people type or paste it: in groups, with dots, « 2a » in lower case.

    INS_MALFORMED, or INS_KEY_WRONG, which catches most slips of the finger (`check_key=False` where test identities
    may have a wrong one). No authority is typed: the caller tries those it accepts.
    """
    number = _TYPED.sub("", text[:_TYPED_MOST]).upper() if len(text) <= _TYPED_MOST else ""
    if not _FORM.fullmatch(number):
        return Problem(reasons.INS_MALFORMED, "ins")
    if check_key and ins_key(number[:13]) != number[13:]:
        return Problem(reasons.INS_KEY_WRONG, "ins")
    return number
