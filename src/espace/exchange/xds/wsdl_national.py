"""The schemas of the national requests, for the WSDL: the frame of the HL7 v3 messages, and the whole of the others."""

from collections.abc import Collection, Mapping

from espace.wire.dmp import addressing, authorising, listing
from espace.wire.dmp.addressing import Shown
from espace.wire.dmp.authorising import Access, Act, Consent, Role
from espace.wire.dmp.fields import NAMESPACE
from espace.wire.dmp.listing import Order
from espace.wire.hl7v3.existence import ANSWERED, ASKED, V3

PREFIXES = {"v3": V3, "dmp": NAMESPACE}

_ANY = '<xs:any minOccurs="0" maxOccurs="unbounded" namespace="##any" processContents="lax"/>'
_ID = (
    '<xs:complexType name="Id"><xs:attribute name="root" type="xs:string" use="required"/>'
    '<xs:attribute name="extension" type="xs:string" use="required"/></xs:complexType>'
)
_ERROR = (
    '<xs:complexType name="Error"><xs:simpleContent><xs:extension base="xs:string">'
    '<xs:attribute name="code" type="xs:string" use="required"/><xs:attribute name="place" type="xs:string"/>'
    "</xs:extension></xs:simpleContent></xs:complexType>"
)
_PATIENT = '<xs:element name="patientId" type="dmp:Id"/>'


def _message(name: str) -> str:
    return (
        f'<xs:element name="{name}"><xs:complexType><xs:sequence>{_ANY}</xs:sequence>'
        '<xs:attribute name="ITSVersion" type="xs:string"/></xs:complexType></xs:element>'
    )


def _words(name: str, words: Collection[str], *, needed: bool = False) -> str:
    listed = "".join(f'<xs:enumeration value="{word}"/>' for word in words)
    return (
        f'<xs:element name="{name}" minOccurs="{int(needed)}"><xs:simpleType><xs:restriction base="xs:string">'
        f"{listed}</xs:restriction></xs:simpleType></xs:element>"
    )


def _plain(name: str, kind: str) -> str:
    return f'<xs:element name="{name}" type="xs:{kind}" minOccurs="0"/>'


def _pair(name: str, asked: str, answered: str) -> str:
    """A request and its answer, which says OK and what was asked, or ERREUR and why not."""
    status = _words("status", ("OK", "ERREUR"), needed=True)
    errors = '<xs:element name="error" type="dmp:Error" minOccurs="0" maxOccurs="unbounded"/>'
    bodies = {name: asked, f"{name}Response": f"{status}{answered}{errors}"}
    return "".join(
        f'<xs:element name="{one}"><xs:complexType><xs:sequence>{body}</xs:sequence></xs:complexType></xs:element>'
        for one, body in bodies.items()
    )


_OWN = (
    f'<xs:element name="patient" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>{_PATIENT}'
    f"{''.join(_plain(name, 'string') for name in ('nom', 'prenom', 'sexe'))}{_plain('naissance', 'date')}"
    f"{''.join(_plain(name, 'dateTime') for name in ('depuis', 'fin', 'dernierDocument'))}"
    "</xs:sequence></xs:complexType></xs:element>"
)

SCHEMAS: Mapping[str, str] = {
    V3: _message(ASKED) + _message(ANSWERED),
    NAMESPACE: _ID
    + _ERROR
    + _pair(
        authorising.NAME,
        _PATIENT
        + _words("action", tuple(Act), needed=True)
        + _words("role", tuple(Role))
        + _words("consentement", tuple(Consent))
        + _plain("fin", "dateTime"),
        _words("autorisation", tuple(Access)) + _plain("fin", "dateTime"),
    )
    + _pair(
        listing.NAME,
        _words("tri", tuple(Order)) + _plain("nombre", "positiveInteger") + _plain("debut", "positiveInteger"),
        _OWN + _plain("suite", "positiveInteger") + _plain("arret", "string"),
    )
    + _pair(
        addressing.NAME,
        _PATIENT + _words("page", tuple(Shown)),
        _plain("adresse", "anyURI") + _plain("fin", "dateTime"),
    ),
}
