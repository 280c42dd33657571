"""From the bytes of an archive to what it deposits, whoever sent it and whichever way it came."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

from espace.exchange.callers import Caller
from espace.exchange.depositing import opened, read_header, with_headers
from espace.exchange.openings import FILING
from espace.exchange.xds.lots import unchecked
from espace.kernel.words import Problem, RefusedProblems
from espace.record import actions as record
from espace.record.adapters.archives import unpacked
from espace.wire.ebxml.provide import Provided
from espace.wire.headers import Header
from espace.wire.xdm import reading
from espace.wire.xds import Submission
from espace.wire.xml import XmlLimits

CHANNEL = "xdm"
OPENINGS = FILING


@dataclass(frozen=True, slots=True)
class Deposit:
    """One set of an archive, its contents read; `warnings` are for an answer that succeeds."""

    submission: Submission
    headers: Sequence[Header | None] = field(repr=False)
    warnings: Sequence[Problem] = ()


def read(data: bytes) -> tuple[Deposit, ...]:
    """The sets of an archive, which once opened is no larger than a request may be. Every problem of all of them is
    told at once. Raises Refused."""
    files = unpacked(data, folder=reading.FOLDER, most=settings.ESPACE_MAX_REQUEST_BYTES)
    limits = XmlLimits(max_bytes=settings.ESPACE_MAX_REQUEST_BYTES, max_depth=settings.ESPACE_MAX_XML_DEPTH)
    found = reading.read(files, max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES, limits=limits)
    results = [[read_header(attached) for attached in one.attached] for one in found]
    problems = [problem for one in found for problem in one.problems]
    problems += [problem for of_set in results for _, wrong in of_set for problem in wrong]
    if problems:
        raise RefusedProblems(tuple(problems))
    return tuple(
        _deposit(one, one.submission, [header for header, _ in said])
        for one, said in zip(found, results, strict=True)
        if one.submission
    )


def _deposit(provided: Provided, submission: Submission, headers: list[Header | None]) -> Deposit:
    warnings = (*provided.warnings, *unchecked(submission))
    return Deposit(with_headers(submission, headers, provided.attached), headers, warnings)


def file(caller: Caller, deposits: Sequence[Deposit]) -> None:
    """File every set of an archive, all of one patient, or none. Raises Refused."""
    with opened(caller, _whole([one.submission for one in deposits])) as grant:
        for one in deposits:
            record.submit(grant, submission=one.submission, headers=one.headers)


def _whole(submissions: Sequence[Submission]) -> Submission:
    """All that they say of their patient and of who may see them, in one: it is for the opening alone."""
    first, *_ = submissions
    return Submission(
        unique_id="",
        source_id=first.source_id,
        submission_time=first.submission_time,
        documents=tuple(document for one in submissions for document in one.documents),
        patients=tuple(patient for one in submissions for patient in one.patients),
        place=first.place,
    )
