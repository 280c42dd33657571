"""Changing and deleting what one deposited: PATCH and DELETE of a DocumentReference (PDSm 3.1.1, flux 03; ITI-57).

A document that does not exist, that is somebody else's, or whose space is not open, is told of alike.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from espace.exchange.callers import Caller
from espace.exchange.fhir.search import entry_id
from espace.exchange.fhir.versions import check_unchanged, full_answer
from espace.exchange.http import Request, Response, Work
from espace.kernel.reasons import care, decisions
from espace.kernel.words import Grant, Refused, RefusedProblems
from espace.record import actions, queries
from espace.record.facts import Amendable, Change
from espace.wire.fhir.patching import MAX_BYTES, PATCH_TYPES, read_patch, wanted
from espace.wire.fhir.patching_tree import Operation


def patch(request: Request, caller: Caller) -> Work:
    """200 with the document as its depositor knows it, or without a body where a minimal answer is preferred."""
    found = entry_id(request)
    operations, problems = read_patch(request.body(MAX_BYTES, PATCH_TYPES), request.content_type, request.id)
    if problems:
        raise RefusedProblems(problems)
    return partial(_patch, found, operations, request, caller)


def _patch(document_id: UUID, operations: tuple[Operation, ...], request: Request, caller: Caller) -> Response:
    def change(now: Amendable) -> Change:
        asked, problems = wanted(operations, now)
        if asked is None:
            raise RefusedProblems(problems)
        return Change(asked.archived, asked.deleted, asked.visibility)

    return full_answer(_amended(document_id, change, request, caller), request)


def delete(request: Request, caller: Caller) -> Work:
    """204, again and again: what is deleted stays so."""
    return partial(_delete, entry_id(request), request, caller)


def _delete(document_id: UUID, request: Request, caller: Caller) -> Response:
    _amended(document_id, lambda now: Change(deleted=True), request, caller)
    return Response(b"", status=204)


def _amended(document_id: UUID, change: Callable[[Amendable], Change], request: Request, caller: Caller) -> Amendable:
    """The document once changed, if it is still what `If-Match` says."""
    with _opened(document_id, caller) as grant:
        now = queries.amendable(grant, document_id)
        check_unchanged(now, request)
        return actions.amend(grant, document_id, change(now))


@contextmanager
def _opened(document_id: UUID, caller: Caller) -> Iterator[Grant]:
    try:
        with caller.open_about(document_id) as grant:
            yield grant
    except Refused as refusal:
        if refusal.reason is care.NOT_THE_AUTHOR:
            raise Refused(decisions.DOCUMENT_UNKNOWN) from refusal
        raise
