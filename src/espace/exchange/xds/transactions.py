"""What the addresses of this door understand: one row a transaction."""

from collections.abc import Mapping
from functools import partial

from espace.exchange.callers import Opening
from espace.exchange.xds import iti18, iti41, iti42, iti43, iti57, td02, td03, td04, td09
from espace.exchange.xds.asked import Transaction
from espace.exchange.xds.errors import failure
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.wire.dmp import addressing, authorising, listing
from espace.wire.dmp.fields import NAMESPACE
from espace.wire.ebxml import provide, queries, retrieval, update
from espace.wire.ebxml.provide import REQUEST
from espace.wire.ebxml.schemes import QUERY, RS, XDSB
from espace.wire.hl7v3 import existence

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


REGISTER = Transaction(
    action="urn:ihe:iti:2007:RegisterDocumentSet-b",
    answers="urn:ihe:iti:2007:RegisterDocumentSet-bResponse",
    element=provide.REGISTER,
    answer=f"{{{RS}}}RegistryResponse",
    openings=_FEED,
    read=iti42.register,
    refused=partial(failure, registry=True),
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

EXISTENCE = Transaction(
    action=f"urn:hl7-org:v3:{existence.ASKED}",
    answers=f"urn:hl7-org:v3:{existence.ANSWERED}",
    element=existence.REQUEST,
    answer=existence.ANSWER,
    openings=td02.OPENINGS,
    read=td02.exists,
    refused=td02.refused,
)
AUTHORISATION = Transaction(
    action=f"{NAMESPACE}:{authorising.NAME}",
    answers=f"{NAMESPACE}:{authorising.NAME}Response",
    element=authorising.REQUEST,
    answer=authorising.ANSWER,
    openings=td03.OPENINGS,
    read=td03.authorise,
    refused=td03.refused,
)
OWN_PATIENTS = Transaction(
    action=f"{NAMESPACE}:{listing.NAME}",
    answers=f"{NAMESPACE}:{listing.NAME}Response",
    element=listing.REQUEST,
    answer=listing.ANSWER,
    openings=td04.OPENINGS,
    read=td04.patients,
    refused=td04.refused,
)
ADDRESS = Transaction(
    action=f"{NAMESPACE}:{addressing.NAME}",
    answers=f"{NAMESPACE}:{addressing.NAME}Response",
    element=addressing.REQUEST,
    answer=addressing.ANSWER,
    openings=td09.OPENINGS,
    read=td09.address,
    refused=td09.refused,
)


def _by_action(*transactions: Transaction) -> Mapping[str, Transaction]:
    return {one.action: one for one in transactions}


REPOSITORY = _by_action(PROVIDE, RETRIEVE)
REGISTRY = _by_action(REGISTER, STORED_QUERY, UPDATE)
PATIENTS = _by_action(EXISTENCE)
HABILITATIONS = _by_action(AUTHORISATION, OWN_PATIENTS, ADDRESS)
