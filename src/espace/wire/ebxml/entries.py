"""ExtrinsicObject → XDS DocumentEntry (ITI TF-3, 4.2.3.2; CI-SIS model).

Everything wrong or missing is reported at its place; nothing is guessed. That a list of codes is said by several
classifications, a single code by one, is table 4.2.3.2-1's. Whether a code is in force is the record's to say.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date

from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire.cda.timestamps import day
from espace.wire.ebxml import hl7, stating
from espace.wire.ebxml.objects import Stated
from espace.wire.ebxml.schemes import STABLE, Entry
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, DocumentEntry, PatientStatement

REFERENCES = "urn:ihe:iti:xds:2013:referenceIdList"
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_SIZE = re.compile(r"[0-9]{1,12}", re.ASCII)
_STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:"
NEW = frozenset({"", f"{_STATUS}Approved", f"{_STATUS}Submitted"})
_LEVELS = frozenset({"N", "R", "V"})
_LABELS = _LEVELS | {one.value for one in Visibility}
_LEGAL_NAME = "L"
"""PID-5.7: the name in civil registration, the birth name (HL7 table 0200; PAM-FR)."""


def read_entry(stated: Stated, report: Report) -> tuple[DocumentEntry, tuple[PatientStatement, ...]]:
    """The entry that an ExtrinsicObject states, and who it says the patient is."""
    if stated.object_type != STABLE:
        report.unsupported(f"{stated.place}/@objectType", "a stable document is expected")
    if stated.status not in NEW:
        report.unsupported(f"{stated.place}/@status", "a new document is neither archived nor deleted")
    if stated.logical_id not in ("", stated.id):
        report.unsupported(f"{stated.place}/@lid", "a new document is no version of another’s metadata")
    if stated.repeated:
        report.invalid(f"{stated.place}/Slot", "one of them is said twice")
    return _entry(stated, report), _patients(stated, report)


def _entry(stated: Stated, report: Report) -> DocumentEntry:
    level, visibility = _labels(stated, report)
    return DocumentEntry(
        place=stated.place,
        unique_id=stating.unique_id(stated, Entry.UNIQUE_ID, report),
        mime_type=stating.needed(stated.mime_type.lower(), f"{stated.place}/@mimeType", report),
        type=stating.code(stated, Entry.TYPE, "typeCode", report),
        class_=stating.code(stated, Entry.CLASS, "classCode", report),
        format=stating.code(stated, Entry.FORMAT, "formatCode", report),
        title=stating.needed(stated.name, f"{stated.place}/Name", report),
        comments=stated.description,
        language=stating.needed(stated.slot("languageCode"), stating.slot_place(stated, "languageCode"), report),
        creation_time=stating.time(stated, "creationTime", report, needed=True),
        service_start=stating.time(stated, "serviceStartTime", report),
        service_stop=stating.time(stated, "serviceStopTime", report),
        authors=stating.authors(stated, Entry.AUTHOR, report),
        legal_authenticator=_authenticator(stated.slot("legalAuthenticator")),
        facility_type=stating.code(stated, Entry.FACILITY_TYPE, "healthcareFacilityTypeCode", report),
        practice_setting=stating.code(stated, Entry.PRACTICE_SETTING, "practiceSettingCode", report),
        confidentiality=level or "N",
        visibility=visibility,
        event_codes=tuple(stating.coded(one) for one in stated.codes(Entry.EVENT) if one.code),
        reference_ids=tuple(_references(stated.slots.get(REFERENCES, ()))),
        hash=_hash(stated, report),
        size=_size(stated, report),
    )


def _labels(stated: Stated, report: Report) -> tuple[str, frozenset[Visibility]]:
    """Exactly one of N, R, V, and the visibility codes beside it (JDV_J58), under whatever system."""
    place = f"{stated.place}/Classification[confidentialityCode]"
    codes = {one.code for one in stated.codes(Entry.CONFIDENTIALITY)}
    levels = sorted(codes & _LEVELS)
    if not _LABELS.issuperset(codes):
        report.add(reasons.CODE_UNKNOWN, place, "N, R, V or a visibility code of JDV_J58 is expected")
    elif not levels:
        report.missing(place, "N, R or V")
    elif len(levels) > 1:
        report.invalid(place, "one of N, R, V a document")
    return (levels[0] if levels else ""), frozenset(map(Visibility, codes & (_LABELS - _LEVELS)))


def _authenticator(text: str) -> Author | None:
    number, family, given = hl7.person(text)
    return Author(family=family, given=given, person_id=number) if text else None


def _references(values: Iterable[str]) -> Iterator[Coded]:
    for value in values:
        number, authority, kind = hl7.identifier(value)
        if number:
            yield Coded(number, authority, kind)


def _hash(stated: Stated, report: Report) -> str | None:
    """SHA-1 in hexadecimal on the wire, in base64 among ourselves, as FHIR has it; whether it is that of the content
    is the record's to say."""
    text = stated.slot("hash")
    if text and not _SHA1.fullmatch(text):
        report.invalid(stating.slot_place(stated, "hash"), "a SHA-1 in hexadecimal is expected")
        return None
    return base64.b64encode(bytes.fromhex(text)).decode() if text else None


