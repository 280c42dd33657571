"""The requests by SOAP of a measurement: what a trusted proxy passes on from software with a client certificate."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from espace import edge
from espace.exchange.xds import transactions
from espace.identity.facts import Professional
from espace.site import certifying
from espace.site.bench.assertions import FROM, NAME, UNTIL, Signing
from espace.site.bench.facts import DOCUMENT_BYTES
from espace.site.bench.load import HEX, ID, RAW, SET, SIGNED, Card, cut
from espace.site.bench.people import NUMBER, Resident, document_of
from espace.site.bench.professionals import carers
from espace.site.demo.professionals import organisation_of
from espace.site.demo.structures import HOSPITAL, PRACTICE
from espace.site.feeding import USUAL, ZONE
from espace.wire.cda import parse
from espace.wire.ebxml import writing
from espace.wire.ebxml.schemes import LCM, QUERY, RIM, XDSB, StoredQuery
from espace.wire.entries import entry_of
from espace.wire.xds import NewDocument, Submission

_SUCCESS = b"ResponseStatusType:Success"
_PLAIN = "application/soap+xml; charset=utf-8"
_BOUNDARY = "bench-boundary"
_PARTS = (
    f'multipart/related; boundary="{_BOUNDARY}"; type="application/xop+xml"; start="<root@bench>"; '
    'start-info="application/soap+xml"'
)
_SET_UUID = "urn:uuid:00000000-0000-4000-8000-000000000000"
_APPROVED = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"


def deposits(residents: Sequence[Resident]) -> list[Card]:
    """ITI-41 of the same documents as ITI-65, in parts (MTOM), by the hospital's software."""
    number = f"1{HOSPITAL.finess}"
    connection, signature = certifying.structure(_authority(), number, at=edge.now())
    signing = _signing(signature, subject=number, mode="INDIRECTE", place=number)
    return [_deposit(one, connection, signing) for one in residents]


def searches(residents: Sequence[Resident]) -> list[Card]:
    """ITI-18: the current documents of somebody who consented, as objects, asked for by the doctor with their card."""
    return [_asked("/xds/registry", transactions.STORED_QUERY.action, _finding(who), card, signing)
            for who, card, signing in _consulting(residents)]  # fmt: skip


def readings(residents: Sequence[Resident]) -> list[Card]:
    """ITI-43: one document of everybody, then another one of everybody."""
    asked = list(_consulting(residents))
    most = max(len(one.names) for one in residents)
    return [
        _asked("/xds/repository", transactions.RETRIEVE.action, _retrieving(who.names[rank]), card, signing)
        for rank in range(most)
        for who, card, signing in asked
        if rank < len(who.names)
    ]


def _authority() -> certifying.Authority:
    return certifying.authority(Path(settings.ESPACE_AUTHORITIES).parent, at=edge.now())


def _consulting(residents: Sequence[Resident]) -> Iterator[tuple[Resident, Path, Signing]]:
    """Everybody with the card of the doctor to whom they consented, and what that doctor's software signs."""
    by, held = _authority(), dict[str, Path]()
    for one, doctor in carers(residents):
        number = doctor.national_id
        card = held.get(number) or certifying.person(by, number, at=edge.now())[0]
        held[number] = card
        yield one, card, _signing(card, subject=number, mode="DIRECTE", place=_place(doctor), patient=_cx(one))


def _place(doctor: Professional) -> str:
    if doctor.activities[0].organisation != organisation_of(PRACTICE).id:
        raise LookupError("a doctor of the bench acts elsewhere")
    return f"1{PRACTICE.finess}"


def _cx(one: Resident) -> str:
    who = one.person.patient
    return f"{who.ins}^^^&{who.authority}&ISO^NH"


def _deposit(one: Resident, card: Path, signing: Signing) -> Card:
    """The message of a 50 KB document, cut where each deposit has something of its own."""
    _, content = document_of(one.person, DOCUMENT_BYTES)
    message = _envelope(transactions.PROVIDE.action, _providing(one, content))
    rows = ('Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"', "Content-ID: <root@bench>")
    parts = [
        _part(rows, message),
        _part(("Content-Type: application/octet-stream", "Content-ID: <document@bench>"), RAW),
        f"--{_BOUNDARY}--\r\n".encode(),
    ]
    return _card("/xds/repository", _PARTS, b"".join(parts), card, signing, content.split(NUMBER.encode()))


def _part(rows: Sequence[str], data: bytes) -> bytes:
    head = "\r\n".join((f"--{_BOUNDARY}", *rows, "Content-Transfer-Encoding: binary", "", ""))
    return head.encode() + data + b"\r\n"


