"""The small values of FHIR, checked: identifiers, codes, dates."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, tzinfo

from espace.wire.fhir.resources import CodeableConcept, Coding, Identifier
from espace.wire.report import Report
from espace.wire.xds import Coded

URI_SYSTEM = "urn:ietf:rfc:3986"
INS_ROOT = "1.2.250.1.213.1.4."
"""Every OID of the INS authorities begins so (ANS)."""

_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_MAX_OID = 64
_YEARS = range(1850, 2200)
# R4, datatypes.html#dateTime and #instant; the offset is mandatory with a time, and in an instant everything is.
_DATE_TIME = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(?P<time>T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?)?)?",
    re.ASCII,
)


def is_oid(text: str) -> bool:
    return len(text) <= _MAX_OID and _OID.fullmatch(text) is not None


def oid_of(system: str | None) -> str:
    """The OID that a system `urn:oid:…` names, else ""."""
    return system.removeprefix("urn:oid:") if system and system.startswith("urn:oid:") else ""


def is_ins(identifier: Identifier) -> bool:
    return oid_of(identifier.system).startswith(INS_ROOT)


def unique_id(identifier: Identifier, place: str, report: Report) -> str:
    """The XDS uniqueId: an OID alone, or `urn:uuid:` in lower case; "" and a problem for anything else.

    MHD 4.2 « UniqueIdIdentifier » states a URI under urn:ietf:rfc:3986; an OID alone under `urn:oid` is
    understood too. OID^extension is refused, as the DMP does (CI-SIS, DocumentEntry.uniqueId).
    """
    value = identifier.value or ""
    if not value:
        report.missing(f"{place}.value")
        return ""
    if (identifier.system or "").startswith("urn:oid"):
        value = f"urn:oid:{value.removeprefix('urn:oid:')}"
    elif identifier.system != URI_SYSTEM:
        report.invalid(f"{place}.system", f"{URI_SYSTEM} is expected")
        return ""
    normal = uri_id(value)
    if not normal:
        report.invalid(f"{place}.value", "urn:oid:… (64 characters at most, no extension) or urn:uuid:… is expected")
    return normal


def uri_id(uri: str) -> str:
    """An OID alone, or `urn:uuid:…` in lower case; "" for another URI."""
    oid = oid_of(uri)
    if oid:
        return oid if is_oid(oid) else ""
    lower = uri.lower()
    return lower if lower.startswith("urn:uuid:") and _UUID.fullmatch(lower[9:]) else ""


def coded(concept: CodeableConcept | None, known: Collection[str] = ()) -> Coded | None:
    """The coding of a concept whose code is `known`, else its first one; as stated."""
    return best_coding(concept.coding, known) if concept else None


def best_coding(codings: tuple[Coding, ...], known: Collection[str] = ()) -> Coded | None:
    usable = [coding for coding in codings if coding.code]
    chosen = next((coding for coding in usable if coding.code in known), usable[0] if usable else None)
    return as_coded(chosen) if chosen else None


def as_coded(coding: Coding) -> Coded:
    return Coded(coding.code or "", system_name(coding.system), coding.display or "")


def system_name(system: str | None) -> str:
    """XDS names a system by its OID alone where it has one, else by its URI."""
    return oid_of(system) or system or ""


def instant(text: str | None, place: str, report: Report) -> datetime | None:
    """A FHIR instant: date, time to the second and offset."""
    if text is None:
        return None
    found = _DATE_TIME.fullmatch(text)
    if not found or not found["time"]:
        report.invalid(place, "an instant is expected: date, time to the second and offset from UTC")
        return None
    return _moment(text, found, UTC, place, report)


def date_time(text: str | None, zone: tzinfo, place: str, report: Report) -> datetime | None:
    """A FHIR dateTime; a year, a month or a day alone begins at midnight in `zone`."""
    if text is None:
        return None
    found = _DATE_TIME.fullmatch(text)
    if not found:
        report.invalid(place, "a dateTime is expected: YYYY, YYYY-MM, YYYY-MM-DD, or a full time with its offset")
        return None
    return _moment(text, found, zone, place, report)


def _moment(text: str, found: re.Match[str], zone: tzinfo, place: str, report: Report) -> datetime | None:
    try:
        if found["time"]:
            moment = datetime.fromisoformat(text)
        else:
            parts = (int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
            moment = datetime(*parts, tzinfo=zone)
    except ValueError:
        report.invalid(place, "no such date or time")
        return None
    if moment.year not in _YEARS:
        report.invalid(place, f"a year from {_YEARS.start} to {_YEARS.stop - 1} is expected")
        return None
    return moment


def day(text: str | None, place: str, report: Report) -> date | None:
    """A full date."""
    if text is None:
        return None
    found = _DATE_TIME.fullmatch(text)
    if not found or not found["day"] or found["time"]:
        report.invalid(place, "a full date is expected: YYYY-MM-DD")
        return None
    moment = _moment(text, found, UTC, place, report)
    return moment.date() if moment else None
