"""A test authority, its certificates and signed assertions: what software with cards would send.

The signer is signxml, which the platform does not use: a second opinion on every assertion that is accepted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from espace.kernel.values import replace
from espace.wire.saml.certificates import Trust
from espace.wire.xml import Element, parse_xml

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
AUDIENCE = "https://sante.example.org/xds"
PERSON = "899700123456"
STRUCTURE = "1440000012"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
CONFIDENTIALITY = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"


@dataclass(frozen=True)
class Card:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def name(self) -> str:
        return self.certificate.subject.rfc4514_string()


def subject(cn: str, *, units: tuple[str, ...] = (), organisation: str = "ESPACE TEST") -> x509.Name:
    said = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, organisation)]
    said += [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in (*said, (NameOID.COMMON_NAME, cn))])


def usage(*said: str) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in said for name in names})


def made(
    name: x509.Name,
    *,
    issuer: Card | None = None,
    key: Key | None = None,
    begins: datetime = NOW - timedelta(days=10),
    ends: datetime = datetime(2099, 1, 1, tzinfo=UTC),
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = ((usage("digital_signature"), True),),
    hashed: HashAlgorithm | None = None,
) -> Card:
    """A certificate of an issuer, or its own."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Card(builder.sign(issuer.key if issuer else own, hashed or SHA256()), own)


AUTHORITY = ((x509.BasicConstraints(ca=True, path_length=0), True), (usage("key_cert_sign", "crl_sign"), True))
CLIENT = (
    (usage("digital_signature"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
)


@cache
def authority() -> Card:
    return made(subject("AC de test"), extensions=AUTHORITY)


@cache
def foreign() -> Card:
    """Another authority, of the same name."""
    return made(subject("AC de test"), extensions=AUTHORITY)


def person(number: str = PERSON, *, issuer: Card | None = None) -> Card:
    return made(subject(number), issuer=issuer or authority(), extensions=CLIENT)


def structure(number: str = STRUCTURE, *, issuer: Card | None = None) -> Card:
    return made(subject("logiciel.example.org", units=(number,)), issuer=issuer or authority(), extensions=CLIENT)


def trust() -> Trust:
    return Trust((authority().certificate,))


@dataclass(frozen=True)
class Words:
    """What an assertion says, in text; None leaves an attribute or an element out."""

    id: str = "_a1b2c3"
    issuer: str = ""
    subject: str = PERSON
    issued: str = "2026-03-04T09:29:55Z"
    begins: str | None = "2026-03-04T09:29:55Z"
    ends: str | None = "2026-03-04T09:34:55Z"
    audience: str | None = AUDIENCE
    confirmation: str = '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/>'
    version: str = "4.0"
    mode: str = "DIRECTE"
    place: str = STRUCTURE
    role: str = "10"
    ground: str = "normal"
    patient: str = "279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH"
    more: dict[str, str] = field(default_factory=dict)
    before: str = ""
    """Written between the conditions and the statements."""


def _attribute(name: str, value: str) -> str:
    return (
        f'<saml:Attribute Name="{name}"><saml:AttributeValue xsi:type="xs:string">{value}</saml:AttributeValue>'
        "</saml:Attribute>"
    )


def _hl7(name: str, element: str, code: str, system: str) -> str:
    inside = f'<{element} xmlns="urn:hl7-org:v3" xsi:type="CE" code="{code}" codeSystem="{system}" displayName="x"/>'
    return f'<saml:Attribute Name="{name}"><saml:AttributeValue>{inside}</saml:AttributeValue></saml:Attribute>'


def text_of(words: Words) -> str:
    """The assertion, with a place for its signature."""
    ground = _hl7(PURPOSE, "PurposeOfUse", words.ground, "1.2.250.1.213.1.1.4.248")
    role = _hl7(ROLE, "Role", words.role, "1.2.250.1.71.1.2.7")
    said = {
        "VIHF_Version": words.version,
        "Identifiant_Structure": words.place,
        "Secteur_Activite": "SA07^1.2.250.1.71.4.2.4",
        "urn:oasis:names:tc:xspa:1.0:subject:subject-id": "ANNE MOREL",
        "Authentification_Mode": words.mode,
        "urn:oasis:names:tc:xacml:2.0:resource:resource-id": escape(words.patient),
        "Ressource_URN": "urn:dmp",
        "LPS_Nom": "Cabinet",
        "LPS_Version": "12.1",
        **words.more,
    }
    attributes = "".join(_attribute(name, value) for name, value in said.items() if value)
    conditions = "".join(
        f' {name}="{value}"' for name, value in (("NotBefore", words.begins), ("NotOnOrAfter", words.ends)) if value
    )
    audience = f"<saml:Audience>{words.audience}</saml:Audience>" if words.audience else ""
    return (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' ID="{words.id}" IssueInstant="{words.issued}" Version="2.0">'
        '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">'
        f"{escape(words.issuer)}</saml:Issuer>"
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"/>'
        f"<saml:Subject><saml:NameID>{words.subject}</saml:NameID>{words.confirmation}</saml:Subject>"
        f"<saml:Conditions{conditions}><saml:AudienceRestriction>{audience}</saml:AudienceRestriction></saml:Conditions>"
        f"{words.before}"
        '<saml:AuthnStatement AuthnInstant="2026-03-04T09:20:00Z"><saml:AuthnContext><saml:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI</saml:AuthnContextClassRef></saml:AuthnContext>"
        f"</saml:AuthnStatement><saml:AttributeStatement>{role}{ground}{attributes}</saml:AttributeStatement>"
        "</saml:Assertion>"
    )


def signed(
    text: str,
    card: Card,
    *,
    method: SignatureMethod = SignatureMethod.ECDSA_SHA256,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
    c14n: CanonicalizationMethod = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
) -> Element:
    """The assertion with its signature in place."""
    signer = XMLSigner(signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=c14n)
    root = etree.fromstring(text.encode())
    made_ = signer.sign(root, key=card.key, cert=[card.certificate], reference_uri=root.get("ID"))
    assert isinstance(made_, etree._Element)
    return made_


def envelope(*assertions: Element | str, beside: str = "", body: str = "<q/>", tail: str = "") -> bytes:
    """A whole message, its header with these assertions."""
    inside = "".join(one if isinstance(one, str) else etree.tostring(one).decode() for one in assertions)
    space = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>'
        f'<wsse:Security xmlns:wsse="{space}" s:mustUnderstand="1">{inside}{beside}</wsse:Security>{tail}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def security(message: bytes) -> Element:
    """The header of a message, read as the door reads it."""
    root = parse_xml(message).root
    assert root is not None
    found = root.find(f".//{WSSE}Security")
    assert found is not None
    return found


def attest(words: Words, card: Card, change: Callable[[Element], None] | None = None) -> Element:
    """The security header of a message whose assertion this card signs, changed after it was signed."""
    issued = words if words.issuer else replace(words, issuer=card.name)
    assertion = signed(text_of(issued), card)
    if change:
        change(assertion)
    return security(envelope(assertion))
