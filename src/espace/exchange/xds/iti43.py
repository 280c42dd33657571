"""ITI-43 « Retrieve Document Set »: the bytes of documents of the patient whom the assertion is about, as attachments.

A document of anybody else, one that does not show and one that is nowhere are answered alike.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from django.conf import settings

from espace.exchange.callers import Caller, Opening
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.errors import error_of
from espace.exchange.xds.stated import opened
from espace.kernel.reasons import decisions
from espace.kernel.reasons import querying as reasons
from espace.kernel.words import ActorKind, Problem, Purpose, Refused, RefusedProblems, Verb
from espace.record import queries as record
from espace.record.facts import Content
from espace.wire.ebxml import retrieval
from espace.wire.ebxml.retrieval import Retrieved, Wanted
from espace.wire.fhir.outcome import problems_of
from espace.wire.xds import PatientStatement

OPENINGS = {ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.DOWNLOAD, "")}
MAX_BYTES = 64 * 1024 * 1024
"""Of several documents in one answer; one alone is never too large, having been filed."""
_ANY = "application/octet-stream"


def retrieve(asked: Asked, caller: Caller) -> Work:
    wanted = retrieval.read(asked.body)
    here = [one for one in wanted if one.repository == settings.ESPACE_REPOSITORY_OID]
    elsewhere = [
        Problem(reasons.REPOSITORY_UNKNOWN, f"{one.place}/RepositoryUniqueId") for one in wanted if one not in here
    ]
    if not here:
        raise RefusedProblems(tuple(elsewhere))
    return partial(_retrieve, here, elsewhere, asked.patient, caller)


def _retrieve(
    here: Sequence[Wanted], elsewhere: Sequence[Problem], stated: PatientStatement | None, caller: Caller
) -> Answer:
    """What of it there is. Where that is nothing, it is refused inside the block: the line then says so."""
    with opened(caller, stated, {}, place="") as grant:
        read = record.contents_named(grant, [one.unique_id for one in here], most=MAX_BYTES)
        problems = (*_missing(here, read), *elsewhere)
        if not any(read.values()):
            raise RefusedProblems(problems)
    found = [(one.unique_id, content) for one in here if (content := read.get(one.unique_id))]
    parts = {f"document{number}@espace": content.data for number, (_, content) in enumerate(found, 1)}
    told = [
        Retrieved(name, content.document.entry.mime_type or _ANY, part)
        for part, (name, content) in zip(parts, found, strict=True)
    ]
    errors = [error_of(one, registry=False) for one in problems]
    return Answer(retrieval.response(settings.ESPACE_REPOSITORY_OID, told, errors), parts)


def _missing(here: Sequence[Wanted], read: Mapping[str, Content | None]) -> list[Problem]:
    return [
        Problem(
            decisions.CONTENT_UNAVAILABLE if one.unique_id in read else decisions.DOCUMENT_UNKNOWN,
            f"{one.place}/DocumentUniqueId",
        )
        for one in here
        if read.get(one.unique_id) is None
    ]


def refused(refusal: Refused) -> bytes:
    """How a refusal is said in the body."""
    errors = [error_of(one, registry=False) for one in problems_of(refusal)]
    return retrieval.response(settings.ESPACE_REPOSITORY_OID, (), errors)
