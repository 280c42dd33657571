"""ITI-105 « Simplified Publish »: POST of one DocumentReference, its content inside; `If-None-Exist` is obeyed."""

from collections.abc import Collection
from functools import partial

from django.conf import settings

from espace import edge
from espace.exchange.callers import Caller, fhir_base
from espace.exchange.depositing import opened, read_header, with_headers
from espace.exchange.fhir.reading import reading
from espace.exchange.fhir.versions import full_answer
from espace.exchange.http import JSON_TYPES, Request, Response, Work
from espace.kernel.words import RefusedProblems
from espace.record import actions, queries
from espace.wire.cda import CdaDocument
from espace.wire.fhir.conditions import if_none_exist
from espace.wire.fhir.simplified import completed, read_published, submission_of
from espace.wire.headers import Header
from espace.wire.report import Report
from espace.wire.xds import Submission


def publish(request: Request, caller: Caller) -> Work:
    """Read the document and the content in it; every problem of both is told at once."""
    unless = _condition(request)
    published = read_published(request.body(settings.ESPACE_MAX_REQUEST_BYTES, JSON_TYPES), reading())
    header, faults = read_header(published.attached)
    if faults:
        raise RefusedProblems((*published.problems, *faults))
    document, problems = completed(published, header if isinstance(header, CdaDocument) else None, reading())
    if problems or document is None:
        raise RefusedProblems(problems)
    at, unique_id = edge.now(), f"urn:uuid:{edge.new_id()}"
    submission = submission_of(document, unique_id=unique_id, source_id="", at=at)
    whole = with_headers(submission, [header], [published.attached])
    return partial(_file, request, caller, whole, header, unless)


def _condition(request: Request) -> frozenset[str]:
    said, report = request.header("If-None-Exist"), Report()
    found = if_none_exist(said, "http.if-none-exist", report) if said else frozenset()
    if report.problems:
        raise RefusedProblems(tuple(report.problems))
    return found


def _file(
    request: Request, caller: Caller, submission: Submission, header: Header | None, unless: Collection[str]
) -> Response:
    """201 with the address of the document; 200 where it was there already (R4, http.html#create)."""
    with opened(caller, submission) as grant:
        filed = actions.submit(grant, submission=submission, headers=[header], unless=[unless])
        known = queries.amendable(grant, filed.documents[0])
    location = ("Location", f"{fhir_base()}/DocumentReference/{known.id}")
    return full_answer(known, request, status=200 if filed.repeated[0] else 201, headers=(location,))
