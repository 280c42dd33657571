"""What the values of a stored query look like between their quotes (ITI TF-2, 3.18.4.1.2.3.5): text → value."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from espace.wire.cda.timestamps import instant
from espace.wire.ebxml import hl7
from espace.wire.ebxml.schemes import HAS_MEMBER, Relation
from espace.wire.xds import Coded, PatientStatement

Value = str | Coded | datetime | PatientStatement
"""By the form of the parameter: a status as the last part of its URN, an entryUUID without its prefix."""

STATUSES = {
    **{f"urn:oasis:names:tc:ebxml-regrep:StatusType:{one}": one for one in ("Approved", "Deprecated")},
    **{f"urn:asip:ci-sis:2010:StatusType:{one}": one for one in ("Archived", "Deleted")},
}
"""availabilityStatus (JDV_J52) by its URN."""
_RELATIONS = frozenset({HAS_MEMBER, *Relation})
_SYSTEM = re.compile(r"[!-~]{1,256}")


@dataclass(frozen=True, slots=True)
class Form:
    """How the text of a value is read, None where it is none; what is expected, in words; `bare`: it may come without
    quotes."""

    expected: str
    read: Callable[[str], Value | None]
    bare: bool = False


def _patient(text: str) -> PatientStatement | None:
    number, authority, _ = hl7.identifier(text)
    return PatientStatement("", number=number, authority=authority) if number and authority else None


def _code(text: str) -> Coded | None:
    said = hl7.components(text)
    code, system = hl7.part(said, 1), hl7.part(said, 3)
    return Coded(code, system) if code and len(said) == 3 and not said[1] and _SYSTEM.fullmatch(system) else None


def _reference(text: str) -> Coded | None:
    """The kind as display, as the record keeps it."""
    number, authority, kind = hl7.identifier(text)
    return Coded(number, authority, kind) if number else None


def _id(text: str) -> str | None:
    """Whatever is no UUID of ours is unknown like any other."""
    return text.lower().removeprefix("urn:uuid:") or None


def _as_it_is(text: str) -> str:
    return text


PATIENT = Form("'number^^^&OID&ISO'", _patient)
CODE = Form("'code^^system'", _code)
REFERENCE = Form("'number^^^&OID&ISO^kind'", _reference)
TIME = Form("YYYY[MM[DD[hh[mm[ss]]]]], in UTC", lambda text: instant(text, UTC), bare=True)
STATUS = Form("a status of JDV_J52", STATUSES.get)
OBJECT_TYPE = Form("'urn:uuid:…' of a kind of DocumentEntry", _as_it_is)
AVAILABILITY = Form("'urn:ihe:iti:2010:DocumentAvailability:…'", _as_it_is)
RELATION = Form("a type of association", lambda text: text if text in _RELATIONS else None)
ID = Form("'urn:uuid:…', an entryUUID", _id)
PATTERN = Form("'text', % for any characters, _ for one", _as_it_is)
TEXT = Form("'text'", _as_it_is)
ASIDE = Form("anything: it could not change the answer", _as_it_is)
