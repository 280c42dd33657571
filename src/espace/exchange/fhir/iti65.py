"""ITI-65 « Provide Document Bundle »: POST of a transaction to the base of the FHIR door."""

from collections.abc import Sequence
from functools import partial

from django.conf import settings

from espace.exchange.callers import Caller
from espace.exchange.depositing import opened, read_header, with_headers
from espace.exchange.fhir.reading import reading
from espace.exchange.http import JSON_TYPES, Request, Response, Work
from espace.exchange.xds.lots import unchecked
from espace.kernel.words import RefusedProblems
from espace.record import actions as record
from espace.wire.fhir.answers import encode, transaction_response
from espace.wire.fhir.provide_bundle import Provided, parse
from espace.wire.headers import Header
from espace.wire.xds import Submission


def provide(request: Request, caller: Caller) -> Work:
    """Read the bundle and what its contents say; every problem of both is told at once. A signature of the lot that is
    wrong refuses it; one of a form that is not checked is filed, and the answer has no place to say so."""
    provided = parse(request.body(settings.ESPACE_MAX_REQUEST_BYTES, JSON_TYPES), reading())
    results = [read_header(attached) for attached in provided.attached]
    problems = (*provided.problems, *(problem for _, found in results for problem in found))
    if problems or provided.submission is None:
        raise RefusedProblems(problems)
    unchecked(provided.submission)
    headers = [header for header, _ in results]
    submission = with_headers(provided.submission, headers, provided.attached)
    return partial(_file, caller, submission, headers, provided)


def _file(
    caller: Caller, submission: Submission, headers: Sequence[Header | None], provided: Provided
) -> Response:
    with opened(caller, submission) as grant:
        filed = record.submit(grant, submission=submission, headers=headers, unless=provided.unless)
    answer = transaction_response(
        provided.parts,
        sent=submission,
        submission=filed.submission,
        documents=filed.documents,
        repeated=filed.repeated,
        folders=filed.folders,
    )
    return Response(encode(answer))
