"""ITI-41 « Provide and Register Document Set-b »: the same deposit as ITI-65's, said in ebXML."""

from collections.abc import Sequence
from functools import partial

from django.conf import settings

from espace import edge
from espace.exchange.callers import Caller
from espace.exchange.depositing import opened, read_header, with_headers
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.attested import require_about
from espace.exchange.xds.errors import error_of
from espace.exchange.xds.trusting import trust
from espace.identity.facts import Ins
from espace.identity.rules import one_ins
from espace.kernel.reasons.signing import LOT_SIGNATURE_UNCHECKED
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.record import actions as record
from espace.wire.ebxml.provide import read
from espace.wire.ebxml.responses import SUCCESS, WARNING, registry_response
from espace.wire.headers import Header
from espace.wire.lot_signature import Lot, bare, check
from espace.wire.xds import NewDocument, Submission


def provide(asked: Asked, caller: Caller) -> Work:
    """Read the request and what its contents say; every problem of both is told at once."""
    provided = read(asked.body, asked.parts, max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES)
    results = [read_header(attached) for attached in provided.attached]
    problems = (*provided.problems, *(problem for _, found in results for problem in found))
    if problems or provided.submission is None:
        raise RefusedProblems(problems)
    warnings = (*provided.warnings, *_unchecked(provided.submission))
    headers = [header for header, _ in results]
    submission = with_headers(provided.submission, headers, provided.attached)
    ins = one_ins(submission.patients)
    if isinstance(ins, Ins):
        require_about(asked.patient, ins.number)
    return partial(_file, caller, submission, headers, warnings)


def _unchecked(submission: Submission) -> Sequence[Problem]:
    """The signatures of the lot that were not checked, for an answer that succeeds. Raises RefusedProblems where one of
    those that were is wrong: nothing of a lot is filed under a signature of something else."""
    found = [problem for one in submission.documents if one.signs for problem in _checked(one, submission)]
    if any(one.reason is not LOT_SIGNATURE_UNCHECKED for one in found):
        raise RefusedProblems(tuple(found))
    return found


def _checked(signature: NewDocument, submission: Submission) -> Sequence[Problem]:
    contents = {bare(one.entry.unique_id): one.content for one in submission.documents if not one.signs}
    lot = Lot(contents, {bare(one) for one in signature.signs}, bare(submission.unique_id))
    try:
        other = check(signature.content, lot, trust(), edge.now())
    except Refused as refused:
        return (Problem(refused.reason, signature.entry.place, refused.detail),)
    return (Problem(LOT_SIGNATURE_UNCHECKED, signature.entry.place, other),) if other else ()


def _file(
    caller: Caller, submission: Submission, headers: Sequence[Header | None], warnings: Sequence[Problem]
) -> Answer:
    with opened(caller, submission) as grant:
        record.submit(grant, submission=submission, headers=headers)
    told = [error_of(one, registry=False, severity=WARNING) for one in warnings]
    return Answer(registry_response(SUCCESS, told))
