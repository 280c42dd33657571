"""Which of the facts that a reader may see a search answers, in what order, and which page of them."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from espace.exchange.fhir.facts.telling import Told
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Refused
from espace.record.facts import Page
from espace.record.rules.searching import holds, sorted_by
from espace.wire.fhir.facts.finding import Item, items
from espace.wire.fhir.facts.parameters import Searched
from espace.wire.fhir.searching import Query

_OF_WHOM = ("patient", "patient.identifier")


def page_of(found: Sequence[Told], searched: Searched, query: Query, zone: tzinfo) -> Page[Told]:
    """In their own order unless another is asked for. Raises Refused(PAGE_EXPIRED) when the page before ended with
    something that is no longer there."""

    def looked_at(name: str) -> Callable[[Told], tuple[Item, ...]]:
        parameter, elements = searched.table.parameters[name], searched.elements[name]
        return lambda one: items(one.resource, elements, parameter.kind, zone)

    ordered = list(found)
    for order in reversed(query.sort):
        ordered = sorted_by(ordered, looked_at(order.name), order)
    asked = [(looked_at(one.name), one) for one in query.criteria if one.name not in _OF_WHOM]
    kept = [
        (place, one)
        for place, one in enumerate(ordered)
        if all(holds(items_of(one), criterion) for items_of, criterion in asked)
    ]
    begins = _begins(ordered, query)
    rest = [one for place, one in kept if place >= begins]
    page = rest[: query.count]
    return Page(tuple(page), len(kept), bool(page) and len(rest) > len(page))


def _begins(ordered: Sequence[Told], query: Query) -> int:
    """The place where the page begins."""
    if query.after is None:
        return 0
    before = next((place for place, one in enumerate(ordered) if one.id == query.after), None)
    if before is None:
        raise Refused(reasons.PAGE_EXPIRED, place="http._after")
    return before + 1
