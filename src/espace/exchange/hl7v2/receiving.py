"""From the bytes of a message to the work that it asks for, whoever sent it and whichever way it came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings

from espace import edge
from espace.exchange.callers import Caller, Opening
from espace.exchange.depositing import PARIS, read_cda
from espace.exchange.hl7v2 import acting, wishing
from espace.exchange.openings import CHANGING, DELETING, FILING, MAILING
from espace.kernel.words import ActorKind, Refused, RefusedProblems
from espace.wire import hl7v2
from espace.wire.cda import CdaDocument
from espace.wire.fhir.outcome import problems_of
from espace.wire.hl7v2 import Act, Header, Received, Result, Taking, Transmission
from espace.wire.xds import Attached

CHANNEL = "hl7v2"
Openings = Mapping[ActorKind, Opening]
Calls = Callable[[Openings], Caller]
"""Who calls, with the opening that their kind has of these. Raises Refused where they have none."""


@dataclass(frozen=True, slots=True)
class _Doing:
    """How an act is done, and the opening that it takes."""

    do: Callable[[Caller, acting.Asked], tuple[Result, ...]]
    openings: Openings


OPENINGS = FILING
"""Who may call at all, and file; what else the token must cover follows from what the message asks."""
_ACTS: Mapping[Act, _Doing] = {
    Act.FILE: _Doing(acting.file, OPENINGS),
    Act.REPLACE: _Doing(acting.replace_, OPENINGS),
    Act.DELETE: _Doing(acting.delete, DELETING),
    Act.RELABEL: _Doing(acting.relabel, CHANGING),
}
_MAIL = _Doing(acting.send, MAILING)
"""Whatever is asked of a document that the record is not to have: mail says so, and nothing else is done."""


def read(data: bytes) -> Received:
    """Training and debugging (MSH-11) are for those who have nobody's identity but invented ones."""
    processing = frozenset("PTD" if settings.ESPACE_TEST_IDENTITIES else "P")
    return hl7v2.read(data, Taking(zone=PARIS, max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES, processing=processing))


def work(received: Received, calls: Calls) -> Callable[[], tuple[Result, ...]]:
    """What remains to be done, which may be run again. Every problem of the message and of its documents is told at
    once. Raises Refused, as the work does."""
    transmission, wish = received.transmission, received.wish
    if wish is not None:
        stating = calls(wishing.OPENINGS)
        return lambda: wishing.state(stating, wish)
    if transmission is None:
        raise RefusedProblems(received.problems)
    doing = _ACTS[transmission.act] if transmission.routes.record else _MAIL
    asked, who = _asked(transmission), calls(doing.openings)
    return lambda: doing.do(who, asked)


def _asked(transmission: Transmission) -> acting.Asked:
    """What is asked, with the documents read. Raises RefusedProblems."""
    results = [read_cda(Attached(one.place, "text/xml", one.content)) for one in transmission.documents]
    headers = [header for header, _ in results if header]
    problems = [problem for _, found in results for problem in found]
    if problems:
        raise RefusedProblems(tuple(problems))
    return _with_documents(transmission, headers)


def _with_documents(transmission: Transmission, headers: list[CdaDocument]) -> acting.Asked:
    documents, problems = hl7v2.documents_of(transmission, headers)
    if problems:
        raise RefusedProblems(problems)
    at, unique_id = edge.now(), f"urn:uuid:{edge.new_id()}"
    return acting.Asked(transmission, hl7v2.submission_of(transmission, documents, unique_id=unique_id, at=at), headers)


def accepted(header: Header, results: tuple[Result, ...]) -> bytes:
    return hl7v2.accepted(header, results, at=edge.now().astimezone(PARIS), control_id=new_control_id())


def refused(header: Header, refusal: Refused, *, english: bool = False) -> bytes:
    return hl7v2.refused(
        header,
        problems_of(refusal),
        at=edge.now().astimezone(PARIS),
        control_id=new_control_id(),
        english=english,
    )


def new_control_id() -> str:
    """MSH-10 has twenty characters in HL7 v2.5: enough of a fresh id to tell messages apart."""
    return edge.new_id().hex[-20:]
