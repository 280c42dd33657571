"""Assertions (VIHF) as the load generator and the conformance kit sign them, one for each request: each serves once.

The text is in its canonical form already (Exclusive XML Canonicalization 1.0), so that signing is a digest and a
signature: the generator takes as little of the machine as it can.
"""

import base64
import hashlib
import time
from functools import cache
from pathlib import Path
from uuid import uuid4
from xml.sax.saxutils import escape

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

NAME, FROM, UNTIL = b"\x00name", b"\x00from", b"\x00until"
"""What takes the place, in a text, of what each assertion has of its own."""
LASTS, EARLIER = 1800, 5
"""Seconds: within the hour that the platform takes, longer than a run; and for a clock that is late."""
_HALF = 32
"""Bytes of each number of a signature on P-256."""
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_INFO = (
    '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
    f'<ds:CanonicalizationMethod Algorithm="{_EXCLUSIVE}"></ds:CanonicalizationMethod>'
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#%s-sha256"></ds:SignatureMethod>'
    '<ds:Reference URI="#%s"><ds:Transforms>'
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'
    f'<ds:Transform Algorithm="{_EXCLUSIVE}"></ds:Transform></ds:Transforms>'
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
    "<ds:DigestValue>%s</ds:DigestValue></ds:Reference></ds:SignedInfo>"
)
_SIGNATURE = (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">%s<ds:SignatureValue>%s</ds:SignatureValue>'
    "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
)


class Signing(msgspec.Struct, frozen=True):
    """An assertion before its signature and after it, both canonical; the key (PEM), and its certificate (base64)."""

    head: bytes
    rest: bytes
    key: bytes
    certificate: str


def signed(one: Signing) -> bytes:
    """An assertion of this moment that nobody used; all of them are as long."""
    name, now = f"_{uuid4().hex}", time.time()
    values = {NAME: name, FROM: _utc(now - EARLIER), UNTIL: _utc(now + LASTS)}
    head, rest = (_filled(text, values) for text in (one.head, one.rest))
    digest = base64.b64encode(hashlib.sha256(head + rest).digest()).decode()
    key = _key(one.key)
    info = _INFO % ("rsa" if isinstance(key, rsa.RSAPrivateKey) else "ecdsa", name, digest)
    value = base64.b64encode(_signature(key, info.encode())).decode()
    return head + (_SIGNATURE % (info, value, one.certificate)).encode() + rest


def _signature(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, info: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(info, padding.PKCS1v15(), SHA256())
    numbers = decode_dss_signature(key.sign(info, ec.ECDSA(SHA256())))
    return b"".join(number.to_bytes(_HALF, "big") for number in numbers)


def _filled(text: bytes, values: dict[bytes, str]) -> bytes:
    for mark, value in values.items():
        text = text.replace(mark, value.encode())
    return text


def _utc(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


@cache
def _key(pem: bytes) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    found = load_pem_private_key(pem, None)
    if isinstance(found, ec.EllipticCurvePrivateKey) and found.key_size == 8 * _HALF:
        return found
    if isinstance(found, rsa.RSAPrivateKey):
        return found
    raise TypeError("a key that signs assertions is of RSA, or on P-256")


def shown(path: Path) -> x509.Certificate:
    """The certificate of a file. Raises OSError, ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def vihf(
    certificate: Path, key: Path, *, subject: str, mode: str, place: str, audience: str, patient: str = "",
    role: str = "10^Médecin^1.2.250.1.71.1.2.7",
) -> Signing:  # fmt: skip
    """A VIHF signed by this card, in canonical form: no attribute is out of order, no element is closed by itself.
    Raises OSError, ValueError."""
    holder = shown(certificate)
    issuer = escape(holder.subject.rfc4514_string())
    head = (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
        f'ID="{NAME.decode()}" IssueInstant="{FROM.decode()}" Version="2.0"><saml:Issuer>{issuer}</saml:Issuer>'
    )
    said = {
        "VIHF_Version": "4.0",
        "Identifiant_Structure": place,
        "Authentification_Mode": mode,
        "urn:oasis:names:tc:xacml:2.0:subject:role": role,
        "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse": "normal^Normal^1.2.250.1.213.1.1.4.248",
        "urn:oasis:names:tc:xacml:2.0:resource:resource-id": patient,
        "Ressource_URN": "urn:dmp",
    }
    attributes = "".join(
        f'<saml:Attribute Name="{name}"><saml:AttributeValue>{escape(value)}</saml:AttributeValue></saml:Attribute>'
        for name, value in said.items()
        if value
    )
    rest = (
        f"<saml:Subject><saml:NameID>{escape(subject)}</saml:NameID></saml:Subject>"
        f'<saml:Conditions NotBefore="{FROM.decode()}" NotOnOrAfter="{UNTIL.decode()}"><saml:AudienceRestriction>'
        f"<saml:Audience>{escape(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{FROM.decode()}"></saml:AuthnStatement>'
        f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
    )
    encoded = base64.b64encode(holder.public_bytes(Encoding.DER)).decode()
    return Signing(head.encode(), rest.encode(), key.read_bytes(), encoded)
