"""Elements of a CDA R2 document, built by hand: names carry their prefix, absent children are left out."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from lxml import etree

from espace.wire.nomenclature.systems import SYSTEMS
from espace.wire.xds import Coded

NAMESPACES: Mapping[str, str] = {
    "": "urn:hl7-org:v3",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "pharm": "urn:ihe:pharm:medication",
}

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What people type or paste, and no XML document may hold (XML 1.0, 2.2)."""

Element = etree._Element
Content = Element | str | None

_SYSTEM_NAMES = {system.oid: system.name for system in SYSTEMS} | {
    "2.16.840.1.113883.5.4": "HL7:ActCode",
    "2.16.840.1.113883.5.83": "HL7:ObservationInterpretation",
    "0.4.0.127.0.16.1.1.2.1": "EDQM",
    "1.2.250.1.215.300.1": "CCAM",
    "1.2.840.10008.2.16.4": "DCM",
}


def _name(prefixed: str) -> str:
    prefix, _, local = prefixed.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def el(tag: str, attributes: Mapping[str, str] | None = None, *content: Content) -> Element:
    """An element of CDA (or `prefix:tag` of `NAMESPACES`) with its attributes and, in order, texts and children."""
    node = etree.Element(_name(tag))
    for key, value in (attributes or {}).items():
        node.set(_name(key) if ":" in key else key, _NOT_XML.sub("", value))
    _add(node, content)
    return node


def whole(tag: str, *content: Content) -> Element:
    """The outermost element: it declares the namespaces that the others use."""
    declared = " ".join(f'xmlns{":" * bool(prefix)}{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    node = etree.fromstring(f"<{tag} {declared}/>")
    _add(node, content)
    return node


def _add(node: Element, content: tuple[Content, ...]) -> None:
    for part in content:
        if isinstance(part, str):
            _add_text(node, part)
        elif part is not None:
            node.append(part)


def _add_text(node: Element, said: str) -> None:
    text = _NOT_XML.sub("", said)
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text


def coded(tag: str, code: Coded, *content: Content, kind: str = "") -> Element:
    """A coded element; `kind` is its xsi:type where the place allows several."""
    attributes = {"xsi:type": kind} if kind else {}
    attributes |= {"code": code.code, "displayName": code.display, "codeSystem": code.system}
    name = _SYSTEM_NAMES.get(code.system)
    return el(tag, attributes | ({"codeSystemName": name} if name else {}), *content)


def template(*roots: str) -> tuple[Element, ...]:
    return tuple(el("templateId", {"root": root}) for root in roots)


def moment(at: date | datetime) -> str:
    """A point in time as HL7 writes it: the day, or the second with its offset."""
    return at.strftime("%Y%m%d%H%M%S%z" if isinstance(at, datetime) else "%Y%m%d")


def span(tag: str, low: date | None, high: date | None = None, *, kind: str = "") -> Element:
    """An interval; a low end that is not known says so, a high end that is not known is left out."""
    start = {"value": moment(low)} if low else {"nullFlavor": "UNK"}
    return el(
        tag,
        {"xsi:type": kind} if kind else None,
        el("low", start),
        el("high", {"value": moment(high)}) if high else None,
    )


def to_bytes(root: Element) -> bytes:
    """The document as UTF-8 bytes, without the prefixes it does not use."""
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)
