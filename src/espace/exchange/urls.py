"""Every address of this door: the method, who may come, for what purpose. What is not here is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from espace.catalogue.facts import (
    FACTS,
    HOLDER_READ,
    SEARCH,
    SUMMARY,
    USER_CONTENT,
    USER_LISTS,
    USER_READ,
    USER_SEARCH,
    own_facts,
    user_facts,
)
from espace.exchange import openapi
from espace.exchange.callers import Caller, Opening
from espace.exchange.fhir import iti65, iti66, iti67, iti68, iti105, measures, metadata, patching, patients, smart
from espace.exchange.fhir.facts import door as facts
from espace.exchange.fhir.facts import summary_document
from espace.exchange.hl7v2 import door as hl7v2
from espace.exchange.http import FORM, JSON_TYPES, Request, Work
from espace.exchange.oauth import revoke, token
from espace.exchange.openings import CHANGING, DELETING, FILING, MEASURING
from espace.exchange.xdm import door as xdm
from espace.exchange.xds import door
from espace.kernel.reasons import Reason
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.wire.fhir.facts.parameters import SEARCHES
from espace.wire.fhir.patching import PATCH_TYPES
from espace.wire.fhir.searching import DOCUMENTS, LISTS, PATIENTS, Table

_ID = r"(?P<id>[^/$_][^/]{0,199})"
"""What may be an id: whatever it is, it is looked up; `_search` and `$operation` are none."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `public` takes anybody, `protected` the kinds of actor that have an opening.

    `table` gives the parameters of a search, which reads them itself; any other address carries none but `_format`,
    `_pretty` and those in `passes`. `channel` names the door in the counters.
    """

    method: str
    path: str
    public: Callable[[Request], Work] | None = None
    protected: Callable[[Request, Caller], Work] | None = None
    openings: Mapping[ActorKind, Opening] = field(default_factory=dict)
    table: Table | None = None
    takes: frozenset[str] = frozenset()
    passes: frozenset[str] = frozenset()
    negotiates: bool = False
    channel: str = "mhd"

    @property
    def name(self) -> str:
        """« GET /fhir/Patient/{id} »: for logs and figures, where the pattern of an id would look like a secret."""
        address = self.path.replace(_ID, "{id}").replace("\\", "").removesuffix("/?")
        return f"{self.method} {address}"

    def match(self, path: str) -> re.Match[str] | None:
        return re.fullmatch(self.path, path, re.ASCII)


_SEARCH = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.OWN_DEPOSITS, SEARCH),
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.LIST, HOLDER_READ),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.LIST, USER_SEARCH),
}
_READ = {
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.READ, HOLDER_READ),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.READ, USER_READ),
}
_LISTS = {
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.LIST, HOLDER_READ),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.LIST, USER_LISTS),
}
_STATUS = {
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.LIST, HOLDER_READ),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.STATUS, USER_SEARCH),
}
_SUMMARY = {
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.LIST, own_facts(SUMMARY)),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.LIST, user_facts(SUMMARY)),
}
_DOWNLOAD = {
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.DOWNLOAD, HOLDER_READ),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.DOWNLOAD, USER_CONTENT),
}


def _searching(
    table: Table, find: Callable[[Request, Caller], Work], openings: Mapping[ActorKind, Opening]
) -> tuple[Route, Route]:
    """A search, by its address or by a form (R4, http.html#search)."""
    path = f"/fhir/{table.resource}"
    return (
        Route("GET", path, protected=find, openings=openings, table=table),
        Route("POST", f"{path}/_search", protected=find, openings=openings, table=table, takes=frozenset({FORM})),
    )


def _telling(name: str) -> tuple[Route, ...]:
    """The facts of one type: searched, and read one by one."""
    openings = {
        ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.LIST, own_facts(name)),
        ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.LIST, user_facts(name)),
    }
    one = Route("GET", f"/fhir/{name}/{_ID}", protected=facts.read(name), openings=openings)
    return (*_searching(SEARCHES[name].table, facts.find(name), openings), one)


def _summing_up(whose: str) -> tuple[Route, Route]:
    """The summary of the patient whom the address names, or a parameter (uv.ips, OperationDefinition « summary »)."""
    path, asked = rf"/fhir/{whose}/\$summary", summary_document.summary
    return (
        Route("GET", path, protected=asked, openings=_SUMMARY, passes=summary_document.PARAMETERS),
        Route("POST", path, protected=asked, openings=_SUMMARY, takes=JSON_TYPES),
    )


def _transaction(request: Request, caller: Caller) -> Work:
    """What a transaction is for, by who sends it: those who feed deposit documents, people's software measures."""
    return measures.take(request, caller) if caller.actor.kind in MEASURING else iti65.provide(request, caller)


