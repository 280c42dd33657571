"""« Qui peut lire »: every professional linked to the record, why, since when, and what the holder may do about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace.access import queries as access
from espace.access.facts import DOCTOR, How, Relation, Standing
from espace.access.rules import glass_standing, may_read, standing
from espace.edge import now
from espace.kernel.words import Grant, Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in
from espace.looks.professions import profession_name
from espace.looks.words import full_date, full_moment, local_day
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.record import queries as record
from espace.record.rules import line_shown
from espace.trace import queries as trace

TEMPLATE = "portal/readers.html"

_CONSENTS: Mapping[How, str] = {
    How.ORAL: gettext_noop("Accord donné de vive voix le %(given)s, valable jusqu’au %(until)s."),
    How.WRITTEN: gettext_noop("Accord donné par écrit le %(given)s, valable jusqu’au %(until)s."),
}
_ATTENDING = gettext_noop("Lit votre espace sans nouvel accord, documents masqués compris.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to the page that says what an act does before it is done."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Reader:
    """One professional; every text is ready to be read."""

    name: str
    about: str
    attending: bool
    why: tuple[str, ...]
    last: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read at this moment, who may not any more, and who is blocked."""

    able: tuple[Reader, ...]
    former: tuple[Reader, ...]
    blocked: tuple[Reader, ...]


def sharing(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    at = now()
    with visit.open(Verb.HISTORY) as grant:
        relations = access.relations(grant)
        last = _last_accesses(grant, relations)
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=at),
        "readers": readers_of(relations, last, at),
        "attended": any(one.attending for one in relations),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _last_accesses(grant: Grant, relations: Collection[Relation]) -> dict[UUID, datetime]:
    """As the history shows them: a line about a document that the holder may not see yet does not count,
    one about a document deleted since does."""
    visible = record.visible_ids(grant)
    return trace.last_accesses(
        grant,
        [one.professional for one in relations],
        shown=lambda event: line_shown(event.verb, event.objects, event.hidden_from, visible),
    )


def readers_of(relations: Collection[Relation], last: Mapping[UUID, datetime], at: datetime) -> Readers:
    blocked = [one for one in relations if one.blocked_at]
    able = [one for one in relations if may_read(one, at, regulates=not one.blocked_at)]
    former = [one for one in relations if not one.blocked_at and not may_read(one, at, regulates=True)]
    groups = (sorted(able, key=lambda one: not one.attending), former, blocked)
    return Readers(*(tuple(_reader(one, last.get(one.professional), at) for one in group) for group in groups))


def _reader(relation: Relation, last: datetime | None, at: datetime) -> Reader:
    return Reader(
        name=relation.name,
        about=about(profession_name(relation.profession), relation.organisation_name),
        attending=relation.attending,
        why=tuple(why(relation, at)),
        last=_said_last(last),
        choices=choices(relation.professional, relation.profession, relation),
    )


def _said_last(at: datetime | None) -> str:
    return gettext("Dernier accès : %(when)s.") % {"when": full_moment(at)} if at else gettext("Aucun accès récent.")


def about(*parts: str) -> str:
    """« Médecin · Cabinet des Lices »."""
    return " · ".join(filter(None, parts))


def why(relation: Relation, at: datetime) -> list[str]:
    """Why this professional may read, or may not."""
    if relation.blocked_at:
        day = _day(relation.blocked_at)
        return [gettext("Accès bloqué depuis le %(day)s. Peut encore déposer des documents.") % {"day": day}]
    said = [gettext(_ATTENDING)] if relation.attending else []
    consent, glass = relation.consent, relation.glass
    if glass and glass_standing(glass, at) is Standing.IN_FORCE:
        values = {"until": full_moment(glass.until), "words": glass.words}
        said.append(gettext("Accès en urgence, sans votre accord, jusqu’au %(until)s : « %(words)s »") % values)
    if consent is None:
        return said or [gettext("Aucun accord en cours.")]
    if standing(consent, at) is Standing.IN_FORCE:
        values = {"given": _day(consent.at), "until": full_moment(consent.until)}
        return [*said, gettext(_CONSENTS[consent.how]) % values]
    return said or [gettext("Accord terminé depuis le %(day)s.") % {"day": _day(consent.until)}]


def choices(professional: UUID, profession: str, relation: Relation | None) -> tuple[Choice, ...]:
    """What the holder may do about this professional, as things are between them."""
    blocked, attending = relation is not None and relation.blocked_at is not None, relation and relation.attending
    offered = (
        ("remove_doctor", gettext("Retirer comme médecin traitant"), attending),
        ("name_doctor", gettext("Désigner comme médecin traitant"), profession == DOCTOR and not attending),
        ("unblock", gettext("Débloquer"), blocked),
        ("block", gettext("Bloquer"), not blocked),
    )
    return tuple(Choice(reverse(name, args=[professional]), label) for name, label, fits in offered if fits)


def _day(at: datetime) -> str:
    return full_date(local_day(at))
