"""The messages of files, read as the doors read what comes to them: what is wrong with each, all of it at once."""

import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from espace import edge
from espace.exchange.xds.errors import error_of
from espace.identity.facts import Ins
from espace.identity.rules import ins_problem, one_ins, qualification_problem
from espace.kernel.reasons import soap
from espace.kernel.values import replace
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.record.rules import problems as filing_problems
from espace.site.conform.making import ebxml
from espace.wire import cda, hl7v2, kos
from espace.wire.dmp import addressing, authorising, listing
from espace.wire.ebxml import provide, queries, retrieval, update
from espace.wire.fhir import provide_bundle, simplified
from espace.wire.fhir.documents import Reading
from espace.wire.headers import Header
from espace.wire.hl7v2 import Act, Taking
from espace.wire.hl7v2.framing import BEGINS, ENDS
from espace.wire.hl7v3 import existence
from espace.wire.saml import vihf
from espace.wire.saml.signature import DS, SAML
from espace.wire.soap import envelope, mtom
from espace.wire.xds import Attached, PatientStatement, Submission
from espace.wire.xml import Element, parse_xml

Read = Callable[[bytes], Iterable[Problem]]
MOST_BYTES = 50 * 1024 * 1024
_PARIS = ZoneInfo("Europe/Paris")
"""Where a time without an offset is local."""
_READING = Reading(zone=_PARIS, base="", max_bytes=MOST_BYTES)
_HEAD = re.compile(rb"\r?\n\r?\n")
_REQUEST_LINE = re.compile(r"[A-Z]{3,7} \S+ HTTP/\d(\.\d)?", re.ASCII)


def _header(attached: Attached) -> tuple[Header | None, list[Problem]]:
    """What a content says of itself, and what is wrong with it; neither for what has no header."""
    if not attached.data or attached.signature:
        return None, []
    if attached.mime_type == kos.MEDIA_TYPE:
        images = kos.read(bytes(attached.data))
        return images.document, _placed(images.problems, attached.place)
    if attached.mime_type in cda.CDA_TYPES:
        said = cda.parse(bytes(attached.data), zone=_PARIS)
        return said.document, _placed(said.problems, attached.place)
    return None, []


def _placed(problems: Iterable[Problem], place: str) -> list[Problem]:
    return [replace(one, place=f"{place} {one.place}".strip()) for one in problems]


def _submitted(
    problems: Sequence[Problem], submission: Submission | None, attached: Sequence[Attached]
) -> Iterator[Problem]:
    """Of a deposit: what its metadata and its contents have wrong, then what they have together."""
    read = [_header(one) for one in attached]
    found = [*problems, *(problem for _, wrong in read for problem in wrong)]
    yield from found
    if submission is not None and not found:
        yield from _together(submission, [header for header, _ in read], attached)


def _together(
    submission: Submission, headers: Sequence[Header | None], attached: Sequence[Attached]
) -> Iterator[Problem]:
    """The rules of filing and of identity, but for what the platform alone knows: whose source this is, which kinds of
    documents its sender may deposit, whether the patient is of age."""
    sources = {submission.source_id, *(one.entry.custodian_id for one in submission.documents)}
    yield from filing_problems(submission, headers, sends_as=sources, adult=False, at=edge.now())
    inside = [
        replace(header.patient, place=f"{content.place} {header.patient.place}")
        for header, content in zip(headers, attached, strict=True)
        if header
    ]
    stated = [said for one in submission.documents for said in one.patients]
    yield from _identity([*submission.patients, *stated, *inside])


def _identity(statements: Sequence[PatientStatement]) -> Iterator[Problem]:
    """What the statements of identity say together: one INS, of the right form, qualified."""
    ins = one_ins(statements)
    if isinstance(ins, Problem):
        yield ins
        return
    if wrong := ins_problem(Ins(ins.number, ins.authority), test_identities=True):
        yield Problem(wrong, next(one.place for one in statements if one.has_ins))
    if unqualified := qualification_problem(statements):
        yield unqualified


# --- FHIR ---------------------------------------------------------------------------------------------------


def fhir(data: bytes) -> Iterator[Problem]:
    """A bundle (ITI-65) or one document (ITI-105)."""
    if _kind(data) == "DocumentReference":
        yield from _published(data)
        return
    provided = provide_bundle.parse(data, _READING)
    yield from _submitted(provided.problems, provided.submission, provided.attached)


def _published(data: bytes) -> Iterator[Problem]:
    published = simplified.read_published(data, _READING)
    header, faults = _header(published.attached)
    if faults:
        yield from (*published.problems, *faults)
        return
    whole = header if isinstance(header, cda.CdaDocument) else None
    document, problems = simplified.completed(published, whole, _READING)
    yield from problems
    if document is not None:
        made = simplified.submission_of(document, unique_id="urn:uuid:0", source_id="", at=edge.now())
        yield from _together(made, [header], [published.attached])


def _kind(data: bytes) -> str:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("resourceType")) if isinstance(found, dict) else ""


# --- SOAP ---------------------------------------------------------------------------------------------------


def xml(data: bytes) -> Iterator[Problem]:
    """A SOAP message without attachments, or a CDA."""
    tree = parse_xml(data)
    yield from tree.problems
    if tree.root is None:
        return
    if tree.root.tag == "{urn:hl7-org:v3}ClinicalDocument":
        yield from cda.parse(data, zone=_PARIS).problems
    else:
        yield from _message(tree.root, {})


