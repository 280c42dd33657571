"""A line as canonical JSON (RFC 8785), and its blinded commitment."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from espace.trace.facts import TraceEvent

NONCE_BYTES = 32
COMMITMENT_LABEL = b"espace-log/v1"
VERSION = 1

Json = str | int | UUID | list[str] | dict[str, str] | tuple[UUID, ...]

_LINE = msgspec.json.Decoder(TraceEvent)


def commitment(nonce: bytes, event: bytes) -> bytes:
    """SHA-256("espace-log/v1" ‖ nonce ‖ event): nothing of the event can be guessed from it."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, {len(nonce)} were given")
    return hashlib.sha256(COMMITMENT_LABEL + nonce + event).digest()


def canonical(event: TraceEvent) -> bytes:
    """The line as RFC 8785 JSON: strings, small integers, lists, one object of criteria and one of grounds.

    A lone surrogate in what was asked becomes U+FFFD: RFC 8785 has no form for it, and a hostile
    search must leave its line all the same.
    """
    values: dict[str, Json] = {
        "actor_id": event.actor_id,
        "actor_kind": event.actor_kind.value,
        "actor_name": _text(event.actor_name),
        "asked": _object(event.asked),
        "at": _instant(event.at),
        "count": event.count,
        **_grounds(event.grounds),
        "hidden_from": sorted(visibility.value for visibility in event.hidden_from),
        "id": event.id,
        "objects": event.objects,
        "organisation_name": _text(event.organisation_name),
        "outcome": event.outcome.value,
        "patient": event.patient,
        "purpose": event.purpose.value,
        "reason": event.reason,
        "request_id": _text(event.request_id),
        "verb": event.verb.value,
        "version": VERSION,
    }
    return msgspec.json.encode(values)


def _grounds(grounds: Mapping[str, str]) -> dict[str, Json]:
    """Absent where there are none, as in lines of before."""
    return {"grounds": _object(grounds)} if grounds else {}


def _object(pairs: Mapping[str, str]) -> dict[str, str]:
    return dict(_sorted((_text(name), _text(value)) for name, value in pairs.items()))


def read(data: bytes) -> TraceEvent:
    """The line that `canonical` wrote."""
    return _LINE.decode(data)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _text(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """RFC 8785, section 3.2.3: names in the order of their UTF-16 code units."""
    return sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be"))
