"""ITI-41 « Provide and Register Document Set-b »: the same deposit as ITI-65's, said in ebXML."""

from collections.abc import Sequence
from functools import partial

from django.conf import settings

from espace.exchange.callers import Caller
from espace.exchange.depositing import opened, read_header, with_headers
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.attested import require_about
from espace.exchange.xds.errors import error_of
from espace.exchange.xds.lots import unchecked
from espace.identity.facts import Ins
from espace.identity.rules import one_ins
from espace.kernel.words import Problem, RefusedProblems
from espace.record import actions as record
from espace.wire.ebxml.provide import read
from espace.wire.ebxml.responses import SUCCESS, WARNING, registry_response
from espace.wire.headers import Header
from espace.wire.xds import Submission


def provide(asked: Asked, caller: Caller) -> Work:
    """Read the request and what its contents say; every problem of both is told at once."""
    provided = read(asked.body, asked.parts, max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES)
    results = [read_header(attached) for attached in provided.attached]
    problems = (*provided.problems, *(problem for _, found in results for problem in found))
    if problems or provided.submission is None:
        raise RefusedProblems(problems)
    warnings = (*provided.warnings, *unchecked(provided.submission))
    headers = [header for header, _ in results]
    submission = with_headers(provided.submission, headers, provided.attached)
    ins = one_ins(submission.patients)
    if isinstance(ins, Ins):
        require_about(asked.patient, ins.number)
    return partial(_file, caller, submission, headers, warnings)


def _file(
    caller: Caller, submission: Submission, headers: Sequence[Header | None], warnings: Sequence[Problem]
) -> Answer:
    with opened(caller, submission) as grant:
        record.submit(grant, submission=submission, headers=headers)
    told = [error_of(one, registry=False, severity=WARNING) for one in warnings]
    return Answer(registry_response(SUCCESS, told))
