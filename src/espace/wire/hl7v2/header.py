"""MSH: which message it is, and whether it is one that is taken."""

from espace.kernel.reasons import hl7v2 as reasons
from espace.wire.hl7v2.er7 import CHARSETS, Message
from espace.wire.hl7v2.values import Header, Taking
from espace.wire.report import Report

PROFILES = {"ORU": "CISIS_CDA_HL7", "MDM": "CISIS_CDA_HL7", "ADT": "IHE_FRANCE"}
"""MSH-21, in any of its versions."""
_ANY = ("2.5", "2.5.1", "2.6")

EVENTS: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("ORU", "R01"): ("ORU_R01", _ANY),
    ("MDM", "T02"): ("MDM_T02", _ANY),
    ("MDM", "T04"): ("MDM_T02", _ANY),
    ("MDM", "T10"): ("MDM_T02", _ANY),
    ("ADT", "A01"): ("ADT_A01", _ANY),
    ("ADT", "A04"): ("ADT_A01", _ANY),
    ("ADT", "A05"): ("ADT_A05", _ANY),
    ("ADT", "A08"): ("ADT_A01", _ANY),
    ("ADT", "A28"): ("ADT_A05", _ANY),
    ("ADT", "A31"): ("ADT_A05", _ANY),
    ("ADT", "Z99"): ("ADT_A01", _ANY),
}
"""The messages that are taken, with their structure and versions. T10 replaces and T04 withdraws, as the official
examples have them; the volet gives ORU in 2.5 and MDM in 2.6, and what is read of them is alike in both. Of ADT
(PAM-FR, in 2.5) those that say who a patient is or that something of it changed: what they told of the record comes
with them."""

_MOST_ID = 199
_MOST_ECHO = 200
_MOST_PARTS = 3


def header_of(message: Message) -> Header:
    """What an acknowledgement repeats; defaults where there is no MSH. What is too long to be repeated is cut."""
    found = message.named("MSH")[:1]
    if not found:
        return Header()
    msh = found[0]
    charset = message.value(msh, 18).upper()
    known = charset in CHARSETS and charset
    return Header(
        sending_application=_hierarchic(message, 3),
        sending_facility=_hierarchic(message, 4),
        receiving_application=_hierarchic(message, 5),
        receiving_facility=_hierarchic(message, 6),
        event=message.value(msh, 9, 2)[:3],
        control_id=message.value(msh, 10)[:_MOST_ID],
        processing=message.value(msh, 11)[:1] or "P",
        version=message.value(msh, 12)[:8] or "2.5",
        charset=charset if known else "UNICODE UTF-8",
        codec=CHARSETS[charset] if known else "utf-8",
    )


def _hierarchic(message: Message, number: int) -> tuple[str, ...]:
    msh = message.named("MSH")[0]
    said = [message.value(msh, number, part)[:_MOST_ECHO] for part in range(1, _MOST_PARTS + 1)]
    while said and not said[-1]:
        said.pop()
    return tuple(said)


def check_header(message: Message, taking: Taking, report: Report) -> tuple[str, str]:
    """The message type and event (MSH-9), of those taken; ("", "") and a problem for another."""
    msh = message.named("MSH")[0]
    kind, event, structure = (message.value(msh, 9, part).upper() for part in (1, 2, 3))
    known = EVENTS.get((kind, event))
    if known is None:
        place = msh.place(9, 1, 2) if kind in {known for known, _ in EVENTS} else msh.place(9)
        report.add(reasons.HL7_MESSAGE_UNSUPPORTED, place, ", ".join("^".join(each) for each in EVENTS))
    else:
        if structure not in ("", known[0]):
            report.add(reasons.HL7_MESSAGE_UNSUPPORTED, msh.place(9, 1, 3), f"{known[0]} is expected")
        if message.value(msh, 12) not in known[1]:
            report.add(reasons.HL7_MESSAGE_UNSUPPORTED, msh.place(12), ", ".join(known[1]))
    _check_control(message, report)
    if message.value(msh, 11) not in taking.processing:
        report.add(reasons.HL7_MESSAGE_UNSUPPORTED, msh.place(11), ", ".join(sorted(taking.processing)))
    profiles = [message.component(one, part) for one in message.repetitions(msh, 21) for part in (1, 2)]
    profile = PROFILES.get(kind, PROFILES["ORU"])
    if any(profiles) and not any(one.startswith(profile) for one in profiles):
        report.add(reasons.HL7_MESSAGE_UNSUPPORTED, msh.place(21), f"{profile}… is expected")
    return (kind, event) if known else ("", "")


def _check_control(message: Message, report: Report) -> None:
    msh = message.named("MSH")[0]
    if not message.value(msh, 10):
        report.missing(msh.place(10), "the id of the message, which the acknowledgement repeats")
    elif len(message.value(msh, 10)) > _MOST_ID:
        report.invalid(msh.place(10), f"{_MOST_ID} characters at most")
    for extra in message.named("MSH")[1:]:
        report.add(reasons.HL7_MALFORMED, extra.place(), "one message at a time")
