"""XML signatures of lots, as software with a card makes them; written without the code that checks them."""

import base64
import hashlib
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from attesting import Card

SHA256_URI = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1_URI = "http://www.w3.org/2000/09/xmldsig#sha1"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_XADES = "http://uri.etsi.org/01903/v1.3.2#"


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _reference(uri: str, digest: bytes, method: str = SHA256_URI) -> str:
    return (
        f'<ds:Reference URI="{uri}"><ds:DigestMethod Algorithm="{method}"></ds:DigestMethod>'
        f"<ds:DigestValue>{_b64(digest)}</ds:DigestValue></ds:Reference>"
    )


def _c14n(text: str) -> bytes:
    return etree.tostring(etree.fromstring(text), method="c14n")


def lot_signature(
    contents: Mapping[str, bytes],
    card: Card,
    *,
    set_id: str = "",
    sha1: bool = False,
    method: str = ECDSA,
    bare: bool = False,
) -> bytes:
    """An enveloping XAdES signature: a Manifest of the documents by uniqueId, and the properties that were signed;
    `bare`: these alone are."""
    hashed, uri = (hashlib.sha1, SHA1_URI) if sha1 else (hashlib.sha256, SHA256_URI)
    rows = [_reference(set_id, b"\0")] if set_id else []
    rows += [_reference(name, hashed(data).digest(), uri) for name, data in contents.items()]
    manifest = f'<ds:Manifest xmlns:ds="{_DS}" Id="IHEManifest">{"".join(rows)}</ds:Manifest>'
    said = "<xad:SignedSignatureProperties><xad:SigningTime>2026-03-04T09:30:00Z</xad:SigningTime>"
    properties = (
        f'<xad:SignedProperties xmlns:xad="{_XADES}" xmlns:ds="{_DS}" Id="Properties">{said}'
        "</xad:SignedSignatureProperties></xad:SignedProperties>"
    )
    signed = [("#Properties", properties)] if bare else [("#IHEManifest", manifest), ("#Properties", properties)]
    references = "".join(_reference(name, hashlib.sha256(_c14n(text)).digest()) for name, text in signed)
    info = (
        f'<ds:SignedInfo xmlns:ds="{_DS}"><ds:CanonicalizationMethod Algorithm="{C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>{references}</ds:SignedInfo>'
    )
    assert isinstance(card.key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(card.key.sign(_c14n(info), ec.ECDSA(SHA256())))
    value = _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ds:Signature xmlns:ds="{_DS}" Id="Signature">{info}'
        f"<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{_b64(card.der)}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        f'<ds:Object><xad:QualifyingProperties xmlns:xad="{_XADES}" Target="#Signature">{properties}'
        f"</xad:QualifyingProperties></ds:Object><ds:Object>{manifest}</ds:Object></ds:Signature>"
    ).encode()
