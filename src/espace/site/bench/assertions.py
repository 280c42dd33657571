"""Assertions (VIHF) as the load generator signs them, one for each request: each serves once.

The text is in its canonical form already (Exclusive XML Canonicalization 1.0), so that signing is a digest and a
signature: the generator takes as little of the machine as it can.
"""

import base64
import hashlib
import time
from functools import cache
from uuid import uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

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
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod>'
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
    info = _INFO % (name, digest)
    numbers = decode_dss_signature(_key(one.key).sign(info.encode(), ec.ECDSA(SHA256())))
    value = base64.b64encode(b"".join(number.to_bytes(_HALF, "big") for number in numbers)).decode()
    return head + (_SIGNATURE % (info, value, one.certificate)).encode() + rest


def _filled(text: bytes, values: dict[bytes, str]) -> bytes:
    for mark, value in values.items():
        text = text.replace(mark, value.encode())
    return text


def _utc(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


@cache
def _key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    found = load_pem_private_key(pem, None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError("the keys of a bench are on P-256")
    return found
