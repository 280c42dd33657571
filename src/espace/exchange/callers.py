"""Who calls: from a bearer token to an actor with the purposes that a route declares, and no other."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from espace import edge
from espace.access import gate
from espace.access.facts import BY_ID, Found
from espace.catalogue import queries as catalogue
from espace.exchange.http import Request
from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason, decisions
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Refused, Verb, Visibility
from espace.record import queries as record

_SCHEME = "bearer "
_MAX_TOKEN = 512
_NOT_FOR: dict[ActorKind, Reason] = {
    ActorKind.ORGANISATION: decisions.ORGANISATION_CANNOT_READ,
    ActorKind.HOLDER: decisions.HOLDER_CANNOT_FEED,
}


@dataclass(frozen=True, slots=True)
class Opening:
    """For what a kind of actor may open a record through a route, and the scope that its token must have."""

    purpose: Purpose
    verb: Verb
    scope: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose token was verified, and the one opening that the route gives them."""

    actor: Actor
    opening: Opening
    channel: str
    secret: bool = False
    """In a session for the secret care of a minor."""

    @contextmanager
    def open(
        self,
        patient: PatientId | None,
        *,
        hidden_from: frozenset[Visibility] = frozenset(),
        asked: Mapping[str, str] | None = None,
        found: Found = BY_ID,
    ) -> Iterator[Grant]:
        """The record of this patient (None: of nobody), through the gate; `hidden_from` and `asked` are for its line,
        `found` for what it costs."""
        with gate.open_record(
            actor=self.actor,
            patient=patient,
            purpose=self.opening.purpose,
            verb=self.opening.verb,
            at=edge.now(),
            channel=self.channel,
            asked=asked,
            hidden_from=hidden_from,
            found=found,
            secret=self.secret,
        ) as grant:
            yield grant

    @contextmanager
    def open_own(self, *, asked: Mapping[str, str] | None = None) -> Iterator[Grant]:
        """The record that the token itself is about."""
        if self.actor.patient is None:
            raise Refused(decisions.DOCUMENT_UNKNOWN)
        with self.open(self.actor.patient, asked=asked) as grant:
            yield grant

    @contextmanager
    def open_about(self, object_id: UUID) -> Iterator[Grant]:
        """The record that holds this document or set: the token's own, or for others the one that the id leads to.

        An id that leads nowhere and a record that stays closed are refused alike (DOCUMENT_UNKNOWN): why it stayed
        closed is in its register alone.
        """
        if self.actor.patient is not None:
            with self.open_own() as grant:
                yield grant
            return
        with self.open_led_to(record.patient_of_entry(object_id), object_id) as grant:
            yield grant

    @contextmanager
    def open_led_to(self, patient: PatientId | None, object_id: UUID) -> Iterator[Grant]:
        """The record to which an id led, for somebody else than its holder; None where it led nowhere, which is
        refused like a record that stays closed."""
        with ExitStack() as stack:
            try:
                grant = stack.enter_context(self.open(patient, found=Found(by_object=True)))
            except Refused as refusal:
                record.look_in_vain(object_id)
                raise _unknown(refusal) from refusal
            yield grant


def _unknown(refusal: Refused) -> Refused:
    """A record that stayed closed, as one that is not there; a fault of ours stays one."""
    return Refused(decisions.DOCUMENT_UNKNOWN) if refusal.reason.status < 500 else refusal


def fhir_base() -> str:
    """The address of the FHIR door: the audience of every token taken here."""
    return f"{settings.ESPACE_PUBLIC_URL}/fhir"


def token_url() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/oauth/token"


def revocation_url() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/oauth/revoke"


def caller(request: Request, openings: Mapping[ActorKind, Opening], channel: str) -> Caller:
    """Who calls. Raises Refused: TOKEN_*, SCOPE_INSUFFICIENT, or why this kind of actor has no opening here."""
    actor = catalogue.actor_of_token(
        _bearer(request),
        audience=fhir_base(),
        at=edge.now(),
        scopes={kind: opening.scope for kind, opening in openings.items()},
    )
    return called(actor, openings, channel)


def called(actor: Actor, openings: Mapping[ActorKind, Opening], channel: str, *, secret: bool = False) -> Caller:
    """Somebody who was verified, with the opening that there is for such an actor. Raises Refused: why there is
    none."""
    opening = openings.get(actor.kind)
    if opening is None:
        raise Refused(_NOT_FOR.get(actor.kind, decisions.NO_RULE_ALLOWS))
    return Caller(actor, opening, channel, secret)


def _bearer(request: Request) -> str:
    """The token of `Authorization: Bearer …` (RFC 6750, section 2.1); it comes by no other way."""
    header = request.header("Authorization")
    if not header:
        raise Refused(reasons.TOKEN_MISSING)
    token = header[len(_SCHEME) :].strip()
    if not header.lower().startswith(_SCHEME) or not token or len(token) > _MAX_TOKEN:
        raise Refused(reasons.TOKEN_INVALID)
    return token
