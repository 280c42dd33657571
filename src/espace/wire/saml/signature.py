"""One assertion under one enveloped signature, verified by one narrow profile; only the bytes verified are read.

Source: XML Signature 1.1, Exclusive XML Canonicalization 1.0, SAML 2.0 core, section 5.4. Nothing is looked for by its
identifier and nothing is fetched: the places are fixed, and whatever else is found there is refused. The bytes whose
digest was signed are parsed again, and that tree is the only one from which anything is taken (ADR 0030).
"""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from espace.kernel.reasons import vihf as reasons
from espace.kernel.words import Refused
from espace.wire.saml.certificates import Bearer
from espace.wire.xml import Element, Parsed, XmlLimits, apart, parse_again, parse_here

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
DIGEST_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
LIMITS = XmlLimits(
    max_bytes=128 * 1024,
    max_depth=24,
    max_elements=800,
    max_attributes=2_000,
    max_element_attributes=32,
    max_attribute_chars=2_000,
    max_references=2_000,
    max_asides=100,
    max_aside_bytes=10_000,
    max_namespaces=200,
)
"""Of an assertion: a real one has 60 elements in 6 KB."""
RSA_BITS = range(2048, 4097)
CURVES = {"secp256r1": 32, "secp384r1": 48}
"""Bytes of each of the two numbers of a signature."""
MOST_PREFIXES = 16

_TIMESTAMP = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Timestamp"
_WRAPPERS = frozenset({"Assertion", "EncryptedAssertion", "Signature", "Object", "Manifest", "EncryptedData"})
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,127}", re.ASCII)
_PREFIX = re.compile(r"#default|[A-Za-z_][A-Za-z0-9._-]{0,63}", re.ASCII)
_METHOD_C14N = "CanonicalizationMethod"
_SPACES = re.compile(r"[ \t\r\n]+")

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Signed:
    """An assertion and its signature, taken apart; nothing of it is verified yet.

    `certificate` is the DER beside the signature. `info` is the canonical SignedInfo, `content` the canonical assertion
    without its signature, whose digest must be `digest`; `value` is the signature of `info` by `method`.
    """

    certificate: bytes
    method: str
    info: bytes
    value: bytes
    digest: bytes
    content: bytes


def verified(security: Element, judge: Callable[[bytes], Bearer]) -> tuple[Bearer, Element]:
    """Who signed the assertion of a header, by what `judge` says of the certificate beside the signature, and the
    assertion: `signed`, then `content`. Raises Refused, as they and `judge` do."""
    return apart(partial(_verified, security, judge))


def _verified(security: Element, judge: Callable[[bytes], Bearer]) -> tuple[Bearer, Element]:
    said = _signed(security)
    signer = judge(said.certificate)
    return signer, _content(said, signer.key)


def signed(security: Element) -> Signed:
    """The one assertion of a wsse:Security header, which holds nothing else but a Timestamp.

    Raises Refused: VIHF_MISSING, VIHF_MALFORMED, VIHF_ALGORITHM.
    """
    return apart(partial(_signed, security))


def _signed(security: Element) -> Signed:
    assertion = _assertion(security)
    alone = tree(_bytes(assertion), "Assertion")
    signature = alone[1]
    if [one.tag for one in signature] != [f"{DS}SignedInfo", f"{DS}SignatureValue", f"{DS}KeyInfo"]:
        raise malformed("Signature: SignedInfo, SignatureValue, KeyInfo")
    kept = prefixes(signature[0].find(f"{DS}{_METHOD_C14N}"))
    info = canonical(_root(parse_again(_bytes(signature[0])), "SignedInfo"), kept)
    said = _profile(_root(parse_again(info), "SignedInfo"), alone.get("ID", ""))
    certificate = certificate_in(signature[2])
    value = decoded(signature[1], "SignatureValue")
    _without(alone, signature)
    return Signed(certificate, said.method, info, value, said.digest, canonical(alone, said.prefixes))


def content(said: Signed, key: object) -> Element:
    """The assertion, parsed again from the bytes that this key's signature covers. Raises Refused: VIHF_SIGNATURE."""
    return apart(partial(_content, said, key))


def _content(said: Signed, key: object) -> Element:
    try:
        verify(said, key)
    except InvalidSignature:
        raise Refused(reasons.VIHF_SIGNATURE, place="Assertion/Signature", detail="SignatureValue") from None
    if hashlib.sha256(said.content).digest() != said.digest:
        raise Refused(reasons.VIHF_SIGNATURE, place="Assertion/Signature", detail="DigestValue")
    return tree(said.content, "Assertion")


def malformed(detail: str) -> Refused:
    """`detail` names what is expected, and repeats nothing of what was sent."""
    return Refused(reasons.VIHF_MALFORMED, place="Envelope/Header/Security", detail=detail)


