"""A key object selection (DICOM PS3.3, A.35.4) as the manifest of an examination: what its entry must agree with.

Sources: IHE RAD TF-3, 4.68 (manifest of XDS-I.b); CI-SIS: PatientID is the INS, IssuerOfPatientID
ASIP-SANTE-INS-NIR, the OID of its authority in IssuerOfPatientIDQualifiersSequence; XDS uniqueId = SOPInstanceUID.
The name of the patient is not compared: DICOM does not say whether it is the name of birth; PatientBirthName is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from espace.kernel.reasons import Reason
from espace.kernel.reasons.dicom import DICOM_INCOMPLETE, DICOM_UNREADABLE, DICOM_UNSUPPORTED
from espace.kernel.reasons.identity import IDENTITIES_DIFFER
from espace.kernel.words import Problem
from espace.wire.cda.patient import INS_AUTHORITIES
from espace.wire.kos.part10 import DataSet, Unreadable, named, read_file
from espace.wire.nomenclature import KEY_OBJECT_SELECTION
from espace.wire.xds import Coded, PatientStatement

MEDIA_TYPE = "application/dicom"

_META_CLASS, _META_INSTANCE = 0x0002_0002, 0x0002_0003
_CHARACTERS, _SOP_CLASS, _SOP_INSTANCE = 0x0008_0005, 0x0008_0016, 0x0008_0018
_ACCESSION, _STUDY, _ORDER = 0x0008_0050, 0x0020_000D, 0x0040_2016
_PATIENT_ID, _ISSUER, _QUALIFIERS, _OTHER_IDS = 0x0010_0020, 0x0010_0021, 0x0010_0024, 0x0010_1002
_BIRTH_DATE, _SEX, _BIRTH_NAME = 0x0010_0030, 0x0010_0040, 0x0010_1005
_UNIVERSAL_ID = 0x0040_0032
_REQUESTS, _EVIDENCE = 0x0040_A370, 0x0040_A375
_SEQUENCES = frozenset({_QUALIFIERS, _OTHER_IDS, _REQUESTS, _EVIDENCE})

_ISSUERS: Mapping[str, str] = {
    "ASIP-SANTE-INS-NIR": "1.2.250.1.213.1.4.8",
    "ASIP-SANTE-INS-NIA": "1.2.250.1.213.1.4.9",
}
"""The authority that a name alone stands for; an OID beside it is more exact (numbers of test have their own)."""
_CODECS: Mapping[str, str] = {
    "": "ascii",
    "ISO_IR 6": "ascii",
    "ISO_IR 100": "latin-1",
    "ISO_IR 101": "iso8859-2",
    "ISO_IR 203": "iso8859-15",
    "ISO_IR 192": "utf-8",
}
_UID = re.compile(r"(?=.{3,64}\Z)[0-2](\.(0|[1-9][0-9]*))+")
_DAY = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class KeyObjects:
    """A manifest: its SOPInstanceUID, its patient, and the studies, accessions and orders that it is about."""

    sop_instance: str
    patient: PatientStatement
    studies: frozenset[str]
    accessions: frozenset[str]
    orders: frozenset[str]


@dataclass(frozen=True, slots=True)
class KosResult:
    """The manifest, or why there is none; places are tags, `(gggg,eeee)`."""

    document: KeyObjects | None
    problems: tuple[Problem, ...] = ()


def read(data: bytes) -> KosResult:
    """Read a manifest; bad input never raises. Pictures and what else a file holds are passed over."""
    try:
        meta, found = read_file(data, _SEQUENCES)
    except Unreadable as fault:
        return KosResult(None, (Problem(fault.reason, fault.place, fault.detail),))
    if wrong := tuple(_another_object(meta, found)):
        return KosResult(None, wrong)
    problems = (*_incomplete(found), *_unfit(found))
    return KosResult(None, problems) if problems else KosResult(_manifest(found))


def _another_object(meta: DataSet, found: DataSet) -> Iterator[Problem]:
    for tag, stated in ((_META_CLASS, meta), (_SOP_CLASS, found)):
        if _text(stated, tag) != KEY_OBJECT_SELECTION:
            yield Problem(DICOM_UNSUPPORTED, named(tag), KEY_OBJECT_SELECTION)
    if _text(meta, _META_INSTANCE) != _text(found, _SOP_INSTANCE):
        yield Problem(DICOM_UNREADABLE, named(_META_INSTANCE), f"≠ {named(_SOP_INSTANCE)}")


def _incomplete(found: DataSet) -> Iterator[Problem]:
    needed = (
        (_SOP_INSTANCE, bool(_UID.fullmatch(_text(found, _SOP_INSTANCE))), "SOPInstanceUID"),
        (_STUDY, bool(_UID.fullmatch(_text(found, _STUDY))), "StudyInstanceUID"),
        (_EVIDENCE, any(_texts(found.items.get(_EVIDENCE, ()), _STUDY)), "with a StudyInstanceUID"),
        (_ISSUER, bool(_ins(found)), "PatientID of issuer ASIP-SANTE-INS-NIR"),
    )
    for tag, there, detail in needed:
        if not there:
            yield Problem(DICOM_INCOMPLETE, named(tag), detail)


def _unfit(found: DataSet) -> Iterator[Problem]:
    """What the object says of its patient and cannot be taken as it is: two persons, or a day that is none."""
    checks: tuple[tuple[bool, Reason, int, str], ...] = (
        (len(set(_ins(found))) > 1, IDENTITIES_DIFFER, _OTHER_IDS, "two different INS"),
        (bool(_text(found, _BIRTH_DATE)) and not _day(found), DICOM_INCOMPLETE, _BIRTH_DATE, "YYYYMMDD"),
    )
    for wrong, reason, tag, detail in checks:
        if wrong:
            yield Problem(reason, named(tag), detail)


def _manifest(found: DataSet) -> KeyObjects:
    requests, evidence = found.items.get(_REQUESTS, ()), found.items.get(_EVIDENCE, ())
    return KeyObjects(
        sop_instance=_text(found, _SOP_INSTANCE),
        patient=_patient(found),
        studies=frozenset(_texts((found, *requests, *evidence), _STUDY)),
        accessions=frozenset(_texts((found, *requests), _ACCESSION)),
        orders=frozenset(_texts(requests, _ORDER)),
    )


def _patient(found: DataSet) -> PatientStatement:
    ins, sex = _ins(found)[0], _text(found, _SEX)
    return PatientStatement(
        place=named(_PATIENT_ID),
        number=ins.code,
        authority=ins.system,
        birth_name=_birth_name(found),
        birth_date=_day(found),
        sex=sex if sex in ("M", "F") else "",
    )


def _ins(found: DataSet) -> list[Coded]:
    """The INS among the identifiers of the patient: of PatientID, and of the other ones."""
    every = [_identified(one) for one in (found, *found.items.get(_OTHER_IDS, ()))]
    return [one for one in every if one.code and one.system in INS_AUTHORITIES]


def _identified(found: DataSet) -> Coded:
    stated = next(_texts(found.items.get(_QUALIFIERS, ()), _UNIVERSAL_ID), "")
    return Coded(_text(found, _PATIENT_ID), stated or _ISSUERS.get(_text(found, _ISSUER), ""))


def _birth_name(found: DataSet) -> str:
    """The family name of PatientBirthName (PS3.5, 6.2.1), where its characters are those of one known table."""
    codec = _CODECS.get(_text(found, _CHARACTERS))
    try:
        text = found.values.get(_BIRTH_NAME, b"").decode(codec) if codec else ""
    except UnicodeDecodeError:
        return ""
    return text.partition("=")[0].partition("^")[0].strip("\0 ")


def _day(found: DataSet) -> date | None:
    text = _text(found, _BIRTH_DATE)
    if not _DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _texts(sets: Iterable[DataSet], tag: int) -> Iterator[str]:
    return filter(None, (_text(one, tag) for one in sets))


def _text(found: DataSet, tag: int) -> str:
    """What names and numbers are written with is ASCII; another letter makes them different, never unreadable."""
    return found.values.get(tag, b"").decode("latin-1").strip("\0 ")
