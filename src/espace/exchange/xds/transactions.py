"""What the addresses of this door understand: one row a transaction."""

from collections.abc import Mapping
from functools import partial

from espace.exchange.callers import Opening
from espace.exchange.xds import iti18, iti41, iti43, iti57
from espace.exchange.xds.asked import Transaction
from espace.exchange.xds.errors import failure
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.wire.ebxml import queries, retrieval, update
from espace.wire.ebxml.provide import REQUEST
from espace.wire.ebxml.schemes import QUERY, RS, XDSB

_FEED = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.DEPOSIT, ""),
    ActorKind.PROFESSIONAL: Opening(Purpose.FEED, Verb.DEPOSIT, ""),
}

PROVIDE = Transaction(
    action="urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
    answers="urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse",
    element=REQUEST,
    answer=f"{{{RS}}}RegistryResponse",
    openings=_FEED,
    read=iti41.provide,
    refused=partial(failure, registry=False),
    takes_parts=True,
)


STORED_QUERY = Transaction(
    action="urn:ihe:iti:2007:RegistryStoredQuery",
    answers="urn:ihe:iti:2007:RegistryStoredQueryResponse",
    element=queries.REQUEST,
    answer=f"{{{QUERY}}}AdhocQueryResponse",
    openings=iti18.OPENINGS,
    read=iti18.ask,
    refused=iti18.refused,
)
RETRIEVE = Transaction(
    action="urn:ihe:iti:2007:RetrieveDocumentSet",
    answers="urn:ihe:iti:2007:RetrieveDocumentSetResponse",
    element=retrieval.REQUEST,
    answer=f"{{{XDSB}}}RetrieveDocumentSetResponse",
    openings=iti43.OPENINGS,
    read=iti43.retrieve,
    refused=iti43.refused,
)


UPDATE = Transaction(
    action="urn:ihe:iti:2010:UpdateDocumentSet",
    answers="urn:ihe:iti:2010:UpdateDocumentSetResponse",
    element=update.REQUEST,
    answer=f"{{{RS}}}RegistryResponse",
    openings=iti57.OPENINGS,
    read=iti57.change,
    refused=partial(failure, registry=True),
)


def _by_action(*transactions: Transaction) -> Mapping[str, Transaction]:
    return {one.action: one for one in transactions}


REPOSITORY = _by_action(PROVIDE, RETRIEVE)
REGISTRY = _by_action(STORED_QUERY, UPDATE)
