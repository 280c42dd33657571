"""Whose a value is that several documents state: of the laboratory that found it, before a summary that quotes it."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from espace.clinical.facts import Fact, Sourced
from espace.clinical.rules.units import spelt, usable
from espace.wire.nomenclature import kind_of

_PLACES: Mapping[str, int] = {"biology": 0, "synthesis": 2}
"""By kind of document: a laboratory's report, what else is no summary, a summary."""
_WRITTEN, _STATED = 1, 3


def first_hand(sources: Iterable[Sourced]) -> tuple[Sourced, ...]:
    """Those of one value, the one whose it is first; of the same sort, the first that arrived; last, what the patient
    states."""
    return tuple(sorted(sources, key=_place))


def by_value(sources: Iterable[Sourced]) -> tuple[tuple[Sourced, ...], ...]:
    """Those that say the same together, in the order of the first of each: contradictions stay apart."""
    said: dict[object, list[Sourced]] = {}
    for one in sources:
        said.setdefault(value_key(one.fact), []).append(one)
    return tuple(map(first_hand, said.values()))


def value_key(fact: Fact) -> object:
    """What a measurement found, as far as two may be compared: numbers without useless zeros, with their unit."""
    quantity = fact.value.quantity if fact.value else None
    number = usable(quantity)
    return fact.value if quantity is None or number is None else (number, spelt(quantity.unit))


def _place(sourced: Sourced) -> tuple[int, str]:
    document = sourced.document
    if document is None:
        return _STATED, sourced.stated_at
    entry = document.entry
    kind = kind_of(entry.type.code if entry.type else "", entry.class_.code if entry.class_ else "")
    return _PLACES.get(kind.slug, _WRITTEN), document.deposited_at.astimezone(UTC).isoformat()
