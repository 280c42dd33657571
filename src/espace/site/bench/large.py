"""What one large document costs the server in memory: the highest resident size while it goes through, over what the
server has when it waits. Each way in and out has a server of its own, of one process, which answered small ones before.

The deposit in parts (ITI-41, MTOM) has a bound, one and a half times the document: it fails beyond. The others are
only said.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.values import replace
from espace.site.bench import cards, soap
from espace.site.bench.facts import MEBIBYTE, What
from espace.site.bench.house import House, web
from espace.site.bench.load import ANSWER_SECONDS, Card, Client
from espace.site.bench.measure import ask
from espace.site.bench.people import SMALL_BYTES, Resident, document_of, settle
from espace.site.bench.proc import begin_peak, peak_mib
from espace.wire.xds import Submission

BOUND = 1.5
"""Of a deposit in parts: how many times the size of its document."""
_HELD = MEBIBYTE * 3 // 4 - MEBIBYTE // 100
"""Bytes of a file for each MiB of the CDA that holds it in base64."""
_UNIQUE_ID = "urn:oid:2.25.2" + "0" * 37
_SMALL_ONES = 3
"""Before each: what a first request loads stays, and is no cost of the document."""
_BLOCK = bytes(range(1, 256)) * 257
"""Bytes of no meaning, without a NUL."""

Give = Callable[[Resident, int], Card]


@dataclass(frozen=True, slots=True)
class Way:
    """How it goes through; `large` is its request, `before` deposits what it reads, `small` warms up."""

    name: str
    small: What
    large: Give
    before: Give | None = None
    bound: float | None = None


class Weighed(msgspec.Struct, frozen=True):
    """In MiB: the document, the server before, and how much more it had at its highest; `most` is how much it may."""

    way: str
    document: float
    before: float
    extra: float
    most: float | None

    @property
    def over(self) -> bool:
        return self.most is not None and self.extra > self.most


def weigh(
    house: House, mebibytes: int, ways: tuple[Way, ...], tell: Callable[[str], None], *, first: int = 0
) -> Iterator[Weighed]:
    """Each way, as soon as it is known; `first` is the rank of the first of the people. Raises Failed when a request
    is refused."""
    residents = settle(len(ways) + _SMALL_ONES, 1, SMALL_BYTES, lambda _: None, first=first)
    for way, resident in zip(ways, residents[_SMALL_ONES:], strict=True):
        tell(f"{way.name}…")
        yield _weighed(house, mebibytes, way, resident, residents[:_SMALL_ONES])


def _weighed(house: House, mebibytes: int, way: Way, resident: Resident, others: list[Resident]) -> Weighed:
    with web(house) as server:
        client = Client(house.config.port)
        client.socket.settimeout(ANSWER_SECONDS)
        for small in cards.cards_of(way.small, others):
            ask(client, small)
        if way.before:
            ask(client, way.before(resident, mebibytes))
        large = way.large(resident, mebibytes)
        before = begin_peak(server)
        ask(client, large)
        extra = peak_mib(server) - before
        client.socket.close()
    return Weighed(way.name, mebibytes, before, extra, way.bound and way.bound * mebibytes)


def table(found: list[Weighed]) -> str:
    """For people: MiB."""
    rows = [f"{'MiB':<28}{'document':>10}{'before':>10}{'extra':>10}{'at most':>10}"]
    for one in found:
        most = "-" if one.most is None else f"{one.most:.0f}"
        verdict = "  TOO MUCH" if one.over else ""
        rows.append(f"{one.way:<28}{one.document:>10.0f}{one.before:>10.0f}{one.extra:>10.0f}{most:>10}{verdict}")
    return "\n".join(rows)


def _submission(one: Resident, mebibytes: int) -> Submission:
    size = mebibytes * MEBIBYTE
    content = (b"%PDF-1.7\n" + _BLOCK * (size // len(_BLOCK) + 1))[:size]
    return soap.said_of(one, content, mime_type="application/pdf", unique_id=_UNIQUE_ID)


def _cda(one: Resident, mebibytes: int) -> Card:
    """A CDA that holds a file, as most of those that hospitals send."""
    _, said = document_of(one.person, SMALL_BYTES)
    head, _, rest = said.partition(b"<structuredBody>")
    tail = rest.partition(b"</structuredBody>")[2]
    file = base64.b64encode((b"%PDF-1.7\n" + _BLOCK * (mebibytes * MEBIBYTE // len(_BLOCK)))[: mebibytes * _HELD])
    body = b'<nonXMLBody><text mediaType="application/pdf" representation="B64">' + file + b"</text></nonXMLBody>"
    content = b"".join((head, body, tail))
    return soap.large_deposit(one, soap.said_of(one, content), inline=False)


def _by_soap(one: Resident, mebibytes: int, *, inline: bool) -> Card:
    return soap.large_deposit(one, _submission(one, mebibytes), inline=inline)


def _by_fhir(one: Resident, mebibytes: int) -> Card:
    return cards.large_deposit(one, replace(_submission(one, mebibytes), unique_id=f"urn:uuid:{edge.new_id()}"))


def _read_by_soap(one: Resident, mebibytes: int) -> Card:
    return soap.readings([replace(one, names=(_UNIQUE_ID,))])[0]


def _read_by_fhir(one: Resident, mebibytes: int) -> Card:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM record_entry WHERE patient_id = %s ORDER BY size DESC LIMIT 1", [one.patient])
        (entry,) = cursor.fetchone()
    return cards.cards_of(What.READ, [replace(one, entries=(entry,))])[0]


_IN_PARTS = partial(_by_soap, inline=False)
WAYS = (
    Way("ITI-41 in parts (MTOM)", What.ITI41, _IN_PARTS, bound=BOUND),
    Way("ITI-41 in parts, a CDA", What.ITI41, _cda),
    Way("ITI-41 in the message", What.ITI41, partial(_by_soap, inline=True)),
    Way("ITI-65", What.DEPOSIT, _by_fhir),
    Way("ITI-43", What.ITI43, _read_by_soap, _IN_PARTS),
    Way("ITI-68", What.READ, _read_by_fhir, _IN_PARTS),
)
"""The first is the one with a bound."""
