"""The XML signature of a lot: its Manifest names documents of the lot and their digests.

Sources: IHE « Document Digital Signature » (a Manifest whose references are uniqueIds), XML Signature 1.1, CI-SIS (one
XAdES signature a lot). What the French guide says of transforms and algorithms is not known here: one form is verified
whole (`check` returns ""), what contradicts the lot is refused, and any other form is told as not checked. Nothing is
believed because of a signature, checked or not. Nothing is fetched, and no identifier is looked for twice.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from lxml import etree

from espace.kernel.reasons.signing import LOT_SIGNATURE_WRONG
from espace.kernel.words import Refused
from espace.wire.saml import certificates
from espace.wire.saml import signature as xmldsig
from espace.wire.saml.certificates import Trust, Use
from espace.wire.saml.signature import DIGEST_SHA256, DS, ECDSA_SHA256, EXCLUSIVE, RSA_SHA256
from espace.wire.xds import Data
from espace.wire.xml import Element, apart, parse_here

INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_STRONG = {DIGEST_SHA256: "sha256", "http://www.w3.org/2001/04/xmlenc#sha512": "sha512"}
_DIGESTS = {**_STRONG, "http://www.w3.org/2000/09/xmldsig#sha1": "sha1"}
_PARTS = [f"{DS}SignedInfo", f"{DS}SignatureValue", f"{DS}KeyInfo", f"{DS}Object"]


class _Unchecked(Exception):
    """Ends a check with what is of another form; never leaves this module."""


@dataclass(frozen=True, slots=True)
class Lot:
    """What is signed: the bytes of each document of the lot but its signatures, by uniqueId as `bare` has it, those
    of them that the association « signs » is about, and the uniqueId of the set."""

    contents: Mapping[str, Data]
    signed: Collection[str]
    set_id: str


def bare(unique_id: str) -> str:
    return unique_id.removeprefix("urn:oid:").removeprefix("urn:uuid:").lower()


def check(data: bytes, lot: Lot, trust: Trust, at: datetime) -> str:
    """"" for a signature that was verified whole, or what of its form is another than the one that is, in one word.

    Raises Refused(LOT_SIGNATURE_WRONG), `detail` the part that is wrong: no XML signature, a document that the Manifest
    does not name or whose bytes are others, a certificate that is not of `trust` for signatures, a signature of
    something else.
    """
    try:
        apart(lambda: _check(data, lot, trust, at))
    except _Unchecked as other:
        return str(other)
    return ""


def _check(data: bytes, lot: Lot, trust: Trust, at: datetime) -> None:
    """What the Manifest says is compared with the lot first: it is wrong whatever else is of a form not known."""
    root = parse_here(data, xmldsig.LIMITS).root
    if root is None or root.tag != f"{DS}Signature":
        raise _wrong("Signature")
    manifests = root.findall(f"{DS}Object/{DS}Manifest")
    if len(manifests) != 1:
        raise _Unchecked("Manifest")
    other = _compare(manifests[0], lot)
    if data.count(b"<?") > data.lstrip().startswith(b"<?xml ") or list(root.attrib) not in ([], ["Id"]):
        raise _Unchecked("Signature")
    _verify(root, manifests[0], trust, at)
    if other:
        raise _Unchecked(other)


def _compare(manifest: Element, lot: Lot) -> str:
    """The documents as the Manifest has them. "" where all are signed by a strong digest of their very bytes."""
    named: set[str] = set()
    other = ""
    for one in manifest:
        name = bare(one.get("URI", ""))
        if one.tag != f"{DS}Reference" or not (name in lot.contents or name == lot.set_id):
            other = "Manifest/Reference"
        elif name == lot.set_id:
            continue
        elif one.find(f"{DS}Transforms") is not None or (algorithm := _digest_of(one)) not in _DIGESTS:
            other, named = "Manifest/Reference", named | {name}
        elif hashlib.new(_DIGESTS[algorithm], lot.contents[name]).digest() != _value_of(one):
            raise _wrong("DigestValue")
        else:
            named.add(name)
            other = other if algorithm in _STRONG else "DigestMethod"
    if not named.issuperset(lot.signed):
        raise _wrong("Manifest")
    return other


def _verify(root: Element, manifest: Element, trust: Trust, at: datetime) -> None:
    """SignedInfo covers the Manifest, and a certificate of the authorities signed it."""
    tags = [one.tag for one in root]
    if tags[:4] != _PARTS or set(tags[4:]) > {f"{DS}Object"}:
        raise _Unchecked("Signature")
    info, value, key_info, *_ = root
    if len(info) < 3:
        raise _Unchecked("SignedInfo")
    c14n, method, *references = info
    if _algorithm(method) not in (RSA_SHA256, ECDSA_SHA256) or len(method):
        raise _Unchecked("SignatureMethod")
    covered = [_matches(root, reference) for reference in references]
    if all(one is not manifest for one in covered):
        raise _Unchecked("SignedInfo")
    try:
        certificate, signed = xmldsig.certificate_in(key_info), xmldsig.decoded(value, "SignatureValue")
    except Refused:
        raise _Unchecked("KeyInfo") from None
    try:
        key = certificates.bearer(certificate, trust, use=Use.SIGNATURE, at=at).key
        xmldsig.verify(xmldsig.Signed(certificate, _algorithm(method), _canonical(info, c14n), signed, b"", b""), key)
    except Refused:
        raise _wrong("X509Certificate") from None
    except InvalidSignature:
        raise _wrong("SignatureValue") from None


def _matches(root: Element, reference: Element) -> Element:
    """The element of this signature that a reference is about, its digest verified."""
    name = reference.get("URI", "").removeprefix("#")
    found = [one for one in root.iter() if one.get("Id") == name]
    if reference.tag != f"{DS}Reference" or reference.get("URI") != f"#{name}" or len(found) != 1:
        raise _Unchecked("Reference")
    transforms = reference.findall(f"{DS}Transforms/{DS}Transform")
    algorithm = _digest_of(reference)
    if len(transforms) > 1 or algorithm not in _STRONG:
        raise _Unchecked("Reference")
    canonical = _canonical(found[0], transforms[0] if transforms else None)
    if hashlib.new(_STRONG[algorithm], canonical).digest() != _value_of(reference):
        raise _wrong("DigestValue")
    return found[0]


def _canonical(element: Element, method: Element | None) -> bytes:
    """The element as its method has it; without one, as XML Signature has it (its 4.4.3.2: Canonical XML 1.0)."""
    algorithm = INCLUSIVE if method is None else _algorithm(method)
    if algorithm not in (INCLUSIVE, EXCLUSIVE):
        raise _Unchecked("CanonicalizationMethod")
    try:
        prefixes = xmldsig.prefixes(method)
        alone = xmldsig.tree(etree.tostring(element, encoding="utf-8", with_tail=False), "Signature")
        if algorithm == EXCLUSIVE:
            return xmldsig.canonical(alone, prefixes)
        return etree.tostring(alone, method="c14n", exclusive=False, with_comments=False)
    except (Refused, etree.LxmlError, ValueError):
        raise _Unchecked("CanonicalizationMethod") from None


def _algorithm(element: Element | None) -> str:
    return "" if element is None else element.get("Algorithm", "")


def _digest_of(reference: Element) -> str:
    return _algorithm(reference.find(f"{DS}DigestMethod"))


def _value_of(reference: Element) -> bytes:
    """Raises Refused for what is no base64."""
    value = reference.find(f"{DS}DigestValue")
    try:
        return xmldsig.decoded(reference if value is None else value, "DigestValue")
    except Refused:
        raise _wrong("DigestValue") from None


def _wrong(detail: str) -> Refused:
    return Refused(LOT_SIGNATURE_WRONG, detail=detail)