def _assertion(security: Element) -> Element:
    """The only assertion and the only signature of the header, its ID that of nothing else in the whole message."""
    names = [str(one.tag).rpartition("}")[2] for one in security.iter("*")]
    if names.count("Assertion") == 0:
        raise Refused(reasons.VIHF_MISSING, place="Envelope/Header/Security")
    if sorted(name for name in names if name in _WRAPPERS) != ["Assertion", "Signature"]:
        raise malformed("one Assertion with one Signature")
    found = [one for one in security if one.tag != _TIMESTAMP]
    if len(found) != 1 or found[0].tag != f"{SAML}Assertion":
        raise malformed("an Assertion of SAML 2.0, and nothing beside it but a Timestamp")
    assertion = found[0]
    name = assertion.get("ID", "")
    if len(assertion) < 2 or assertion[1].tag != f"{DS}Signature" or not _ID.fullmatch(name):
        raise malformed("Assertion with an ID; Issuer, then Signature")
    if assertion.getroottree().xpath("count(//@*[. = $name])", name=name) != 1:
        raise malformed("an ID that nothing else in the message has")
    return assertion


@dataclass(frozen=True, slots=True)
class _Profile:
    method: str
    digest: bytes
    prefixes: Sequence[str]


def _profile(info: Element, name: str) -> _Profile:
    """What SignedInfo says, where it is the one form taken here. Raises Refused."""
    wanted = [f"{DS}{one}" for one in (_METHOD_C14N, "SignatureMethod", "Reference")]
    if [one.tag for one in info] != wanted:
        raise malformed("SignedInfo: CanonicalizationMethod, SignatureMethod, one Reference")
    c14n, method, reference = info
    if [one.tag for one in reference] != [f"{DS}{one}" for one in ("Transforms", "DigestMethod", "DigestValue")]:
        raise malformed("Reference: Transforms, DigestMethod, DigestValue")
    transforms, digest_method, digest = reference
    if reference.get("URI") != f"#{name}":
        raise malformed("Reference: the URI is # and the ID of the assertion")
    used = (_algorithm(c14n), *(_algorithm(one) for one in transforms), _algorithm(digest_method))
    if used != (EXCLUSIVE, ENVELOPED, EXCLUSIVE, DIGEST_SHA256):
        raise Refused(reasons.VIHF_ALGORITHM, place="Assertion/Signature/SignedInfo")
    if len(method) or _algorithm(method) not in (RSA_SHA256, ECDSA_SHA256) or len(digest_method) or len(transforms[0]):
        raise Refused(reasons.VIHF_ALGORITHM, place="Assertion/Signature/SignedInfo", detail="SignatureMethod")
    return _Profile(_algorithm(method), decoded(digest, "DigestValue"), prefixes(transforms[1]))


def _algorithm(element: Element) -> str:
    return element.get("Algorithm", "")


def prefixes(transform: Element | None) -> Sequence[str]:
    """The prefixes that exclusive canonicalisation keeps whether they are used or not (its section 3)."""
    if transform is None or not len(transform):
        return ()
    said = transform[0].get("PrefixList", "").split()
    if len(transform) > 1 or transform[0].tag != f"{{{EXCLUSIVE}}}InclusiveNamespaces" or len(said) > MOST_PREFIXES:
        raise malformed("InclusiveNamespaces with a short PrefixList")
    if not all(_PREFIX.fullmatch(prefix) for prefix in said):
        raise malformed("InclusiveNamespaces with a short PrefixList")
    return said


def certificate_in(info: Element) -> bytes:
    """KeyInfo holds one certificate and no other form of a key."""
    data = info[0] if len(info) == 1 else info
    if data.tag != f"{DS}X509Data" or [one.tag for one in data] != [f"{DS}X509Certificate"]:
        raise malformed("KeyInfo: one X509Data with one X509Certificate")
    return decoded(data[0], "X509Certificate")


def decoded(element: Element, name: str) -> bytes:
    text = _SPACES.sub("", element.text or "")
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raw = b""
    if not raw or len(element):
        raise malformed(f"{name}: base64")
    return raw


def _bytes(element: Element) -> bytes:
    """An element on its own, with every namespace in scope there: what canonicalisation may need of its ancestors."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def tree(data: bytes, name: str) -> Element:
    return _root(parse_here(data, LIMITS), name)


def _root(parsed: Parsed, name: str) -> Element:
    if parsed.root is None:
        raise malformed(f"{name}: {parsed.problems[0].reason.code}")
    return parsed.root


def canonical(root: Element, prefixes: Sequence[str]) -> bytes:
    """Raises Refused for what has no canonical form (a relative namespace)."""
    try:
        return etree.tostring(
            root, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=list(prefixes) or None
        )
    except (etree.LxmlError, ValueError):
        raise malformed("Assertion: a canonical form") from None


def _without(assertion: Element, signature: Element) -> None:
    """The transform « enveloped-signature »: the text after the signature stays."""
    before = signature.getprevious()
    if before is not None and signature.tail:
        before.tail = (before.tail or "") + signature.tail
    assertion.remove(signature)


def verify(said: Signed, key: object) -> None:
    """Raises InvalidSignature, for a key of another kind than the method too."""
    if said.method == RSA_SHA256 and isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS:
        key.verify(said.value, said.info, padding.PKCS1v15(), SHA256())
    elif said.method == ECDSA_SHA256 and isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        size = CURVES[key.curve.name]
        if len(said.value) != 2 * size:
            raise InvalidSignature
        r, s = (int.from_bytes(half, "big") for half in (said.value[:size], said.value[size:]))
        key.verify(encode_dss_signature(r, s), said.info, ec.ECDSA(SHA256()))
    else:
        raise InvalidSignature
