"""Signature wrapping in all its forms, foreign signatures and odd methods: refused before a value is read."""

import base64
import copy
import hashlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.verifier import VerifyResult

from attesting import (
    DS,
    PERSON,
    SAML,
    WSSE,
    attest,
    authority,
    envelope,
    foreign,
    made,
    security,
    signed,
    structure,
    subject,
    text_of,
)
from espace.kernel.reasons import Reason
from espace.kernel.reasons import vihf as reasons
from espace.kernel.words import Refused
from espace.wire.saml import signature
from espace.wire.xml import Element, parse_xml
from wrapping import CARD, EVIL, WORDS, WRAPPED, bare, genuine, sign_of


def _refused(header: Element, key: object = None) -> Reason:
    with pytest.raises(Refused) as caught:
        signature.content(signature.signed(header), key or CARD.certificate.public_key())
    assert caught.value.reason in reasons.FAULTS
    return caught.value.reason


@pytest.mark.parametrize("what", EVIL)
@pytest.mark.parametrize("form", WRAPPED)
def test_a_wrapped_assertion_is_refused(form: str, what: str) -> None:
    assert _refused(security(WRAPPED[form](what))) in (reasons.VIHF_MALFORMED, reasons.VIHF_SIGNATURE)


def _deleted(path: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        for one in root.findall(f".//{path}"):
            parent = one.getparent()
            assert parent is not None
            parent.remove(one)

    return change


def _text(path: str, text: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        found = root.find(f".//{path}")
        assert found is not None
        found.text = text

    return change


def _twice(path: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        found = root.find(f".//{path}")
        assert found is not None
        found.addnext(copy.deepcopy(found))

    return change


def _attribute(path: str, name: str, value: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        found = root.find(f".//{path}") if path else root
        assert found is not None
        found.set(name, value)

    return change


def _key_beside(root: Element) -> None:
    info = root.find(f".//{DS}KeyInfo")
    assert info is not None
    etree.SubElement(info, f"{DS}KeyValue")


def _manifest(root: Element) -> None:
    etree.SubElement(etree.SubElement(sign_of(root), f"{DS}Object"), f"{DS}Manifest")


CHANGED: dict[str, tuple[Callable[[Element], None], Reason]] = {
    "no signature": (_deleted(f"{DS}Signature"), reasons.VIHF_MALFORMED),
    "an empty value": (_text(f"{DS}SignatureValue", ""), reasons.VIHF_MALFORMED),
    "a value that is not base64": (_text(f"{DS}SignatureValue", "é"), reasons.VIHF_MALFORMED),
    "another value": (_text(f"{DS}SignatureValue", base64.b64encode(bytes(64)).decode()), reasons.VIHF_SIGNATURE),
    "a short value": (_text(f"{DS}SignatureValue", "AAAA"), reasons.VIHF_SIGNATURE),
    "another digest": (_text(f"{DS}DigestValue", base64.b64encode(bytes(32)).decode()), reasons.VIHF_SIGNATURE),
    "no digest": (_deleted(f"{DS}DigestValue"), reasons.VIHF_MALFORMED),
    "two references": (_twice(f"{DS}Reference"), reasons.VIHF_MALFORMED),
    "two signatures": (_twice(f"{DS}Signature"), reasons.VIHF_MALFORMED),
    "an object": (_manifest, reasons.VIHF_MALFORMED),
    "a key beside the certificate": (_key_beside, reasons.VIHF_MALFORMED),
    "no certificate": (_deleted(f"{DS}X509Certificate"), reasons.VIHF_MALFORMED),
    "another subject": (_text(f"{SAML}NameID", "899700999999"), reasons.VIHF_SIGNATURE),
    "another ID": (_attribute("", "ID", "_other"), reasons.VIHF_MALFORMED),
    "an ID that is none": (_attribute("", "ID", "1 2"), reasons.VIHF_MALFORMED),
    "an attribute more": (_attribute("", "Id", "x"), reasons.VIHF_SIGNATURE),
    "the whole document": (_attribute(f"{DS}Reference", "URI", ""), reasons.VIHF_MALFORMED),
    "an outside reference": (_attribute(f"{DS}Reference", "URI", "http://canary.invalid/"), reasons.VIHF_MALFORMED),
}


@pytest.mark.parametrize("name", CHANGED)
def test_an_assertion_changed_after_it_was_signed_is_refused(name: str) -> None:
    change, reason = CHANGED[name]
    assert _refused(attest(WORDS, CARD, change)) is reason


def test_a_comment_changes_nothing_of_what_is_read() -> None:
    """Canonical forms leave comments out, so a signature survives one: it must not split the value (XML-09)."""

    def change(root: Element) -> None:
        name = root.find(f".//{SAML}NameID")
        assert name is not None and name.text
        comment = etree.Comment("x")
        name.text, comment.tail = name.text[:4], name.text[4:]
        name.insert(0, comment)

    header = attest(WORDS, CARD, change)
    found = signature.content(signature.signed(header), CARD.certificate.public_key())
    assert found.findtext(f"{SAML}Subject/{SAML}NameID") == PERSON


def test_a_header_without_assertion_is_told_so() -> None:
    assert _refused(security(envelope())) is reasons.VIHF_MISSING


@pytest.mark.parametrize("name", ["foreign", "self-signed", "of another structure"])
def test_the_key_is_that_of_the_certificate_that_was_judged_and_no_other(name: str) -> None:
    """The certificate beside the signature names the key; whether it is trusted is judged before (test_saml_trust)."""
    other = {"foreign": foreign(), "self-signed": made(subject(PERSON)), "of another structure": structure()}
    header = security(envelope(signed(text_of(WORDS), other[name])))
    assert _refused(header) is reasons.VIHF_SIGNATURE


def _hand_signed(
    *,
    c14n: str = signature.EXCLUSIVE,
    method: str = signature.ECDSA_SHA256,
    transforms: tuple[str, ...] = (signature.ENVELOPED, signature.EXCLUSIVE),
    digest: str = signature.DIGEST_SHA256,
    second: bool = False,
    inclusive: str = "",
    more: str = "",
) -> Element:
    """An assertion whose signature is right, by a SignedInfo that a signer of ours would never make."""
    root = etree.fromstring(text_of(WORDS).encode())
    unsigned = bare(root)
    prefixes = inclusive.split() or None
    content = etree.tostring(unsigned, method="c14n", exclusive=True, inclusive_ns_prefixes=prefixes)
    value = base64.b64encode(hashlib.sha256(content).digest()).decode()
    kept = f'<ec:InclusiveNamespaces xmlns:ec="{signature.EXCLUSIVE}" PrefixList="{inclusive}"/>' if inclusive else more
    used = "".join(
        f'<ds:Transform Algorithm="{one}">{kept if one == signature.EXCLUSIVE else ""}</ds:Transform>'
        for one in transforms
    )
    reference = (
        f'<ds:Reference URI="#{WORDS.id}"><ds:Transforms>{used}</ds:Transforms><ds:DigestMethod Algorithm="{digest}"/>'
        f"<ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"
    )
    info = (
        f'<ds:SignedInfo xmlns:ds="{DS[1:-1]}"><ds:CanonicalizationMethod Algorithm="{c14n}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/>{reference * (2 if second else 1)}</ds:SignedInfo>'
    )
    canonical = etree.tostring(etree.fromstring(info), method="c14n", exclusive=True)
    assert isinstance(CARD.key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(CARD.key.sign(canonical, ec.ECDSA(SHA256())))
    raw = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
    certificate = base64.b64encode(CARD.der).decode()
    sign = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS[1:-1]}">{info}<ds:SignatureValue>{raw}</ds:SignatureValue><ds:KeyInfo>'
        f"<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
    root.replace(sign_of(root), sign)
    return root


def test_a_signature_made_by_hand_verifies() -> None:
    """So that the refusals below are of the method, and of nothing else."""
    for inclusive in ("", "xs", "xs xsi"):
        header = security(envelope(_hand_signed(inclusive=inclusive)))
        assert signature.content(signature.signed(header), CARD.certificate.public_key()).get("ID") == WORDS.id


def test_a_prefix_kept_from_the_envelope_is_found_there() -> None:
    """PrefixList names a prefix that the envelope declares, as signers that sign in place have it."""
    whole = etree.tostring(_hand_signed(inclusive="xs")).decode()
    declared = ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    assert whole.count(declared) == 1
    message = envelope(whole.replace(declared, "")).replace(b"<s:Envelope", f"<s:Envelope{declared}".encode(), 1)
    said = signature.signed(security(message))
    assert signature.content(said, CARD.certificate.public_key()).get("ID") == WORDS.id


_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
ODD: dict[str, tuple[dict[str, object], Reason]] = {
    "SHA-1": ({"method": f"{_MORE}ecdsa-sha1"}, reasons.VIHF_ALGORITHM),
    "RSA and SHA-1": ({"method": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}, reasons.VIHF_ALGORITHM),
    "RSA and MD5": ({"method": f"{_MORE}rsa-md5"}, reasons.VIHF_ALGORITHM),
    "HMAC": ({"method": "http://www.w3.org/2000/09/xmldsig#hmac-sha1"}, reasons.VIHF_ALGORITHM),
    "HMAC-SHA256": ({"method": f"{_MORE}hmac-sha256"}, reasons.VIHF_ALGORITHM),
    "RSA said of a curve": ({"method": signature.RSA_SHA256}, reasons.VIHF_SIGNATURE),
    "no method": ({"method": ""}, reasons.VIHF_ALGORITHM),
    "a digest of SHA-1": ({"digest": "http://www.w3.org/2000/09/xmldsig#sha1"}, reasons.VIHF_ALGORITHM),
    "with comments": ({"c14n": f"{signature.EXCLUSIVE}WithComments"}, reasons.VIHF_ALGORITHM),
    "inclusive": ({"c14n": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"}, reasons.VIHF_ALGORITHM),
    "unknown": ({"c14n": "urn:none"}, reasons.VIHF_ALGORITHM),
    "transform with comments": (
        {"transforms": (signature.ENVELOPED, f"{signature.EXCLUSIVE}WithComments")},
        reasons.VIHF_ALGORITHM,
    ),
    "XSLT": (
        {"transforms": (signature.ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116", signature.EXCLUSIVE)},
        reasons.VIHF_ALGORITHM,
    ),
    "XPath": (
        {"transforms": ("http://www.w3.org/TR/1999/REC-xpath-19991116", signature.EXCLUSIVE)},
        reasons.VIHF_ALGORITHM,
    ),
    "no enveloped": ({"transforms": (signature.EXCLUSIVE,)}, reasons.VIHF_ALGORITHM),
    "no transform": ({"transforms": ()}, reasons.VIHF_ALGORITHM),
    "the other order": ({"transforms": (signature.EXCLUSIVE, signature.ENVELOPED)}, reasons.VIHF_ALGORITHM),
    "two references": ({"second": True}, reasons.VIHF_MALFORMED),
    "a list of many prefixes": ({"inclusive": " ".join(f"p{number}" for number in range(20))}, reasons.VIHF_MALFORMED),
    "something in a transform": ({"more": "<x/>"}, reasons.VIHF_MALFORMED),
}


@pytest.mark.parametrize("name", ODD)
def test_a_right_signature_by_another_method_is_refused(name: str) -> None:
    said, reason = ODD[name]
    assert _refused(security(envelope(_hand_signed(**said)))) is reason  # type: ignore[arg-type]


def test_what_another_signer_can_be_told_to_do_is_refused() -> None:
    text = text_of(WORDS)
    key = rsa.generate_private_key(65537, 2048)
    strong = made(subject(PERSON), issuer=authority(), key=key)
    cases = (
        signed(text, CARD, method=SignatureMethod.ECDSA_SHA512),
        signed(text, CARD, digest=DigestAlgorithm.SHA512),
        signed(text, CARD, c14n=CanonicalizationMethod.CANONICAL_XML_1_1),
        signed(text, strong, method=SignatureMethod.SHA256_RSA_MGF1),
    )
    for one in cases:
        assert _refused(security(envelope(one))) is reasons.VIHF_ALGORITHM


def test_a_weak_key_is_no_key() -> None:
    card = made(subject(PERSON), issuer=authority(), key=rsa.generate_private_key(65537, 1024))
    header = security(envelope(signed(text_of(WORDS), card, method=SignatureMethod.RSA_SHA256)))
    assert _refused(header, card.certificate.public_key()) is reasons.VIHF_SIGNATURE


@pytest.mark.parametrize(
    "beside",
    ["<x/>" * 900, f"<x>{'a' * 200_000}</x>", "<x>" * 40 + "</x>" * 40, f'<x a="{"b" * 3_000}"/>'],
    ids=["elements", "bytes", "depth", "attribute"],
)
def test_an_assertion_is_bounded(beside: str) -> None:
    whole = etree.tostring(genuine()).decode().replace("</saml:Subject>", f"{beside}</saml:Subject>")
    assert _refused(security(envelope(whole))) is reasons.VIHF_MALFORMED


def test_what_is_accepted_another_verifier_accepts_and_reads_alike() -> None:
    for one in (genuine(), _hand_signed(inclusive="xs")):
        said = signature.signed(security(envelope(one)))
        ours = signature.content(said, CARD.certificate.public_key())
        methods = SignatureConfiguration(signature_methods=[SignatureMethod.ECDSA_SHA256], location="./")
        theirs = XMLVerifier().verify(etree.tostring(one), x509_cert=CARD.certificate, expect_config=methods)
        assert isinstance(theirs, VerifyResult) and theirs.signed_xml is not None
        assert etree.tostring(ours, method="c14n") == etree.tostring(theirs.signed_xml, method="c14n")


MESSAGE = envelope(genuine())
SIGNED = signature.signed(security(MESSAGE)).content


@settings(max_examples=80, deadline=None)
@given(
    at=st.integers(0, len(MESSAGE) - 1),
    cut=st.integers(0, 12),
    put=st.sampled_from(
        [b"", b" ", b"a", b"A", b"9", b"<!---->", b"<x/>", b"&#13;", b'"', b"=", b"\xc3\xa9", b"<![CDATA[]]>"]
    ),
)
def test_however_a_message_is_changed_what_is_read_is_what_was_signed(at: int, cut: int, put: bytes) -> None:
    root = parse_xml(MESSAGE[:at] + put + MESSAGE[at + cut :]).root
    header = root.find(f".//{WSSE}Security") if root is not None else None
    if header is None:
        return
    try:
        said = signature.signed(header)
        found = signature.content(said, CARD.certificate.public_key())
    except Refused as refused:
        assert refused.reason in reasons.FAULTS
        return
    assert etree.tostring(found, method="c14n") == SIGNED
