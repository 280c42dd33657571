"""SOAP 1.2 messages around a body: WS-Addressing, the assertion in wsse:Security, MTOM where a document is beside."""

import base64
from datetime import timedelta
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from espace import edge
from espace.site.bench.assertions import FROM, UNTIL, Signing, signed
from espace.site.conform.facts import Door, Request, Who
from espace.site.conform.letters import new_uuid
from espace.site.conform.making.ebxml import CONTENT_ID
from espace.site.conform.staging import Stage

SOAP_TYPE = "application/soap+xml; charset=utf-8"
SOAP_12, SOAP_11 = "http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/"
_BOUNDARY = "MIMEBoundary_conformite"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_MULTIPART = (
    f'multipart/related; boundary="{_BOUNDARY}"; type="application/xop+xml"; start="<root@conformite>"; '
    'start-info="application/soap+xml"'
)
_ROOT = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'


def send(
    stage: Stage,
    door: Door,
    action: str,
    body: str,
    *,
    by: Who = Who.FEEDER,
    assertion: bytes | None = None,
    beside: bytes | None = None,
    space: str = SOAP_12,
    more: str = "",
) -> Request:
    """One message. `assertion` is another than a fresh one of whoever sends, b"" for none; `beside` is a document that
    goes as a part; `more` are further headers."""
    if assertion is None:
        assertion = signed(stage.signing(reader=by is Who.READER))
    text = _envelope(stage, action, body, assertion.decode(), space, more)
    if beside is None:
        return Request(door, "POST", body=text, kind=SOAP_TYPE, by=by)
    parts = (
        _part(_ROOT, "root@conformite", text),
        _part("application/octet-stream", CONTENT_ID, beside),
        f"--{_BOUNDARY}--\r\n".encode(),
    )
    return Request(door, "POST", body=b"".join(parts), kind=_MULTIPART, by=by)


def _envelope(stage: Stage, action: str, body: str, assertion: str, space: str, more: str) -> bytes:
    security = f'<w:Security xmlns:w="{_WSSE}" s:mustUnderstand="1">{assertion}</w:Security>' if assertion else ""
    return (
        f'<s:Envelope xmlns:s="{space}" xmlns:a="http://www.w3.org/2005/08/addressing">'
        f'<s:Header><a:Action s:mustUnderstand="1">{action}</a:Action><a:MessageID>{new_uuid()}</a:MessageID>'
        "<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>"
        f'<a:To s:mustUnderstand="1">{escape(stage.kit.audience)}</a:To>{security}{more}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def _part(kind: str, name: str, data: bytes) -> bytes:
    rows = (f"--{_BOUNDARY}", f"Content-Type: {kind}", "Content-Transfer-Encoding: binary", f"Content-ID: <{name}>")
    return "\r\n".join((*rows, "", "")).encode() + data + b"\r\n"


def expired(one: Signing) -> Signing:
    """The same words, said in 2020."""
    begins, ends = b"2020-01-01T00:00:00Z", b"2020-01-01T00:05:00Z"
    head, rest = (text.replace(FROM, begins).replace(UNTIL, ends) for text in (one.head, one.rest))
    return Signing(head, rest, one.key, one.certificate)



def stranger(one: Signing) -> Signing:
    """The same words signed by a certificate of the same name that nobody vouches for, made for this once."""
    now, key = edge.now(), ec.generate_private_key(ec.SECP256R1())
    name = x509.load_der_x509_certificate(base64.b64decode(one.certificate)).subject
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Signing(one.head, one.rest, private, base64.b64encode(made.public_bytes(Encoding.DER)).decode())


def altered(assertion: bytes, structure: str) -> bytes:
    """An assertion changed after it was signed: it speaks of another structure."""
    return assertion.replace(structure.encode(), f"{structure[:-1]}{(int(structure[-1], 36) + 1) % 10}".encode())


def wrapped(assertion: bytes) -> bytes:
    """Signature wrapping: another assertion in front, the signed one kept inside it, so that the signature still holds
    and a careless reader takes the words of the other."""
    start = assertion.index(b"<ds:Signature")
    end = assertion.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    bare = assertion[:start] + assertion[end:]
    other = bare.replace(b' ID="_', b' ID="_faux', 1)
    opened = other.index(b"<saml:Subject>")
    inside = assertion[start:end].replace(b"</ds:KeyInfo>", b"</ds:KeyInfo><ds:Object>" + bare + b"</ds:Object>")
    return other[:opened] + inside + other[opened:]


