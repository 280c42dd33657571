"""Every address of this door: the method, who may come, for what purpose. What is not here is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from espace.catalogue.facts import CREATE, HOLDER_READ, SEARCH
from espace.exchange.callers import Caller, Opening
from espace.exchange.fhir import iti65, iti68, metadata, search, smart
from espace.exchange.http import FORM, JSON_TYPES, Request, Work
from espace.exchange.oauth import token
from espace.kernel.words import ActorKind, Purpose, Verb

_ID = r"(?P<id>[^/]{1,200})"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `public` takes anybody, `protected` the kinds of actor that have an opening.

    `parameters` are those its address may carry, besides `_format`; `channel` names the door in the counters.
    """

    method: str
    path: str
    public: Callable[[Request], Work] | None = None
    protected: Callable[[Request, Caller], Work] | None = None
    openings: Mapping[ActorKind, Opening] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    negotiates: bool = False
    channel: str = "mhd"

    def match(self, path: str) -> re.Match[str] | None:
        return re.fullmatch(self.path, path, re.ASCII)


_FEED = {ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.DEPOSIT, CREATE)}
_SEARCH = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.OWN_DEPOSITS, SEARCH),
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.LIST, HOLDER_READ),
}
_READ = {ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.READ, HOLDER_READ)}
_DOWNLOAD = {ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.DOWNLOAD, HOLDER_READ)}

ROUTES: tuple[Route, ...] = (
    Route("POST", r"/fhir/?", protected=iti65.provide, openings=_FEED, takes=JSON_TYPES),
    Route(
        "GET",
        "/fhir/DocumentReference",
        protected=search.by_address,
        openings=_SEARCH,
        parameters=search.PARAMETERS,
    ),
    Route(
        "POST",
        "/fhir/DocumentReference/_search",
        protected=search.by_form,
        openings=_SEARCH,
        takes=frozenset({FORM}),
    ),
    Route("GET", f"/fhir/DocumentReference/{_ID}", protected=search.read, openings=_READ),
    Route("GET", f"/fhir/Binary/{_ID}", protected=iti68.retrieve, openings=_DOWNLOAD, negotiates=True),
    Route("GET", "/fhir/metadata", public=metadata.read),
    Route("GET", r"/fhir/\.well-known/smart-configuration", public=smart.read, negotiates=True),
    Route("POST", "/oauth/token", public=token.issue, takes=frozenset({FORM}), negotiates=True),
)