def mime(data: bytes) -> Iterator[Problem]:
    """The headers of a request (its first line may be there), a blank line, a multipart/related body."""
    found = _HEAD.search(data[:65_536])
    if found is None:
        yield Problem(soap.MULTIPART_MALFORMED, "", "no blank line after the headers")
        return
    try:
        kind = mtom.media_type(_content_type(data[: found.start()]))
        package = mtom.unpack(kind, data[found.end() :])
    except Refused as refused:
        yield Problem(refused.reason, refused.place, refused.detail)
        return
    tree = parse_xml(package.root)
    yield from tree.problems
    if tree.root is not None:
        yield from _message(tree.root, package.parts)


def _content_type(head: bytes) -> str:
    rows = re.sub(r"\r?\n[ \t]+", " ", head.decode("latin-1")).splitlines()
    if rows and _REQUEST_LINE.fullmatch(rows[0]):
        rows = rows[1:]
    said = (row.partition(":") for row in rows)
    return next((value.strip() for name, _, value in said if name.lower() == "content-type"), "")


def _message(root: Element, parts: Mapping[str, memoryview]) -> Iterator[Problem]:
    try:
        said = envelope.read(root)
    except Refused as refused:
        yield Problem(refused.reason, refused.place, refused.detail)
        return
    yield from _attested(said.security)
    reader = _reader(said)
    if reader is None:
        yield Problem(soap.ACTION_UNKNOWN, "Envelope/Header/Action")
    elif parts and reader is not _provided:
        yield Problem(soap.PART_UNKNOWN, "Envelope/Body", "this transaction takes no part")
    else:
        yield from reader(said.body, parts)


def _attested(security: Element | None) -> Iterator[Problem]:
    """The form of the assertion; neither its signature nor its times, which were of the day of the message."""
    found = None if security is None else next(iter(security.findall(f"{SAML}Assertion")), None)
    if found is None:
        return
    bare = copy.deepcopy(found)
    for one in bare.findall(f"{DS}Signature"):
        bare.remove(one)
    try:
        vihf.read(bare)
    except Refused as refused:
        yield Problem(refused.reason, refused.place, refused.detail)


def _provided(body: Element, parts: Mapping[str, memoryview]) -> Iterator[Problem]:
    said = provide.read(body, parts, max_bytes=MOST_BYTES)
    for one in _submitted(said.problems, said.submission, said.attached):
        yield replace(one, place=error_of(one, registry=False).location)


def _raised(read: Callable[[Element], object]) -> "_Body":
    """A reader that raises what is wrong."""

    def reader(body: Element, _: Mapping[str, memoryview]) -> Iterator[Problem]:
        try:
            read(body)
        except RefusedProblems as refused:
            yield from refused.problems
        except Refused as refused:
            yield Problem(refused.reason, refused.place, refused.detail)

    return reader


def _updated(body: Element, _: Mapping[str, memoryview]) -> Iterator[Problem]:
    yield from update.read(body).problems


def _registered(body: Element, _: Mapping[str, memoryview]) -> Iterator[Problem]:
    said = provide.read_register(body)
    yield from said.problems
    if said.submission is not None:
        stated = [who for one in said.submission.documents for who in one.patients]
        yield from _identity([*said.submission.patients, *stated])


_Body = Callable[[Element, Mapping[str, memoryview]], Iterator[Problem]]
_TRANSACTIONS: Mapping[str, tuple[str, _Body]] = {
    ebxml.PROVIDE: (provide.REQUEST, _provided),
    "urn:ihe:iti:2007:RegisterDocumentSet-b": (provide.REGISTER, _registered),
    ebxml.QUERY: (queries.REQUEST, _raised(queries.read)),
    ebxml.RETRIEVE: (retrieval.REQUEST, _raised(retrieval.read)),
    ebxml.UPDATE: (update.REQUEST, _updated),
}
"""By action: the element of the body, and its reader."""
_NATIONAL: Mapping[str, _Body] = {
    existence.REQUEST: _raised(existence.read),
    authorising.REQUEST: _raised(authorising.read),
    listing.REQUEST: _raised(listing.read),
    addressing.REQUEST: _raised(addressing.read),
}
"""TD0.2, TD0.3, TD0.4, TD0.9, by the element of the body."""


def _reader(said: envelope.Envelope) -> _Body | None:
    tag = str(said.body.tag)
    expected, reader = _TRANSACTIONS.get(said.action, ("", None))
    return reader if tag == expected else _NATIONAL.get(tag)


# --- HL7 v2 -------------------------------------------------------------------------------------------------


def er7(data: bytes) -> Iterator[Problem]:
    """One message, with or without its MLLP frame."""
    bare = data.removeprefix(BEGINS).removesuffix(ENDS)
    received = hl7v2.read(bare, Taking(zone=_PARIS, max_bytes=MOST_BYTES, processing=frozenset("PTD")))
    yield from received.problems
    said = received.transmission
    if said is None:
        return
    attached = [Attached(one.place, "text/xml", one.content) for one in said.documents]
    read = [_header(one) for one in attached]
    if faults := [problem for _, wrong in read for problem in wrong]:
        yield from faults
        return
    headers = [header for header, _ in read if isinstance(header, cda.CdaDocument)]
    documents, problems = hl7v2.documents_of(said, headers)
    yield from problems
    if documents and not problems and said.act in (Act.FILE, Act.REPLACE):
        made = hl7v2.submission_of(said, documents, unique_id="urn:uuid:0", at=edge.now())
        yield from _together(made, headers, attached)


READERS: Mapping[str, Read] = {".json": fhir, ".xml": xml, ".mime": mime, ".hl7": er7}
"""By the end of a file's name."""
