"""Header and outcome → ACK (HL7 v2.5.1, 2.13.1): MSH, MSA, one ERR a problem, one ZAM a document and destination."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from espace.kernel.reasons import Reason, identity, transport
from espace.kernel.reasons import documents as documents_reasons
from espace.kernel.reasons import hl7v2 as reasons
from espace.kernel.words import Problem
from espace.wire.hl7v2.values import Done, Header, Outcome

MEDIA_TYPE = "application/hl7-v2"
CODES = "ESPACE"
"""The coding system of the reasons in ERR-5: `docs/reference/reasons.md`."""

_APPLICATION = ("ESPACE",)
_VERSIONS = frozenset({"2.5", "2.5.1", "2.6"})
_PLACE = re.compile(r"[A-Z][A-Z0-9]{2}(?:\^[0-9]{1,4}){0,5}")
_MOST_DETAIL = 500
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": "-", "—": "-", "≠": "<>", "→": "->"})
_ESCAPES = (
    ("\\", "\\E\\"), ("|", "\\F\\"), ("^", "\\S\\"), ("&", "\\T\\"), ("~", "\\R\\"),
    ("\r\n", "\\.br\\"), ("\r", "\\.br\\"), ("\n", "\\.br\\"),
)  # fmt: skip

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))

_TEXTS = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "207": "Application error",
}
"""HL7 table 0357."""

_BY_REASON: dict[str, str] = {
    reasons.HL7_MALFORMED.code: "100",
    documents_reasons.ELEMENT_MISSING.code: "101",
    documents_reasons.CDA_INCOMPLETE.code: "101",
    identity.INS_MISSING.code: "101",
    identity.TRAITS_MISSING.code: "101",
    reasons.HL7_CHARSET.code: "102",
    documents_reasons.VALUE_INVALID.code: "102",
    documents_reasons.XML_MALFORMED.code: "102",
    documents_reasons.CODE_UNKNOWN.code: "103",
    documents_reasons.CLASS_MISMATCH.code: "103",
    identity.INS_AUTHORITY_UNKNOWN.code: "103",
    identity.INS_MALFORMED.code: "204",
    identity.INS_KEY_WRONG.code: "204",
    documents_reasons.REPLACE_REFUSED.code: "204",
    documents_reasons.UNIQUE_ID_REUSED.code: "205",
    transport.MEDIA_TYPE_UNSUPPORTED.code: "200",
}
_BY_PLACE = {"MSH^1^9": "200", "MSH^1^9^1^2": "201", "MSH^1^11": "202", "MSH^1^12": "203"}
_NOT_KNOWN, _INTERNAL_STATUS = 401, 500
_UNKNOWN_KEYS, _INTERNAL = frozenset({404, 410}), "207"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of ZAM: the destination (a flag), what was done there, the document's uniqueId and our id of it."""

    destination: str
    done: Done
    unique_id: str = ""
    entry_id: str = ""


def escaped(text: str) -> str:
    """Text as a value of a message: separators and line ends escaped (2.7), other control characters left out, for
    those of MLLP would end the frame that it travels in."""
    for plain, sequence in _ESCAPES:
        text = text.replace(plain, sequence)
    return text.translate(_CONTROLS)


def outcome_of(reason: Reason, header: Header) -> Outcome:
    """AR where the message was not looked at: who sends it, its kind, its version or we are why; else AE."""
    early = reason in vars(transport).values() or reason is reasons.HL7_MESSAGE_UNSUPPORTED
    early = early or reason.status == _NOT_KNOWN or reason.status >= _INTERNAL_STATUS
    return Outcome.REJECTED if early or not header.control_id else Outcome.ERROR


def accepted(header: Header, results: Sequence[Result], *, at: datetime, control_id: str) -> bytes:
    """The acknowledgement of a message that was obeyed."""
    lines = [
        "|".join(("ZAM", str(number), one.destination, one.done, escaped(one.unique_id), one.entry_id))
        for number, one in enumerate(results, start=1)
    ]
    return _message(header, Outcome.ACCEPTED, lines, at, control_id)


def refused(
    header: Header, problems: Sequence[Problem], *, at: datetime, control_id: str, english: bool = False
) -> bytes:
    """The acknowledgement of a message of which nothing was kept: every problem, the first one's reason decides."""
    lines = [_error(problem, english) for problem in problems]
    return _message(header, outcome_of(problems[0].reason, header), lines, at, control_id)


def _message(header: Header, outcome: Outcome, lines: Sequence[str], at: datetime, control_id: str) -> bytes:
    event = header.event if header.event.isalnum() else ""
    msh = (
        "MSH", "^~\\&", *turned_round(header),
        at.strftime("%Y%m%d%H%M%S%z"), "", f"ACK^{event}^ACK" if event else "ACK", control_id,
        escaped(header.processing), header.version if header.version in _VERSIONS else "2.5",
        "", "", "", "", "FRA", header.charset,
    )  # fmt: skip
    segments = ["|".join(msh), f"MSA|{outcome}|{escaped(header.control_id)}", *lines]
    text = "".join(f"{segment}\r" for segment in segments)
    return text.encode("utf-8") if header.codec == "utf-8" else _narrow(text, header.codec)


def turned_round(header: Header) -> tuple[str, str, str, str]:
    """Who answers, and to whom: applications and facilities."""
    receives = _hierarchic(header.receiving_application or _APPLICATION), _hierarchic(header.receiving_facility)
    return (*receives, _hierarchic(header.sending_application), _hierarchic(header.sending_facility))


def _narrow(text: str, codec: str) -> bytes:
    return text.translate(_QUOTES).encode(codec, errors="replace")


def _hierarchic(parts: tuple[str, ...]) -> str:
    return "^".join(map(escaped, parts))


def _error(problem: Problem, english: bool) -> str:
    """ERR-2 the place, ERR-3 the code of HL7, ERR-4 the severity, ERR-5 our reason, ERR-7 what was found there, ERR-8
    the sentence and what to do."""
    reason = problem.reason
    said = [one.en if english else one.fr for one in (reason.professional, reason.fix) if one]
    found = _PLACE.match(problem.place)
    place = found[0] if found else ""
    detail = " : ".join(filter(None, (problem.place[len(place) :].strip(), problem.detail)))[:_MOST_DETAIL]
    code = hl7_code(problem)
    return "|".join(
        (
            "ERR", "", place, f"{code}^{_TEXTS[code]}^HL70357", "E", f"{reason.told_code}^^{CODES}", "",
            escaped(detail), escaped(" ".join(said)),
        )
    )  # fmt: skip


def hl7_code(problem: Problem) -> str:
    """The code of HL7 table 0357 for a problem; what it has no code for is an application error (207)."""
    reason, place = problem.reason, problem.place
    if reason is reasons.HL7_MESSAGE_UNSUPPORTED:
        return _BY_PLACE.get(place, "200")
    if reason.status in _UNKNOWN_KEYS and reason not in vars(transport).values():
        return "204"
    return _BY_REASON.get(reason.code, _INTERNAL)
