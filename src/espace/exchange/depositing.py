"""What every way of depositing through the doors for machines has in common: what contents say, the patient."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings

from espace.access.facts import BY_ID, Found
from espace.exchange.callers import Caller
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.identity.rules import one_ins
from espace.kernel.values import replace
from espace.kernel.words import Grant, Problem
from espace.wire import cda, kos
from espace.wire.headers import Header
from espace.wire.xds import Attached, NewDocument, Submission
from espace.wire.xml import XmlLimits

PARIS = ZoneInfo("Europe/Paris")
"""Where a CDA time or a FHIR date without an offset is local."""


def read_header(attached: Attached) -> tuple[Header | None, Sequence[Problem]]:
    """What a content says of itself, a CDA or a manifest of images, or every problem of it; neither for a content of
    another type."""
    return _read_kos(attached) if attached.mime_type == kos.MEDIA_TYPE else read_cda(attached)


def _read_kos(attached: Attached) -> tuple[kos.KeyObjects | None, Sequence[Problem]]:
    if not attached.data:
        return None, ()
    result = kos.read(bytes(attached.data))
    return result.document, [_placed(problem, attached.place) for problem in result.problems]


def read_cda(attached: Attached) -> tuple[cda.CdaDocument | None, Sequence[Problem]]:
    """The header of a CDA, or every problem of it; neither for a content of another type."""
    if attached.signature or attached.mime_type not in cda.CDA_TYPES or not attached.data:
        return None, ()
    limits = XmlLimits(max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES, max_depth=settings.ESPACE_MAX_XML_DEPTH)
    result = cda.parse(bytes(attached.data), zone=PARIS, limits=limits)
    return result.document, [_placed(problem, attached.place) for problem in result.problems]


def _placed(problem: Problem, place: str) -> Problem:
    """The place in the document after the place of the document: FHIRPath or XPath, then XPath, line or DICOM tag."""
    return replace(problem, place=f"{place} {problem.place}".strip())


def with_headers(
    submission: Submission, headers: Sequence[Header | None], attached: Sequence[Attached]
) -> Submission:
    """The patients that the contents name join those of the metadata: all must be the same person."""
    documents = tuple(
        _with_patient(document, header, content.place) if header else document
        for document, header, content in zip(submission.documents, headers, attached, strict=True)
    )
    return replace(submission, documents=documents)


def _with_patient(document: NewDocument, header: Header, place: str) -> NewDocument:
    stated = replace(header.patient, place=f"{place} {header.patient.place}")
    return replace(document, patients=(*document.patients, stated))


@contextmanager
def opened(caller: Caller, submission: Submission) -> Iterator[Grant]:
    """The record of the patient that everything in the submission names. Raises Refused."""
    statements = (*submission.patients, *(said for document in submission.documents for said in document.patients))
    patient = identity.resolve(statements, test_identities=settings.ESPACE_TEST_IDENTITIES)
    hidden_from = frozenset(one for document in submission.documents for one in document.entry.visibility)
    ins = one_ins(statements)
    found = Found(ins=ins.number) if isinstance(ins, Ins) else BY_ID
    with caller.open(patient, hidden_from=hidden_from, found=found) as grant:
        yield grant