def _providing(one: Resident, content: bytes) -> str:
    """The set and the entry, which the writer of answers writes as a sender would."""
    header = parse(content, zone=ZONE).document
    if header is None:
        raise ValueError("a document of the bench is no CDA")
    entry, at = entry_of(header, content, usual=USUAL), edge.now()
    said = Submission(_SET_UUID, HOSPITAL.source_id, at, (NewDocument(entry, content),), title=entry.title,
                      author=entry.authors[0], content_type=replace(USUAL["practice_setting"], code="07"))  # fmt: skip
    shared = writing.whose(one.person.patient.ins, one.person.patient.authority, "")
    first, second = edge.new_id(), edge.new_id()
    objects = writing.object_list(
        (
            writing.document_entry(writing.Known(first, entry, "Approved", len(content)), shared),
            writing.submission_set(writing.KnownSet(second, said, at), shared),
            writing.association(writing.membership(second, first)),
        )
    )
    text = (
        f'<ProvideAndRegisterDocumentSetRequest xmlns="{XDSB}"><l:SubmitObjectsRequest xmlns:l="{LCM}">{objects}'
        f'</l:SubmitObjectsRequest><Document id="{writing.urn(first)}">'
        '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:document%40bench"/></Document>'
        "</ProvideAndRegisterDocumentSetRequest>"
    )
    digest = base64.b64decode(entry.hash or "").hex()
    return _marked(text, {digest: HEX, _SET_UUID.removeprefix("urn:uuid:"): SET, NUMBER: ID})


def _marked(text: str, marks: dict[str, bytes]) -> str:
    for value, mark in marks.items():
        text = text.replace(value, mark.decode())
    return text


def _finding(one: Resident) -> str:
    slots = {"$XDSDocumentEntryPatientId": f"'{_cx(one)}'", "$XDSDocumentEntryStatus": _APPROVED}
    said = "".join(
        f'<r:Slot name="{name}"><r:ValueList><r:Value>{escape(value)}</r:Value></r:ValueList></r:Slot>'
        for name, value in slots.items()
    )
    return (
        f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:r="{RIM}"><q:ResponseOption returnComposedObjects="true" '
        f'returnType="LeafClass"/><r:AdhocQuery id="{StoredQuery.FIND_DOCUMENTS}">{said}</r:AdhocQuery>'
        "</q:AdhocQueryRequest>"
    )


def _retrieving(name: str) -> str:
    return (
        f'<RetrieveDocumentSetRequest xmlns="{XDSB}"><DocumentRequest><RepositoryUniqueId>'
        f"{settings.ESPACE_REPOSITORY_OID}</RepositoryUniqueId><DocumentUniqueId>{writing.unique_id(name)}"
        "</DocumentUniqueId></DocumentRequest></RetrieveDocumentSetRequest>"
    )


def _asked(path: str, action: str, body: str, card: Path, signing: Signing) -> Card:
    return _card(path, _PLAIN, _envelope(action, body), card, signing, [])


def _envelope(action: str, body: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">'
        f'<s:Header><a:Action s:mustUnderstand="1">{action}</a:Action>'
        f"<a:MessageID>urn:uuid:{edge.new_id()}</a:MessageID>"
        "<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>"
        f'<a:To s:mustUnderstand="1">{settings.ESPACE_PUBLIC_URL}/xds</a:To>'
        '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"'
        f' s:mustUnderstand="1">{SIGNED.decode()}</w:Security></s:Header><s:Body>{body}</s:Body></s:Envelope>'
    ).encode()


def _card(path: str, kind: str, body: bytes, card: Path, signing: Signing, document: list[bytes]) -> Card:
    certificate = base64.b64encode(_certificate(card).public_bytes(Encoding.DER)).decode()
    made = Card([], document, _SUCCESS, signing)
    length = sum(map(len, made.filled(cut(body))))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Client-Cert: {certificate}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )
    return Card(cut(head.encode() + body), document, _SUCCESS, signing)


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _signing(path: Path, *, subject: str, mode: str, place: str, patient: str = "") -> Signing:
    """A VIHF of this card, in canonical form: no attribute is out of order, no element is closed by itself."""
    certificate = _certificate(path)
    issuer = escape(certificate.subject.rfc4514_string())
    head = (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
        f'ID="{NAME.decode()}" IssueInstant="{FROM.decode()}" Version="2.0"><saml:Issuer>{issuer}</saml:Issuer>'
    )
    said = {
        "VIHF_Version": "4.0",
        "Identifiant_Structure": place,
        "Authentification_Mode": mode,
        "urn:oasis:names:tc:xacml:2.0:subject:role": "10^Médecin^1.2.250.1.71.1.2.7",
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
        f"<saml:Subject><saml:NameID>{subject}</saml:NameID></saml:Subject>"
        f'<saml:Conditions NotBefore="{FROM.decode()}" NotOnOrAfter="{UNTIL.decode()}"><saml:AudienceRestriction>'
        f"<saml:Audience>{settings.ESPACE_PUBLIC_URL}/xds</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{FROM.decode()}"></saml:AuthnStatement>'
        f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
    )
    encoded = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return Signing(head.encode(), rest.encode(), path.with_suffix(".key").read_bytes(), encoded)
