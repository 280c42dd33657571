"""The entitlement matrix: which profession reads, and writes, which type of document (C06).

The law is the arrêté of 26 October 2023 (JORF of 29 October 2023): 19 professions, 87 types. Its cells were not found
in a form that a machine reads. What is known of them comes from the professional press and is marked so; every other
cell is our own sensible value, and its source says « placeholder ». Operators bring theirs with `./espace matrix`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from espace.kernel.words import Kinds
from espace.wire.nomenclature import TYPES

IN_FORCE_FROM = date(2023, 10, 30)
"""The day after the arrêté was published."""

PLACEHOLDER = "placeholder"
READS_OTHERS = frozenset({"10"})
"""Professions that read every type that the matrix does not name: doctors."""

DENTISTS_SAY = "arrêté of 2023-10-26, after information-dentaire.fr"
NURSES_SAY = "arrêté of 2023-10-26, after infirmiers.com"


@dataclass(frozen=True, slots=True)
class Cell:
    """May this profession (TRE_G15, TRE_R94, TRE_R95) read, and write, this type of document? `source` says who
    says so."""

    profession: str
    type_code: str
    read: bool
    write: bool
    source: str = PLACEHOLDER

    @property
    def known(self) -> bool:
        return self.source != PLACEHOLDER


def entitled(profession: str, cells: Iterable[Cell]) -> tuple[Kinds, Kinds]:
    """The kinds of documents that this profession reads, and those that it writes.

    A type without a cell is read by doctors and by nobody else; it is written by nobody.
    """
    own = [cell for cell in cells if cell.profession == profession]
    others = profession in READS_OTHERS
    reads = Kinds(frozenset(cell.type_code for cell in own if cell.read is not others), others)
    return reads, Kinds(frozenset(cell.type_code for cell in own if cell.write))


def read_by_all_readers(type_code: str, cells: Iterable[Cell]) -> frozenset[str]:
    """The types that every profession reads which reads this one: what a document of that type may quote."""
    reads: dict[str, set[str]] = {}
    for cell in cells:
        if cell.read:
            reads.setdefault(cell.profession, set()).add(cell.type_code)
    readers = [types for types in reads.values() if type_code in types]
    return frozenset(set.intersection(*readers)) if readers else frozenset()


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TYPES = tuple(sorted(code for code, known in TYPES.items() if known.dmp))
"""The types of the shared record (JDV_J66) that are in force."""

# --- reading: what a profession does not read ---------------------------------------------------------------

_NOT_FOR_DENTISTS = _codes("80788-3 75496-0 83981-1 83901-9 68599-0")
_NOT_FOR_NURSES = _codes("75496-0 68599-0 83901-9 68817-6 89601-9")
_RESIDENCE = _codes("ATTEST-RESID")
_TECHNICAL_UNREAD = _codes("51969-4 34794-8 PRESC-AAT REMB EXPPAT_1 EXPPAT_3 CERT_DECL") | _NOT_FOR_NURSES | _RESIDENCE
_IDENTITY = _codes("ATTEST-RESID ATTEST-HEBGT ATTEST-DROITS-AM ATTEST-ASS-COMPL")
"""Identity, residence and rights: all that a social worker reads."""

_BROAD = _NOT_FOR_NURSES | _RESIDENCE
_UNREAD: Mapping[str, frozenset[str]] = {
    "10": _RESIDENCE,
    "21": _BROAD - _codes("89601-9"),
    "26": _TECHNICAL_UNREAD,
    "28": _TECHNICAL_UNREAD,
    "35": _TECHNICAL_UNREAD,
    "40": _NOT_FOR_DENTISTS | _RESIDENCE,
    "41": frozenset(_TYPES) - _IDENTITY,
    "50": _BROAD - _codes("68817-6 89601-9"),
    "60": _BROAD,
    "70": _BROAD,
    "80": _BROAD,
    "86": _TECHNICAL_UNREAD,
    "91": _BROAD - _codes("68817-6"),
    "92": _BROAD,
    "93": _BROAD - _codes("68599-0 83901-9 68817-6"),
    "94": _BROAD,
    "95": _BROAD,
    "96": _BROAD - _codes("83901-9 68817-6"),
    "98": _BROAD,
}
"""By profession; its keys are the professions of the matrix."""

# --- writing: what a profession writes ----------------------------------------------------------------------

_FROM_PATIENTS = _codes(
    "DOCPAT01 DOCPAT02 DOCPAT03 DOCPAT04 DOCPAT05 DOCPAT06 DOCPAT07 DOCPAT08 DOCPAT09"
    " EXPPAT_1 EXPPAT_2 EXPPAT_3 74465-6 REMB"
)
_CARERS = _codes("34120-6 47420-5 96349-6 85208-7 75496-0 29274-8 59284-0")
"""Assessments, referral letters, telemedicine, vital signs, consents: every health profession."""

_FOLLOW_UP = _CARERS | _codes("11506-3")
_VACCINATION = _codes("11369-6 87273-9 96173-0")
_WRITES: Mapping[str, frozenset[str]] = {
    "10": frozenset(_TYPES) - _FROM_PATIENTS - _IDENTITY,
    "21": _CARERS
    | _VACCINATION
    | _codes("11502-2 56445-0 57833-6 60593-1 61357-0 75468-9 78601-2 80820-4 93024-8 DISP_AUT"),
    "26": _CARERS | _codes("DISP_AUT"),
    "28": _CARERS | _codes("DISP_AUT"),
    "35": _codes("11506-3 29274-8"),
    "40": _CARERS
    | _codes("11488-4 11505-5 18748-4 28617-9 34874-8 52040-3 55115-0 57828-6 57832-8 57833-6 60568-3 70004-7")
    | _codes("75482-0 83836-7 89601-9 CERT_DECL PRESC-AAT PRESC-BIO"),
    "41": _codes("28653-4 34842-5 83981-1 88348-8"),
    "50": _CARERS
    | _VACCINATION
    | _codes("11488-4 11490-0 15508-5 18748-4 55115-0 57055-6 57057-2 57075-4 57828-6 57832-8 57833-6 59283-2")
    | _codes("75482-0 75492-9 78489-2 89233-1 89235-6 89601-9 CERT_DECL PRESC-AAT PRESC-BIO PRESC-INF"),
    "60": _FOLLOW_UP | _VACCINATION | _codes("18776-5 57828-6 57833-6 80565-5 80771-9 83869-8 BIL_AUTO"),
    "70": _FOLLOW_UP | _codes("57828-6"),
    "80": _FOLLOW_UP | _codes("57828-6"),
    "86": _codes("11502-2"),
    "91": _FOLLOW_UP,
    "92": _FOLLOW_UP | _codes("78513-9"),
    "93": _CARERS | _codes("83901-9"),
    "94": _FOLLOW_UP,
    "95": _FOLLOW_UP,
    "96": _FOLLOW_UP,
    "98": _CARERS | _codes("52040-3"),
}

# --- what is known ------------------------------------------------------------------------------------------

_READ_BY_NURSES = _codes("11490-0 18761-7 88348-8 96349-6 56445-0 PROT_ALD")
"""« letters, medication review, ALD »: of what nurses read, what is named well enough to point at a type."""

_KNOWN: Mapping[str, tuple[str, frozenset[str]]] = {
    "10": (DENTISTS_SAY, frozenset(_TYPES)),
    "40": (DENTISTS_SAY, _NOT_FOR_DENTISTS),
    "60": (NURSES_SAY, _NOT_FOR_NURSES | _READ_BY_NURSES),
}
"""By profession: who says so, and of which types. What is known is reading; writing is a placeholder everywhere."""


def _source(profession: str, type_code: str) -> str:
    said, types = _KNOWN.get(profession, ("", frozenset[str]()))
    return f"{said} (reading)" if type_code in types else PLACEHOLDER


def _cells() -> Iterator[Cell]:
    for profession, unread in _UNREAD.items():
        for code in _TYPES:
            written = code in _WRITES[profession]
            yield Cell(profession, code, code not in unread, written, _source(profession, code))


PACKAGED: tuple[Cell, ...] = tuple(_cells())
"""The matrix in force where the operator brought none."""

PACKAGED_FOR: Mapping[str, tuple[Kinds, Kinds]] = {
    profession: entitled(profession, PACKAGED) for profession in _UNREAD
}
