"""Who is named in a message: the patient (PID), its sender and those to whom it is addressed (PRT)."""

import re
from dataclasses import dataclass
from datetime import date, tzinfo

from espace.kernel.reasons import identity as identity_reasons
from espace.kernel.values import replace
from espace.wire.cda.patient import INS_AUTHORITIES
from espace.wire.cda.timestamps import day
from espace.wire.hl7v2.er7 import Message, Segment, Span
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, PatientStatement

_STRONG = frozenset({"VALI", "QUAL"})
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_MAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,190}")
_FINESS, _STRUCTURE = re.compile(r"[0-9A-Z]{9}"), "1.2.250.1.71.4.2.2"
_PATIENT_MAIL = "@patient.mssante.fr"
_MOST_PEOPLE = 50


def patients(message: Message, zone: tzinfo, report: Report) -> tuple[PatientStatement, ...]:
    """What PID states: one statement for each INS in use, one in all where there is none."""
    segments = message.named("PID")
    if not segments:
        report.missing("PID^1", "the patient")
        return ()
    for extra in segments[1:]:
        report.add(identity_reasons.IDENTITIES_DIFFER, extra.place(), "one patient a message")
    return _statements(message, segments[0], zone, report)


def _statements(message: Message, pid: Segment, zone: tzinfo, report: Report) -> tuple[PatientStatement, ...]:
    """An identifier that ended (CX.8) is one that the patient no longer bears."""
    numbered = [(_identifier(message, one), index) for index, one in enumerate(message.repetitions(pid, 3), start=1)]
    in_use = [(code, index) for code, index in numbered if code.code and not _ended(message, pid, index)]
    ins = [(code, index) for code, index in in_use if code.system in INS_AUTHORITIES]
    birth_name, given = _birth_names(message, pid, report)
    known = PatientStatement(
        place=pid.place(3),
        birth_name=birth_name,
        first_given=given[0] if given else "",
        given_names=given[1:] or given,
        birth_date=_birth_date(message, pid, zone, report),
        sex=_sex(message, pid),
        birth_place=_birth_place(message, pid),
        reliability=_reliability(message, pid, report),
        local_ids=tuple(code for code, _ in in_use if code.system not in INS_AUTHORITIES),
    )
    stated = [replace(known, place=pid.place(3, i), number=code.code, authority=code.system) for code, i in ins]
    return tuple(stated) or (known,)


def _identifier(message: Message, span: Span) -> Coded:
    """CX: number, and the OID of its authority (CX.4.2), or its name where it has none."""
    oid = message.component(span, 4, 2).removeprefix("urn:oid:")
    return Coded(message.component(span, 1), oid or message.component(span, 4, 1))


def _ended(message: Message, pid: Segment, index: int) -> bool:
    return bool(message.component(message.repetitions(pid, 3)[index - 1], 8))


def _birth_names(message: Message, pid: Segment, report: Report) -> tuple[str, tuple[str, ...]]:
    """Birth name; then the first birth given name and the whole list of them. Name of type L (PAM-FR: the birth
    name), else one without a type; two that differ refuse."""
    every = [(one, message.component(one, 7).upper()) for one in message.repetitions(pid, 5)]
    found = [one for one, kind in every if kind == "L"] or [one for one, kind in every if not kind]
    named = [(message.component(one, 1), message.component(one, 2), message.component(one, 3)) for one in found]
    if len({(family.casefold(), first.casefold()) for family, first, _ in named}) > 1:
        report.add(identity_reasons.IDENTITIES_DIFFER, pid.place(5), "two different names of birth")
    if not named:
        return "", ()
    family, first, listed = named[0]
    names = [part for part in re.split(r"[\s,]+", listed) if part]
    return family, (first, *names) if first else tuple(names[:1] + names)


def _birth_date(message: Message, pid: Segment, zone: tzinfo, report: Report) -> date | None:
    value = message.value(pid, 7)
    born = day(value, zone) if value else None
    if value and born is None:
        report.invalid(pid.place(7), "a day is expected, YYYYMMDD")
    return born


