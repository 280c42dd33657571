"""`./espace bench existence`: whether the time of an answer tells what its words do not (product.md, « Existence »).

Pairs of requests that are refused alike, one about something that exists and one about nothing, asked for in turn by
one client. What is told apart in a way that matters differs by more than chance: the spread says what chance is.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from espace import edge
from espace.access import gate
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate
from espace.identity.facts import Ins, Traits
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.record import actions as record
from espace.site.bench.house import House, background, web
from espace.site.bench.load import Client
from espace.site.bench.people import SMALL_BYTES, Resident, invented, settle
from espace.site.demo import tokens
from espace.site.terminal import Failed

SAMPLES = 10_000
WARM_UP = 50
MOST_APART = 5.0
"""Per cent between the medians, that is promised."""
_LIFETIME = timedelta(days=1)
_OPPOSED, _NOBODY = 900, 901
"""Ranks of invented people."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`there` is about something that exists, `nothing` about nothing; both are answered with `status`."""

    name: str
    there: bytes
    nothing: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Timed:
    """Medians in milliseconds, how far they are apart in per cent of the second, and how far two halves of the answers
    about nothing are from each other: what chance does on this machine."""

    name: str
    status: int
    samples: int
    there_ms: float
    nothing_ms: float
    apart: float
    chance: float


def measure(house: House, samples: int, tell: Callable[[str], None]) -> Iterator[Timed]:
    """Every pair, each as soon as it is there. Raises Failed where the two are answered with another status or body
    length: that tells more than any time."""
    tell("Opening spaces and filing documents…")
    pairs = _pairs()
    with ExitStack() as stack:
        stack.enter_context(web(house))
        stack.enter_context(background(house))
        client = Client(house.config.port)
        stack.callback(client.socket.close)
        client.socket.setblocking(True)
        for pair in pairs:
            tell(f"{pair.name}…")
            yield _timed(client, pair, samples)


def table(found: Sequence[Timed]) -> str:
    rows = [("", "status", "samples", "there ms", "nothing ms", "apart", "chance")]
    rows += [
        (
            one.name, str(one.status), str(one.samples), f"{one.there_ms:.2f}", f"{one.nothing_ms:.2f}",
            f"{one.apart:+.1f} %", f"{one.chance:.1f} %",
        )
        for one in found
    ]  # fmt: skip
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [f"{row[0].ljust(widths[0])}  " + "  ".join(map(str.rjust, row[1:], widths[1:])) for row in rows]
    return "\n".join([*lines, "", f"promised: medians less than {MOST_APART:g} % apart"])


def _pairs() -> list[Pair]:
    first, second = settle(2, 2, SMALL_BYTES, lambda _: None)
    masked = first.entries[0]
    gate.run_again(lambda: _mask(first, masked))
    who, nobody = _ins(_OPPOSED), _ins(_NOBODY)
    enrolment.record_objection(_candidate(_OPPOSED), at=edge.now())
    doctor, holder = _doctor(first), _holder(second)
    return [
        Pair("document masked, by a doctor who reads the record", _document(masked, doctor), _no_document(doctor)),
        Pair("document of a closed record, by that doctor", _document(second.entries[0], doctor), _no_document(doctor)),
        Pair("document of somebody else, by a holder", _document(first.entries[0], holder), _no_document(holder)),
        Pair("space of an opposed person, by that doctor", _search(who, doctor), partial(_search, nobody, doctor)),
    ]


def _timed(client: Client, pair: Pair, samples: int) -> Timed:
    there, nothing, status = list[float](), list[float](), 0
    for number in range(samples + WARM_UP):
        one, other = _ask(client, pair.there), _ask(client, pair.nothing())
        if one[:2] != other[:2]:
            raise Failed(f"{pair.name}: answered {one[:2]} where nothing is answered {other[:2]} (status, bytes).")
        status = one[0]
        if number >= WARM_UP:
            there.append(one[2])
            nothing.append(other[2])
    mine, base = statistics.median(there) * 1000, statistics.median(nothing) * 1000
    halves = [statistics.median(nothing[start::2]) * 1000 for start in (0, 1)]
    return Timed(
        pair.name, status, samples, mine, base, (mine - base) / base * 100, abs(halves[0] - halves[1]) / base * 100
    )


def _ask(client: Client, request: bytes) -> tuple[int, int, float]:
    """Status, length of the answer, seconds."""
    begun = time.perf_counter()
    client.received.clear()
    client.expected = 0
    client.socket.sendall(request)
    while not (status := client.take()):
        pass
    return status, client.expected, time.perf_counter() - begun


def _document(entry: UUID, token: str) -> bytes:
    return _get(f"/fhir/Binary/{entry}", token)


def _no_document(token: str) -> Callable[[], bytes]:
    return lambda: _document(edge.new_id(), token)


def _search(ins: Ins, token: str) -> bytes:
    form = f"patient.identifier=urn:oid:{ins.authority}|{ins.number}&status=current"
    head = _head("POST", "/fhir/DocumentReference/_search", token)
    typed = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
    return head + (typed + form).encode()


def _get(path: str, token: str) -> bytes:
    return _head("GET", path, token) + b"\r\n"


def _head(method: str, path: str, token: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n".encode()


def _mask(resident: Resident, entry: UUID) -> None:
    actor = Actor(ActorKind.HOLDER, resident.account, "", patient=resident.patient)
    with gate.open_record(
        actor=actor, patient=resident.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
    ) as grant:
        record.mask(grant, entry)


def _candidate(rank: int) -> Candidate:
    who = invented(rank).patient
    traits = Traits(who.birth_name, who.given_names, who.birth_date, who.sex, who.birth_place)
    return Candidate(_ins(rank), traits, "")


def _ins(rank: int) -> Ins:
    who = invented(rank).patient
    return Ins(who.ins, who.authority)


def _doctor(patient: Resident) -> str:
    ins = patient.person.patient.ins
    token = tokens.of_professional("doctor", ins, lifetime=_LIFETIME, test_identities=True)
    return _made(token)


def _holder(resident: Resident) -> str:
    token = tokens.of_holder(resident.person.patient.ins, lifetime=_LIFETIME, test_identities=True)
    return _made(token)


def _made(token: str | None) -> str:
    if token is None:
        raise LookupError("somebody of the bench has no space")
    return token
