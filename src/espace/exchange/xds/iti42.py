"""ITI-42 « Register Document Set-b »: what an organisation keeps in its own repository, known here by its metadata."""

from functools import partial

from espace.exchange.callers import Caller
from espace.exchange.depositing import opened
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.attested import require_about
from espace.exchange.xds.errors import error_of
from espace.identity.facts import Ins
from espace.identity.rules import one_ins
from espace.kernel.words import RefusedProblems
from espace.record import actions as record
from espace.wire.ebxml.provide import Provided, read_register
from espace.wire.ebxml.responses import SUCCESS, WARNING, registry_response
from espace.wire.xds import Submission


def register(asked: Asked, caller: Caller) -> Work:
    """Read the request; every problem of it is told at once."""
    said = read_register(asked.body)
    if said.problems or said.submission is None:
        raise RefusedProblems(said.problems)
    ins = one_ins(said.submission.patients)
    if isinstance(ins, Ins):
        require_about(asked.patient, ins.number)
    return partial(_file, caller, said.submission, said)


def _file(caller: Caller, submission: Submission, said: Provided) -> Answer:
    with opened(caller, submission) as grant:
        record.submit(grant, submission=submission, headers=[None] * len(submission.documents))
    told = [error_of(one, registry=True, severity=WARNING) for one in said.warnings]
    return Answer(registry_response(SUCCESS, told))
