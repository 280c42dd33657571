"""The documents of a message: OBX with a CDA in base64, its status (OBX-11), and what TXA says of it."""

import binascii

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons import hl7v2 as hl7_reasons
from espace.wire.hl7v2.er7 import Message, Segment, Span
from espace.wire.hl7v2.flags import RELABELS, Flags, is_flag
from espace.wire.hl7v2.values import Act, Carried, Taking
from espace.wire.report import Report

MAX_DOCUMENTS = 20
"""Documents of one message at most."""

ACTS: dict[tuple[str, str], Act] = {
    ("R01", "F"): Act.FILE,
    ("R01", "C"): Act.REPLACE,
    ("R01", "D"): Act.DELETE,
    ("T02", "F"): Act.FILE,
    ("T10", "F"): Act.REPLACE,
    ("T10", "C"): Act.REPLACE,
    ("T04", "F"): Act.DELETE,
    ("T04", "D"): Act.DELETE,
}
"""What the event and the status of a result (OBX-11: final, correction, deletion) ask together."""

_RESULT = frozenset({"TX", "FT", "ST", "NM", "CE", "CWE", "SN", "DT", "TM", "TS"})
_RESULTS = "results by themselves are not filed: ED is expected, with the CDA that reports them"
_COPIES = "XML is expected: a CDA R2. A PDF goes within a CDA of level 1; a copy of it beside the CDA is left out"
"""Nothing that came is dropped in silence: what stands beside the CDA may be its copy, or another document."""
_LOINC = frozenset({"LN", "LOINC", "2.16.840.1.113883.6.1"})
_SPACE = b" \t\r\n"
_MOST_ESCAPES = 20_000
"""Within base64, but for line ends: it has no character that needs one, and each costs a hundred times its bytes."""


def read_documents(message: Message, kind: str, taking: Taking, report: Report) -> tuple[Carried, ...]:
    """The CDA documents in their order; the same bytes again are the same document."""
    found: dict[bytes, Carried] = {}
    segments = [one for one in message.named("OBX") if not is_flag(message, one)]
    if not segments:
        report.missing("OBX", "the document: OBX-5 ^TEXT^XML^Base64^…")
    for extra in segments[MAX_DOCUMENTS : MAX_DOCUMENTS + 1]:
        report.invalid(extra.place(), f"{MAX_DOCUMENTS} documents a message at most")
    for segment in segments[:MAX_DOCUMENTS]:
        carried = _document(message, segment, taking, report)
        if carried and found.setdefault(carried.content, carried) is not carried:
            continue
        if carried and kind == "MDM" and len(found) > 1:
            report.invalid(segment.place(5), "MDM carries one document: the one that TXA is about")
    _check_kind(message, kind, report)
    return tuple(found.values())


def _document(message: Message, segment: Segment, taking: Taking, report: Report) -> Carried | None:
    repetitions = message.repetitions(segment, 5)
    kind = message.value(segment, 2).upper()
    if kind != "ED" or not repetitions:
        report.unsupported(segment.place(2), _RESULTS if kind in _RESULT else "ED is expected: a CDA, or MetaDMPMSS")
        return None
    for extra in range(2, len(repetitions) + 1):
        report.invalid(segment.place(5, extra), "one document a segment")
    data = repetitions[0]
    if message.component(data, 3).upper() not in ("XML", "X-HL7-CDA-LEVEL-ONE"):
        report.add(reasons.CONTENT_TYPE_UNSUPPORTED, segment.place(5, 1, 3), _COPIES)
        return None
    if message.component(data, 4).upper() != "BASE64":
        report.invalid(segment.place(5, 1, 4), "Base64 is expected")
        return None
    place = segment.place(5, 1, 5)
    content = _decoded(message, message.part(data, 5), place, taking.max_bytes, report)
    system, code = message.value(segment, 3, 3).upper(), message.value(segment, 3)
    typed = code if system in _LOINC else ""
    return Carried(place, content, typed, segment.place(3)) if content else None


def _decoded(message: Message, span: Span | None, place: str, most: int, report: Report) -> bytes:
    """The bytes of a document; line ends and escapes of them within base64 are no part of it."""
    start, end = span or (0, 0)
    if end - start > (most + 2) * 4 // 3 * 2:
        report.add(reasons.CONTENT_TOO_LARGE, place, f"{most} bytes at most")
        return b""
    data = _from_base64(message, start, end)
    if data is None:
        report.invalid(place, "base64 is expected (RFC 4648, section 4)")
    elif not data:
        report.add(reasons.CONTENT_EMPTY, place)
    elif len(data) > most:
        report.add(reasons.CONTENT_TOO_LARGE, place, f"{most} bytes at most")
        return b""
    return data or b""


def _from_base64(message: Message, start: int, end: int) -> bytes | None:
    try:
        return binascii.a2b_base64(memoryview(message.data)[start:end], strict_mode=True)
    except ValueError:
        pass
    text = message.data[start:end].replace(message.delimiters.escape.join((b"", b".br", b"")), b"")
    if text.count(message.delimiters.escape) > _MOST_ESCAPES:
        return None
    try:
        plain = message.plain(text).translate(None, _SPACE)
        return binascii.a2b_base64(plain, strict_mode=True)
    except ValueError:
        return None


def _check_kind(message: Message, kind: str, report: Report) -> None:
    txa = message.named("TXA")
    if kind == "MDM" and not txa:
        report.missing("TXA^1", "what the document is")
    for extra in txa[1:]:
        report.invalid(extra.place(), "one document a message")


def act_of(message: Message, event: str, flags: Flags, report: Report) -> Act:
    """What is asked, of all documents alike; MODIF_CONF_CODE asks for new labels and for nothing else."""
    found: dict[Act, str] = {}
    for segment in message.named("OBX"):
        if is_flag(message, segment):
            continue
        status = message.value(segment, 11).upper()
        act = ACTS.get((event, status))
        if act is None:
            wanted = ", ".join(sorted(status for name, status in ACTS if name == event))
            reason = hl7_reasons.HL7_ACTS_DIFFER if status in ("F", "C", "D") else reasons.VALUE_INVALID
            report.add(reason, segment.place(11), f"{wanted} is expected with {event}")
        else:
            found.setdefault(act, segment.place(11))
    if len(found) > 1:
        report.add(hl7_reasons.HL7_ACTS_DIFFER, list(found.values())[1], ", ".join(found))
    act = next(iter(found), Act.FILE)
    if flags[RELABELS]:
        if act is Act.DELETE:
            report.add(hl7_reasons.HL7_ACTS_DIFFER, found[act], RELABELS)
        return Act.RELABEL
    return act


def parent_of(message: Message) -> str:
    """The document that is replaced (TXA-13, EI.1), as it was deposited: its CDA id, without `urn:oid:`."""
    txa = message.named("TXA")
    return message.value(txa[0], 13) if txa else ""
