"""What a reason becomes at each door, asked of the functions by which the doors themselves say it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from espace.exchange.http import Request
from espace.exchange.xds import door as soap_door
from espace.exchange.xds.errors import code_of
from espace.kernel.reasons import REASONS, Reason, Sentence
from espace.kernel.words import Problem, Refused
from espace.site.refusals.facts import Where
from espace.site.refusals.table import OF
from espace.wire.fhir.outcome import REASON_SYSTEM
from espace.wire.hl7v2.acknowledgement import CODES, hl7_code, outcome_of
from espace.wire.hl7v2.values import Header
from espace.wire.xdm.mail import reply_code

_NAMED = ".masterIdentifier"
_PLACES = ("", _NAMED, "MSH^1^9", "MSH^1^9^1^2", "MSH^1^11", "MSH^1^12")
"""Places by which a door tells one reason by several codes."""
_VALUE = re.compile(rb"<s:Value>([^<]+)</s:Value>")


@dataclass(frozen=True, slots=True)
class Shown:
    """One door, and what is read there: names of fields and values, alike in both languages."""

    door: Sentence
    lines: tuple[str, ...]


def shown(code: str) -> tuple[Shown, ...]:
    """Where a reason is read, door by door; `code` is told outside."""
    family, reason = OF[code], REASONS[code]
    return tuple(Shown(label, say(reason)) for where, (label, say) in _DOORS.items() if where in family.where)


@cache
def codes_of(code: str) -> frozenset[str]:
    """The codes of other lists by which a reason is found too: those of IHE."""
    said = not OF[code].where.isdisjoint({Where.REGISTRY, Where.XDM})
    return frozenset(_registry_codes(REASONS[code])) if said else frozenset()


def _fhir(reason: Reason) -> tuple[str, ...]:
    return (
        f"HTTP {reason.status}",
        f"OperationOutcome.issue.code = {reason.issue}",
        f"OperationOutcome.issue.details.coding = {REASON_SYSTEM} | {reason.code}",
    )


def _fault(reason: Reason) -> tuple[str, ...]:
    answer = soap_door.told(Refused(reason), Request({}))
    names = [value.decode() for value in _VALUE.findall(b"".join(answer.pieces))]
    return (
        f"HTTP {answer.status}",
        *(f"{name} = {value}" for name, value in zip(("Fault/Code", "Fault/Code/Subcode"), names, strict=False)),
        f"Fault/Detail/refused/@code = {reason.code}",
    )


def _registry(reason: Reason) -> tuple[str, ...]:
    return (
        "HTTP 200",
        *(f"RegistryError/@errorCode = {code}" for code in _registry_codes(reason)),
        f"RegistryError/@codeContext = [{reason.code}] …",
    )


def _registry_codes(reason: Reason) -> tuple[str, ...]:
    return _each(code_of(Problem(reason, place), registry=one) for place in ("", _NAMED) for one in (False, True))


def _national(reason: Reason) -> tuple[str, ...]:
    return (
        "HTTP 200",
        "TD0.2 : acknowledgement/typeCode = AE",
        f"TD0.2 : acknowledgementDetail/code = {reason.code}",
        f"TD0.3, TD0.4, TD0.9 : error/@code = {reason.code}",
    )


def _hl7(reason: Reason) -> tuple[str, ...]:
    codes = _each(hl7_code(Problem(reason, place)) for place in _PLACES)
    return (
        f"HTTP {reason.status} (/hl7v2)",
        f"MSA-1 = {outcome_of(reason, Header(control_id='1'))}",
        f"ERR-3 = {', '.join(codes)} (HL70357)",
        f"ERR-5 = {reason.code}^^{CODES}",
    )


def _xdm(reason: Reason) -> tuple[str, ...]:
    return (
        f"HTTP {reason.status} (/xdm)",
        f"RegistryError/@errorCode = {code_of(Problem(reason, ''), registry=False)}",
        f"SMTP {reply_code(reason)} [{reason.code}]",
    )


def _page(reason: Reason) -> tuple[str, ...]:
    return (f"HTTP {reason.status}",)


def _log(reason: Reason) -> tuple[str, ...]:
    return (reason.code,)


def _each(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


_DOORS: Mapping[Where, tuple[Sentence, Callable[[Reason], tuple[str, ...]]]] = {
    Where.FHIR: (Sentence("FHIR (/fhir)", "FHIR (/fhir)"), _fhir),
    Where.REGISTRY: (Sentence("SOAP (/xds), dans la réponse", "SOAP (/xds), in the answer"), _registry),
    Where.FAULT: (Sentence("SOAP (/xds), faute", "SOAP (/xds), fault"), _fault),
    Where.NATIONAL: (Sentence("SOAP, demandes nationales", "SOAP, national requests"), _national),
    Where.HL7: (Sentence("HL7 v2 (/hl7v2, MLLP)", "HL7 v2 (/hl7v2, MLLP)"), _hl7),
    Where.XDM: (Sentence("XDM (/xdm, courrier sécurisé)", "XDM (/xdm, secure mail)"), _xdm),
    Where.PAGE: (Sentence("Une page, en toutes lettres", "A page, in words"), _page),
    Where.LOG: (Sentence("L’historique de l’espace", "The access log of the space"), _log),
}
