"""SOAP 1.2 envelopes with WS-Addressing 1.0: elements ⇄ what they say (ITI TF-2, appendix V.3).

An answer only ever goes back by the connection that asked: a ReplyTo that names any other place is refused, not obeyed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from espace.kernel.reasons import Reason
from espace.kernel.reasons import soap as reasons
from espace.kernel.words import Refused
from espace.wire.xml import Element

SOAP = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
INCLUDE = "{http://www.w3.org/2004/08/xop/include}Include"
ANONYMOUS = f"{ADDRESSING}/anonymous"
FAULT_ACTION, SOAP_FAULT_ACTION = f"{ADDRESSING}/fault", f"{ADDRESSING}/soap/fault"
_KNOWN = ("Action", "MessageID", "To", "From", "ReplyTo", "FaultTo", "RelatesTo")
_UNDERSTOOD = frozenset({f"{{{ADDRESSING}}}{name}" for name in _KNOWN})
_ENDPOINTS = ("ReplyTo", "FaultTo")
_SECURITY = f"{{{WSSE}}}Security"
_MINE = frozenset({"", f"{SOAP}/role/next", f"{SOAP}/role/ultimateReceiver"})
_NOT_MUST = frozenset({"", "0", "false"})
_MOST_CHARS = 2_000
_PREFIXES = {"s": SOAP, "a": ADDRESSING, "w": WSSE}
_CODES: Mapping[Reason, tuple[str, str]] = {
    reasons.SOAP_VERSION: ("s:VersionMismatch", ""),
    reasons.HEADER_NOT_UNDERSTOOD: ("s:MustUnderstand", ""),
    reasons.ADDRESSING_INVALID: ("s:Sender", "a:InvalidAddressingHeader"),
    reasons.ACTION_UNKNOWN: ("s:Sender", "a:ActionNotSupported"),
}
"""Code and subcode of what is not just the sender's fault (SOAP 1.2 part 1, 5.4.6; WS-Addressing 1.0, SOAP binding,
6.4)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request: what it asks for, by which name an answer refers to it, its security header (None without one), and
    the one element of its body."""

    action: str
    message_id: str
    security: Element | None
    body: Element


def read(root: Element) -> Envelope:
    """Raises Refused: SOAP_VERSION, ENVELOPE_MALFORMED, HEADER_NOT_UNDERSTOOD, ADDRESSING_INVALID."""
    if root.tag == f"{{{SOAP_11}}}Envelope":
        raise Refused(reasons.SOAP_VERSION, place="Envelope")
    if root.tag != f"{{{SOAP}}}Envelope":
        raise _malformed("Envelope")
    if [one.tag for one in root] != [f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"]:
        raise _malformed("one Header and one Body, in this order")
    header, body = root
    if len(body) != 1:
        raise _malformed("one element in Body")
    if next(header.iter(INCLUDE), None) is not None:
        raise _malformed("xop:Include in Header")  # what is signed is what is read
    security = header.findall(_SECURITY)
    if len(security) > 1:
        raise _malformed("two Security headers")
    _require_understood(header)
    for name in _ENDPOINTS:
        _require_anonymous(header, name)
    return Envelope(_one(header, "Action"), _one(header, "MessageID"), security[0] if security else None, body[0])


def message_id_of(root: Element) -> str:
    """What an answer to this may refer to, whatever else is wrong with it; "" for nothing that is worth repeating."""
    try:
        return _one(root[0], "MessageID") if len(root) else ""
    except Refused:
        return ""


def _require_understood(header: Element) -> None:
    for one in header:
        must = one.get(f"{{{SOAP}}}mustUnderstand", "").strip() not in _NOT_MUST
        mine = one.get(f"{{{SOAP}}}role", "").strip() in _MINE
        if must and mine and one.tag not in _UNDERSTOOD and one.tag != _SECURITY:
            raise Refused(reasons.HEADER_NOT_UNDERSTOOD, place="Envelope/Header")


def _require_anonymous(header: Element, name: str) -> None:
    """Said once, with one address: another would be another reader's."""
    said = header.findall(f"{{{ADDRESSING}}}{name}")
    addresses = [one for each in said for one in each.iter(f"{{{ADDRESSING}}}Address")]
    if said and (len(said) > 1 or [(one.text or "").strip() for one in addresses] != [ANONYMOUS]):
        raise Refused(reasons.ADDRESSING_INVALID, place=f"Envelope/Header/{name}")


def _one(header: Element, name: str) -> str:
    """The text of a header that is there once. Refused(ADDRESSING_INVALID)."""
    found = header.findall(f"{{{ADDRESSING}}}{name}")
    text = (found[0].text or "").strip() if len(found) == 1 else ""
    if not text or len(text) > _MOST_CHARS or len(found[0]):
        raise Refused(reasons.ADDRESSING_INVALID, place=f"Envelope/Header/{name}")
    return text


def write(body: bytes, *, action: str, message_id: str, relates_to: str = "") -> bytes:
    """An answer around a serialised body, whose own namespaces are declared in it."""
    related = f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>" if relates_to else ""
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}"><s:Header>'
        f'<a:Action s:mustUnderstand="1">{escape(action)}</a:Action><a:MessageID>{escape(message_id)}</a:MessageID>'
        f"{related}</s:Header><s:Body>"
    )
    return b"".join((head.encode(), body, b"</s:Body></s:Envelope>"))


def fault(refused: Refused, *, message_id: str, relates_to: str = "", subcode: str = "") -> bytes:
    """A refusal as a whole answer (SOAP 1.2 part 1, 5.4): the reason's code and place are its detail.

    `subcode` is a local name of WS-Security (1.1, 12). What is our own fault is the receiver's.
    """
    reason = refused.reason
    usual = ("s:Receiver", "") if reason.status >= 500 else ("s:Sender", f"w:{subcode}" if subcode else "")
    code, more = _CODES.get(reason, usual)
    sub = f"<s:Subcode><s:Value>{more}</s:Value></s:Subcode>" if more else ""
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _PREFIXES.items())
    body = (
        f"<s:Fault {names}><s:Code><s:Value>{code}</s:Value>{sub}</s:Code><s:Reason>{_texts(reason)}</s:Reason>"
        f'<s:Detail><e:refused xmlns:e="urn:espace:refused" code={quoteattr(reason.told_code)}'
        f" place={quoteattr(refused.place)}>{escape(refused.detail)}</e:refused></s:Detail></s:Fault>"
    )
    action = FAULT_ACTION if more.startswith("a:") else SOAP_FAULT_ACTION
    return write(body.encode(), action=action, message_id=message_id, relates_to=relates_to)


def _texts(reason: Reason) -> str:
    fix = reason.fix
    said = (
        ("fr", f"{reason.professional.fr} {fix.fr if fix else ''}"),
        ("en", f"{reason.professional.en} {fix.en if fix else ''}"),
    )
    return "".join(f'<s:Text xml:lang="{language}">{escape(text.strip())}</s:Text>' for language, text in said)


def _malformed(detail: str) -> Refused:
    return Refused(reasons.ENVELOPE_MALFORMED, place="Envelope", detail=detail)
