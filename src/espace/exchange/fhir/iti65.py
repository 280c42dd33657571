"""ITI-65 « Provide Document Bundle »: POST of a transaction to the base of the FHIR door."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from espace.exchange.callers import Caller, fhir_base
from espace.exchange.http import JSON_TYPES, Request, Response, Work
from espace.identity import queries as identity
from espace.kernel.words import Problem, RefusedProblems
from espace.record import actions as record
from espace.wire import cda
from espace.wire.fhir.answers import encode, transaction_response
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.provide_bundle import Attached, Part, parse
from espace.wire.xds import NewDocument, Submission
from espace.wire.xml import XmlLimits

PARIS = ZoneInfo("Europe/Paris")
"""Where a CDA time or a FHIR date without an offset is local."""


def provide(request: Request, caller: Caller) -> Work:
    """Read the bundle and the CDA documents in it; every problem of both is told at once."""
    reading = Reading(zone=PARIS, base=fhir_base(), max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES)
    provided = parse(request.body(settings.ESPACE_MAX_REQUEST_BYTES, JSON_TYPES), reading)
    results = [_read_cda(attached) for attached in provided.attached]
    problems = (*provided.problems, *(problem for _, found in results for problem in found))
    if problems or provided.submission is None:
        raise RefusedProblems(problems)
    headers = [header for header, _ in results]
    submission = _with_headers(provided.submission, headers, provided.attached)
    return partial(_file, caller, submission, headers, provided.parts)


def _read_cda(attached: Attached) -> tuple[cda.CdaDocument | None, Sequence[Problem]]:
    if attached.mime_type not in cda.CDA_TYPES or not attached.data:
        return None, ()
    limits = XmlLimits(max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES, max_depth=settings.ESPACE_MAX_XML_DEPTH)
    result = cda.parse(attached.data, zone=PARIS, limits=limits)
    return result.document, [_placed(problem, attached.place) for problem in result.problems]


def _placed(problem: Problem, place: str) -> Problem:
    """The place in the document after the place of the document: FHIRPath, then XPath or line."""
    return replace(problem, place=f"{place} {problem.place}".strip())


def _with_headers(
    submission: Submission, headers: Sequence[cda.CdaDocument | None], attached: Sequence[Attached]
) -> Submission:
    """The patients that the CDA headers name join those of the metadata: all must be the same person."""
    documents = tuple(
        _with_patient(document, header, content.place) if header else document
        for document, header, content in zip(submission.documents, headers, attached, strict=True)
    )
    return replace(submission, documents=documents)


def _with_patient(document: NewDocument, header: cda.CdaDocument, place: str) -> NewDocument:
    stated = replace(header.patient, place=f"{place} {header.patient.place}")
    return replace(document, patients=(*document.patients, stated))


def _file(
    caller: Caller, submission: Submission, headers: Sequence[cda.CdaDocument | None], parts: Sequence[Part]
) -> Response:
    statements = (*submission.patients, *(said for document in submission.documents for said in document.patients))
    patient = identity.resolve(statements, test_identities=settings.ESPACE_TEST_IDENTITIES)
    hidden_from = frozenset(one for document in submission.documents for one in document.entry.visibility)
    with caller.open(patient, hidden_from=hidden_from) as grant:
        filed = record.submit(grant, submission=submission, headers=headers)
    answer = transaction_response(
        parts, sent=submission, submission=filed.submission, documents=filed.documents, repeated=filed.repeated
    )
    return Response(encode(answer))
