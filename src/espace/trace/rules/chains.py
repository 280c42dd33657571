"""One chain of lines per audience: what shows that none was left out (docs/explanation/verifiable-log.md).

A chain has a key, which the patient's log key gives and the proof file tells to its reader. Line number n of a chain
adds `link(n) = HMAC-SHA-256(key, label ‖ audience ‖ n ‖ link(n-1) ‖ commitment)`, under the name
`tag(n) = HMAC-SHA-256(key, label ‖ audience ‖ n)`, which whoever has the key can look for among the published entries.
An entry is the commitment, then for each audience a tag (16 bytes) and a link (32): chance, where the audience may not
read the line. Without the key both look alike, and links cannot be tried against each other.
"""

import hmac
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

import msgspec

from espace.kernel.values import replace
from espace.kernel.words import Verb, Visibility
from espace.trace.facts import CHANGED, Audience, Head, Linked, TraceEvent
from espace.trace.rules.canonical import NONCE_BYTES

AUDIENCES = (Audience.HOLDER, Audience.REPRESENTATIVES)
"""In the order of an entry."""
TAG_BYTES, LINK_BYTES = 16, 32
SLOT_BYTES = TAG_BYTES + LINK_BYTES
CHAINS_BYTES = SLOT_BYTES * len(AUDIENCES)
START = Head(0, bytes(LINK_BYTES))
UNSTARTED: Mapping[Audience, Head] = dict.fromkeys(AUDIENCES, START)

_HIDES: Mapping[Audience, frozenset[Visibility]] = {
    Audience.HOLDER: frozenset({Visibility.INVISIBLE_PATIENT}),
    Audience.REPRESENTATIVES: frozenset(
        {Visibility.INVISIBLE_PATIENT, Visibility.INVISIBLE_REPRESENTANTS_LEGAUX}
    ),
}
"""What is hidden from the holder is hidden from whoever stands for them (C52 of the reference)."""
_FROM_PEOPLE = frozenset().union(*_HIDES.values())
_LISTINGS = frozenset({Verb.LIST, Verb.SEE_AS, Verb.HISTORY, Verb.OWN_DEPOSITS})

STATE_BYTES = 16 + 8 + len(AUDIENCES) * 2 * (8 + LINK_BYTES)


class _Hidden(msgspec.Struct):
    hidden_from: frozenset[Visibility]


_HIDDEN = msgspec.json.Decoder(_Hidden)


def chain_name(audience: Audience) -> bytes:
    """What a chain's key is derived for."""
    return b"espace-chain/v1\x00" + audience.encode()


def tag(key: bytes, audience: Audience, number: int) -> bytes:
    return hmac.digest(key, b"espace-tag/v1\x00" + audience.encode() + number.to_bytes(8), "sha256")[:TAG_BYTES]


def link(key: bytes, audience: Audience, number: int, previous: bytes, commitment: bytes) -> bytes:
    said = b"espace-link/v1\x00" + audience.encode() + number.to_bytes(8) + previous + commitment
    return hmac.digest(key, said, "sha256")


@lru_cache(maxsize=64)
def shown_to(hidden_from: frozenset[Visibility]) -> frozenset[Audience]:
    """The audiences that may read a line."""
    return frozenset(one for one in AUDIENCES if _HIDES[one].isdisjoint(hidden_from))


def audiences_of(plain: bytes) -> frozenset[Audience]:
    """The audiences of a stored line: its nonce, then the canonical event."""
    return shown_to(_HIDDEN.decode(memoryview(plain)[NONCE_BYTES:]).hidden_from)


def pack(linked: Linked) -> bytes:
    """What `unpack` reads: as many bytes whatever it says."""
    said = [linked.line.bytes, linked.leaf.to_bytes(8)]
    for audience in AUDIENCES:
        for head in (linked.before[audience], linked.after[audience]):
            said += (head.number.to_bytes(8), head.link)
    return b"".join(said)


def unpack(data: bytes) -> Linked:
    if len(data) != STATE_BYTES:
        raise ValueError("not the state of a patient's chains")
    each = 8 + LINK_BYTES
    parts = [data[place : place + each] for place in range(24, STATE_BYTES, each)]
    heads = [Head(int.from_bytes(part[:8]), part[8:]) for part in parts]
    before, after = dict(zip(AUDIENCES, heads[::2], strict=True)), dict(zip(AUDIENCES, heads[1::2], strict=True))
    return Linked(UUID(bytes=data[:16]), int.from_bytes(data[16:24]), before, after)


def parts(
    event: TraceEvent, restricted: Mapping[UUID, frozenset[Visibility]], always: frozenset[Visibility] = frozenset()
) -> tuple[TraceEvent, ...]:
    """The lines that one act leaves: one for the objects that everybody may know of, and one for each object that is
    hidden from somebody. A line is whole for whoever reads it: it is proved, or shown later, without telling of the
    rest.

    `restricted` says what hides objects; one of which it says nothing is hidden as the event is. All parts bear the id
    of `event`. A listing says that it took place though all that it listed is hidden. `always` hides all of them,
    whatever they are about.
    """
    if not event.objects:
        return (replace(event, hidden_from=event.hidden_from | always),)
    hides = {said: said & _FROM_PEOPLE | always for said in {event.hidden_from, *restricted.values()}}
    if all(hidden == always for hidden in hides.values()):
        return (_part(event, event.objects, always),)
    each = [(one, hides[restricted.get(one, event.hidden_from)]) for one in event.objects]
    everybody = tuple(one for one, hidden in each if hidden == always)
    base = (_part(event, everybody, always),) if everybody or event.verb in _LISTINGS else ()
    return (*base, *(_part(event, (one,), hidden) for one, hidden in each if hidden != always))


def _part(event: TraceEvent, objects: tuple[UUID, ...], hides: frozenset[Visibility]) -> TraceEvent:
    others, changes = event.hidden_from - _FROM_PEOPLE, {name for name in event.grounds if name.startswith(CHANGED)}
    elsewhere = changes and changes.difference(f"{CHANGED}{one}" for one in objects)
    grounds = {name: said for name, said in event.grounds.items() if name not in elsewhere}
    return replace(event, objects=objects, count=len(objects), hidden_from=others | hides, grounds=grounds)