def _size(stated: Stated, report: Report) -> int | None:
    text = stated.slot("size")
    if text and not _SIZE.fullmatch(text):
        report.invalid(stating.slot_place(stated, "size"), "a number of bytes is expected")
        return None
    return int(text) if text else None


def _patients(stated: Stated, report: Report) -> tuple[PatientStatement, ...]:
    """Who patientId names, with the traits that the sender knows of them (sourcePatientInfo: PID-5, 7, 8, 32); and
    every other INS that the entry holds, so that none differs unseen."""
    named = stating.patient(stated, Entry.PATIENT_ID, report)
    if named is None:
        return ()
    place = stating.slot_place(stated, "sourcePatientInfo")
    fields = _fields(stated.slots.get("sourcePatientInfo", ()))
    held = [stated.slot("sourcePatientId"), *fields.get("PID-3", ())]
    found = [(number, authority) for number, authority, _ in map(hl7.identifier, held) if number]
    said = (named.number, named.authority)
    others = tuple(PatientStatement(place, *one) for one in found if stating.is_ins(one[1]) and one != said)
    local = tuple(Coded(n, a) for n, a in found if not stating.is_ins(a))
    known = _traits(replace(named, local_ids=(*named.local_ids, *local)), fields, place, report)
    return (known, *others)


def _traits(
    named: PatientStatement, fields: dict[str, list[str]], place: str, report: Report
) -> PatientStatement:
    names = [hl7.components(text) for text in fields.get("PID-5", ())]
    name = next((one for one in names if hl7.part(one, 7) == _LEGAL_NAME), names[0] if names else ())
    first, others = hl7.part(name, 2), hl7.part(name, 3)
    sex = _only(fields, "PID-8")
    return replace(
        named,
        birth_name=hl7.part(name, 1),
        first_given=first,
        given_names=tuple(others.split()) or ((first,) if first else ()),
        birth_date=_birth_date(_only(fields, "PID-7"), place, report),
        sex=sex if sex in ("M", "F") else "",
        reliability=_only(fields, "PID-32"),
    )


def _fields(values: Iterable[str]) -> dict[str, list[str]]:
    """`PID-5|a~b` → the repetitions of each field, said in one value or in several."""
    found: dict[str, list[str]] = {}
    for value in values:
        name, _, text = value.partition("|")
        found.setdefault(name.strip(), []).extend(filter(None, (part.strip() for part in text.split("~"))))
    return found


def _only(fields: dict[str, list[str]], name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _birth_date(text: str, place: str, report: Report) -> date | None:
    found = day(text, UTC) if text else None
    if text and found is None:
        report.invalid(place, "PID-7: YYYYMMDD is expected")
    return found