def _sex(message: Message, pid: Segment) -> str:
    code = message.value(pid, 8).upper()
    return code if code in ("M", "F") else ""


def _birth_place(message: Message, pid: Segment) -> str:
    """The INSEE code of the birthplace: the county (XAD.9) of the address of type BDL (PAM-FR)."""
    places = [one for one in message.repetitions(pid, 11) if message.component(one, 7).upper() == "BDL"]
    codes = (message.component(one, 9).upper() for one in places)
    return next((code for code in codes if _INSEE.fullmatch(code)), "")


def _reliability(message: Message, pid: Segment, report: Report) -> str:
    """PID-32: the first status that is neither VALI nor QUAL, else the first one. Nobody may be unknown (PID-31)."""
    if message.value(pid, 31).upper() == "Y":
        report.add(identity_reasons.INS_NOT_QUALIFIED, pid.place(31), "PID-31: Y")
    found = [status for one in message.repetitions(pid, 32) if (status := message.component(one, 1))]
    return next((one for one in found if one.upper() not in _STRONG), found[0] if found else "")


@dataclass(frozen=True, slots=True)
class Participants:
    """Who sends, to whom, and where answers go."""

    sender: Author | None = None
    sender_place: str = ""
    to: tuple[str, ...] = ()
    to_patient: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()


def participants(message: Message, report: Report) -> Participants:
    """The PRT segments by their role (PRT-4): SB sends, RCT receives, REPLY is answered; any other is passed over."""
    segments = message.named("PRT")
    for extra in segments[_MOST_PEOPLE : _MOST_PEOPLE + 1]:
        report.invalid(extra.place(), f"{_MOST_PEOPLE} participants at most")
    found: dict[str, list[Segment]] = {"SB": [], "RCT": [], "REPLY": []}
    for segment in segments[:_MOST_PEOPLE]:
        found.get(message.value(segment, 4).upper(), []).append(segment)
    to = [address for segment in found["RCT"] for address in _addresses(message, segment, report)]
    senders = {_author(message, segment): segment for segment in reversed(found["SB"])}
    if len(senders) > 1:
        report.invalid(found["SB"][1].place(), "one sender a message")
    sender = next(iter(senders), None)
    return Participants(
        sender=sender,
        sender_place=senders[sender].place(8) if sender else "",
        to=tuple(dict.fromkeys(one for one in to if not one.endswith(_PATIENT_MAIL))),
        to_patient=tuple(dict.fromkeys(one for one in to if one.endswith(_PATIENT_MAIL))),
        reply_to=tuple(one for segment in found["REPLY"] for one in _addresses(message, segment, report)),
    )


def _addresses(message: Message, segment: Segment, report: Report) -> list[str]:
    """PRT-15: XTN.4, in any of its repetitions."""
    found = []
    for index, one in enumerate(message.repetitions(segment, 15), start=1):
        address = message.component(one, 4)
        if address and not _MAIL.fullmatch(address):
            report.invalid(segment.place(15, index, 4), "a mail address is expected")
        elif address:
            found.append(address.lower())
    return found


def _author(message: Message, segment: Segment) -> Author:
    """PRT-5 (XCN: number, family, given), and PRT-8 (XON: name, number)."""
    number, family, given = (message.value(segment, 5, part) for part in (1, 2, 3))
    return Author(
        family=family,
        given=given,
        person_id=number,
        institution=message.value(segment, 8, 1),
        institution_id=_structure(message, segment),
    )


def _structure(message: Message, segment: Segment) -> str:
    """The number of an organisation, as Struct_IdNat: a FINESS without the digit that says so (samples have both) gets
    it."""
    number, kind = message.value(segment, 8, 10), message.value(segment, 8, 7).upper()
    bare = kind in ("FINEG", "FINEJ") and _FINESS.fullmatch(number)
    return f"1{number}" if bare else number