def _speaking_soap(path: str) -> tuple[Route, Route]:
    """An address of the SOAP door and its description. Who calls is in the message: no token protects it."""
    return (
        Route("POST", path, public=door.take, takes=door.TYPES, negotiates=True, channel=door.CHANNEL),
        Route("GET", path, public=door.wsdl, passes=frozenset({"wsdl"}), negotiates=True, channel=door.CHANNEL),
    )


_SPEAKING_HL7 = Route(
    "POST", hl7v2.PATH, protected=hl7v2.take, openings=hl7v2.OPENINGS, takes=hl7v2.TYPES,
    negotiates=True, channel=hl7v2.CHANNEL,
)  # fmt: skip
_TAKING_ARCHIVES = Route(
    "POST", xdm.PATH, protected=xdm.take, openings=xdm.OPENINGS, takes=xdm.TYPES,
    negotiates=True, channel=xdm.CHANNEL,
)  # fmt: skip

ROUTES: tuple[Route, ...] = (
    Route("POST", r"/fhir/?", protected=_transaction, openings={**FILING, **MEASURING}, takes=JSON_TYPES),
    Route("POST", "/fhir/DocumentReference", protected=iti105.publish, openings=FILING, takes=JSON_TYPES),
    *_searching(DOCUMENTS, iti67.find, _SEARCH),
    *_searching(LISTS, iti66.find, _LISTS),
    *_searching(PATIENTS, patients.find, _STATUS),
    Route("GET", f"/fhir/DocumentReference/{_ID}", protected=iti67.read, openings=_READ),
    Route("PATCH", f"/fhir/DocumentReference/{_ID}", protected=patching.patch, openings=CHANGING, takes=PATCH_TYPES),
    Route("DELETE", f"/fhir/DocumentReference/{_ID}", protected=patching.delete, openings=DELETING),
    Route("GET", f"/fhir/List/{_ID}", protected=iti66.read, openings=_LISTS),
    Route("GET", f"/fhir/Patient/{_ID}", protected=patients.read, openings=_STATUS),
    Route("GET", f"/fhir/Binary/{_ID}", protected=iti68.retrieve, openings=_DOWNLOAD, negotiates=True),
    *(route for name in FACTS for route in _telling(name)),
    Route("POST", "/fhir/Observation", protected=measures.create, openings=MEASURING, takes=JSON_TYPES),
    *(route for whose in ("Patient", f"Patient/{_ID}") for route in _summing_up(whose)),
    Route("GET", "/fhir/metadata", public=metadata.read),
    Route("GET", r"/fhir/\.well-known/smart-configuration", public=smart.read, negotiates=True),
    Route("GET", r"/fhir/openapi\.json", public=openapi.serve(lambda: ROUTES), negotiates=True),
    Route("POST", "/oauth/token", public=token.issue, takes=frozenset({FORM}), negotiates=True),
    Route("POST", "/oauth/revoke", public=revoke.revoke, takes=frozenset({FORM}), negotiates=True),
    *(route for path in door.ADDRESSES for route in _speaking_soap(path)),
    _SPEAKING_HL7,
    _TAKING_ARCHIVES,
)

_TYPED = re.compile(r"/fhir/([A-Z][A-Za-z]+)", re.ASCII)


def _by_type() -> dict[str, tuple[Route, ...]]:
    found: dict[str, list[Route]] = {}
    for route in ROUTES:
        typed = _TYPED.match(route.path)
        found.setdefault(typed[1] if typed else "", []).append(route)
    return {name: tuple(routes) for name, routes in found.items()}


_BY_TYPE = _by_type()
"""The routes of each type of resource, and under "" all the others: a request looks at few of them."""
_TYPES = _BY_TYPE.keys() - {""}
_INTERACTION = re.compile(
    r"/fhir/(?:[A-Z][A-Za-z]+/(?:[^/]{1,200}/)?)?(?:_history(?:/[^/]{1,200})?|\$[a-z-]{1,64})", re.ASCII
)


def matches(path: str) -> list[tuple[Route, re.Match[str]]]:
    """The routes of an address, whatever the method."""
    typed = _TYPED.match(path)
    candidates = _BY_TYPE.get(typed[1], ()) if typed else _BY_TYPE[""]
    return [(route, match) for route in candidates if (match := route.match(path))]


def absent(path: str) -> Reason:
    """Why there is nothing at this address (R4, http.html#read, #history; operations.html): an interaction that is not
    offered, a type of resource that is not served, or no address at all."""
    kind = re.match(r"/fhir/([A-Z][A-Za-z]+)(?:/|$)", path, re.ASCII)
    if kind and kind[1] not in _TYPES:
        return reasons.TYPE_UNSUPPORTED
    known = _INTERACTION.fullmatch(path) or (kind and path == f"/fhir/{kind[1]}")
    return reasons.METHOD_NOT_ALLOWED if known else reasons.NOT_FOUND
