"""The requests by SOAP of a measurement: what a trusted proxy passes on from software with a client certificate."""

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from espace import edge
from espace.exchange.xds import transactions
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.site import certifying
from espace.site.bench.assertions import Signing, shown, vihf
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
_INCLUDE = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:document%40bench"/>'
_FIRST = ' isOpaque="false">'
"""Where the first object of a message has its slots."""
_APPROVED = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"


def deposits(residents: Sequence[Resident]) -> list[Card]:
    """ITI-41 of the same documents as ITI-65, in parts (MTOM), by the hospital's software."""
    connection, signing = _hospital()
    return [_deposit(one, connection, signing) for one in residents]


def _hospital() -> tuple[Path, Signing]:
    """Its certificate of connection, and what its software signs."""
    number = f"1{HOSPITAL.finess}"
    connection, signature = certifying.structure(_authority(), number, at=edge.now())
    return connection, _signing(signature, subject=number, mode="INDIRECTE", place=number)


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
    submission = said_of(one, content)
    digest = base64.b64decode(submission.documents[0].entry.hash or "").hex()
    marks = {digest: HEX, _SET_UUID.removeprefix("urn:uuid:"): SET, NUMBER: ID}
    message = _envelope(transactions.PROVIDE.action, _marked(_providing(one, submission, _INCLUDE), marks))
    return _in_parts(message, RAW, card, signing, content.split(NUMBER.encode()))


def large_deposit(one: Resident, submission: Submission, *, inline: bool) -> Card:
    """A submission of one document as it is, in parts or with its content in the message: once, for nothing of it is
    new each time. The message says who the patient is, for the content may be no CDA."""
    card, signing = _hospital()
    content = submission.documents[0].content
    inside = base64.b64encode(content).decode() if inline else _INCLUDE
    said = _providing(one, submission, inside).replace(_FIRST, _FIRST + _traits(one), 1)
    message = _envelope(transactions.PROVIDE.action, said)
    if inline:
        return _card("/xds/repository", _PLAIN, message, card, signing, [])
    return _in_parts(message, bytes(content), card, signing, [])


def _traits(one: Resident) -> str:
    who = one.person.patient
    names = f"{who.birth_name}^{who.given_names[0]}^{' '.join(who.given_names)}^^^^L"
    said = (f"PID-5|{names}", f"PID-7|{who.birth_date:%Y%m%d}", f"PID-8|{who.sex}")
    values = "".join(f"<Value>{escape(value)}</Value>" for value in said)
    return f'<Slot name="sourcePatientInfo"><ValueList>{values}</ValueList></Slot>'


def _in_parts(message: bytes, data: bytes, card: Path, signing: Signing, document: list[bytes]) -> Card:
    rows = ('Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"', "Content-ID: <root@bench>")
    parts = [
        _part(rows, message),
        _part(("Content-Type: application/octet-stream", "Content-ID: <document@bench>"), data),
        f"--{_BOUNDARY}--\r\n".encode(),
    ]
    return _card("/xds/repository", _PARTS, b"".join(parts), card, signing, document)


def _part(rows: Sequence[str], data: bytes) -> bytes:
    head = "\r\n".join((f"--{_BOUNDARY}", *rows, "Content-Transfer-Encoding: binary", "", ""))
    return head.encode() + data + b"\r\n"


def said_of(one: Resident, content: bytes, **stated: object) -> Submission:
    """A set of one document, as the header of the CDA of `document_of` describes it, or as `stated` says."""
    _, described = document_of(one.person, DOCUMENT_BYTES)
    header = parse(described, zone=ZONE).document
    if header is None:
        raise ValueError("a document of the bench is no CDA")
    entry = entry_of(header, content, stated=stated, usual=USUAL)
    return Submission(_SET_UUID, HOSPITAL.source_id, edge.now(), (NewDocument(entry, content),), title=entry.title,
                      author=entry.authors[0], content_type=replace(USUAL["practice_setting"], code="07"),
                      patients=(header.patient,))  # fmt: skip


def _providing(one: Resident, submission: Submission, inside: str) -> str:
    """The set and the entry, which the writer of answers writes as a sender would; `inside` is in its Document."""
    shared = writing.whose(one.person.patient.ins, one.person.patient.authority, "")
    first, second, document = edge.new_id(), edge.new_id(), submission.documents[0]
    objects = writing.object_list(
        (
            writing.document_entry(writing.Known(first, document.entry, "Approved", len(document.content)), shared),
            writing.submission_set(writing.KnownSet(second, submission, edge.now()), shared),
            writing.association(writing.membership(second, first)),
        )
    )
    return (
        f'<ProvideAndRegisterDocumentSetRequest xmlns="{XDSB}"><l:SubmitObjectsRequest xmlns:l="{LCM}">{objects}'
        f'</l:SubmitObjectsRequest><Document id="{writing.urn(first)}">{inside}</Document>'
        "</ProvideAndRegisterDocumentSetRequest>"
    )


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
    certificate = base64.b64encode(shown(card).public_bytes(Encoding.DER)).decode()
    made = Card([], document, _SUCCESS, signing)
    length = sum(map(len, made.filled(cut(body))))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Client-Cert: {certificate}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )
    return Card(cut(head.encode() + body), document, _SUCCESS, signing)


def _signing(path: Path, *, subject: str, mode: str, place: str, patient: str = "") -> Signing:
    audience = f"{settings.ESPACE_PUBLIC_URL}/xds"
    return vihf(path, path.with_suffix(".key"), subject=subject, mode=mode, place=place, audience=audience,
                patient=patient)  # fmt: skip
