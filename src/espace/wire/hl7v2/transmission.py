"""Bytes → what an HL7 v2 message transmits, or every problem of it at once, each with its place."""

from espace.kernel.words import Problem
from espace.wire.hl7v2 import er7
from espace.wire.hl7v2.documents import act_of, parent_of, read_documents
from espace.wire.hl7v2.er7 import Message
from espace.wire.hl7v2.flags import READING, RECEIPT, read_flags
from espace.wire.hl7v2.header import check_header, header_of
from espace.wire.hl7v2.people import participants, patients
from espace.wire.hl7v2.values import Mail, Received, Taking, Transmission
from espace.wire.hl7v2.wishes import read_wish
from espace.wire.report import Overflow, Report
from espace.wire.xds import Author

_ACTIVITIES = {"I": "03", "O": "07", "R": "19", "E": "07"}
ANY_ACTIVITY = "97"
"""Kind of the submission (R209) by the class of the patient (PV1-2, HL7 table 0004), and of one that states none."""


def read(data: bytes, taking: Taking) -> Received:
    """Read a message. Never raises; places are written as ERR-2 has them: `OBX^1^5^1^5`. Of a message of another kind,
    only its header is told of."""
    message, malformed = er7.read(data)
    header = header_of(message)
    if malformed:
        return Received(header, None, malformed[:100])
    report = Report()
    try:
        kind, event = check_header(message, taking, report)
        wish = read_wish(message, taking.zone, report) if kind == "ADT" else None
        found = _transmission(message, kind, event, taking, report) if kind and wish is None else None
    except Overflow:
        return Received(header, None, tuple(report.problems))
    problems: tuple[Problem, ...] = tuple(report.problems)
    return Received(header, None, problems) if problems else Received(header, found, wish=wish)


def _transmission(message: Message, kind: str, event: str, taking: Taking, report: Report) -> Transmission:
    stated = patients(message, taking.zone, report)
    people = participants(message, report)
    flags = read_flags(message, report)
    documents = read_documents(message, kind, taking, report)
    act = act_of(message, event, flags, report)
    mail = Mail(
        to=people.to,
        to_patient=people.to_patient,
        reply_to=people.reply_to,
        text=flags.texts.get("CORPSMAIL_PS", ""),
        text_for_patient=flags.texts.get("CORPSMAIL_PATIENT", ""),
        receipt=flags[RECEIPT],
        reading=flags[READING],
    )
    return Transmission(
        act=act,
        patients=stated,
        documents=documents,
        visibility=flags.visibility,
        routes=flags.routes,
        mail=mail,
        activity=_activity(message),
        parent=parent_of(message),
        sender=people.sender if people.sender != Author() else None,
        sender_place=people.sender_place,
    )


def _activity(message: Message) -> str:
    visit = message.named("PV1")
    return _ACTIVITIES.get(message.value(visit[0], 2).upper(), ANY_ACTIVITY) if visit else ANY_ACTIVITY
