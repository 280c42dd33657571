"""« Qui peut lire »: every professional linked to the record, why, since when, and what the holder may do about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.access import queries as access
from espace.access.facts import DOCTOR, Consent, How, Relation, Standing
from espace.access.rules import gives_care, glass_standing, may_read, standing, team_standing
from espace.edge import now
from espace.kernel.words import Grant, Purpose, Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in
from espace.looks.professions import profession_name
from espace.looks.words import full_date, full_moment, local_day
from espace.portal.pages.kept_words import NOTHING_KEPT, Kept, KeptWords, kept_words, warned
from espace.portal.pages.team_words import in_team, told_teams
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.portal.whose import gettext
from espace.record import queries as record
from espace.record.rules import line_shown
from espace.trace import queries as trace

TEMPLATE = "portal/readers.html"

_CONSENTS: Mapping[How, str] = {
    How.ORAL: gettext_noop("Accord donné de vive voix le %(given)s, valable jusqu’au %(until)s."),
    How.WRITTEN: gettext_noop("Accord donné par écrit le %(given)s, valable jusqu’au %(until)s."),
    How.HOLDER: gettext_noop("Accès donné par vous le %(given)s, jusqu’au %(until)s."),
}
_FOR_GOOD = gettext_noop("Accès donné par vous le %(given)s, sans date de fin.")
_SECRET = gettext_noop(
    "Votre accord pour des soins cachés à vos représentants légaux, valable jusqu’au %(until)s. Ils n’en voient rien."
)
_ADMINISTRATOR = gettext_noop("Administrateur depuis le %(day)s : les mêmes droits que votre médecin traitant.")
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
    administrator: bool = False
    kept: KeptWords | None = None


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
        visible, kept = record.kept_from(grant)
        last = _last_accesses(grant, relations, visible)
        objections = access.feeding_objections(grant)
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=at),
        "readers": readers_of(relations, last, at, kept),
        "warned": warned({one.professional for one in relations}, kept),
        "attended": any(one.attending for one in relations),
        "teams": told_teams(relations, at),
        "objections": [(one.name, full_date(local_day(one.stated))) for one in objections],
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _last_accesses(
    grant: Grant, relations: Collection[Relation], visible: Collection[UUID]
) -> dict[UUID, datetime]:
    """As the history shows them: a line about a document that the holder may not see yet does not count,
    one about a document deleted since does."""
    helper = grant.purpose is not Purpose.HOLDER
    return trace.last_accesses(
        grant,
        [one.professional for one in relations],
        shown=lambda event: line_shown(event.verb, event.objects, event.hidden_from, visible, helper=helper),
    )


def readers_of(
    relations: Collection[Relation], last: Mapping[UUID, datetime], at: datetime, kept: Kept = NOTHING_KEPT
) -> Readers:
    blocked = [one for one in relations if one.blocked_at]
    able = [one for one in relations if may_read(one, at, regulates=not one.blocked_at, secret=True)]
    former = [one for one in relations if not one.blocked_at and not may_read(one, at, regulates=True, secret=True)]
    groups = (sorted(able, key=lambda one: (not one.attending, one.administrator_since is None)), former, blocked)
    return Readers(*(tuple(_reader(one, last.get(one.professional), at, kept) for one in group) for group in groups))


def _reader(relation: Relation, last: datetime | None, at: datetime, kept: Kept) -> Reader:
    return Reader(
        name=relation.name,
        about=about(profession_name(relation.profession), relation.organisation_name),
        attending=relation.attending,
        why=tuple(why(relation, at)),
        last=_said_last(last),
        choices=choices(relation.professional, relation.profession, relation, at),
        administrator=relation.administrator_since is not None,
        kept=kept_words(relation.professional, kept),
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
    if relation.administrator_since:
        said.append(gettext(_ADMINISTRATOR) % {"day": _day(relation.administrator_since)})
    glass = relation.glass
    if glass and glass_standing(glass, at) is Standing.IN_FORCE:
        values = {"until": full_moment(glass.until), "words": glass.words}
        said.append(gettext("Accès en urgence, sans votre accord, jusqu’au %(until)s : « %(words)s »") % values)
    if standing(relation.consent, at) is Standing.IN_FORCE and relation.consent:
        said.append(agreed(relation.consent))
    if relation.team and team_standing(relation.team, at) is Standing.IN_FORCE:
        said.append(in_team(relation.team))
    if standing(relation.secret, at) is Standing.IN_FORCE and relation.secret and relation.secret.until:
        said.append(gettext(_SECRET) % {"until": full_moment(relation.secret.until)})
    return said or [_ended(relation)]


def agreed(consent: Consent) -> str:
    """A consent in force: how it was given, when, until when."""
    if consent.until is None:
        return gettext(_FOR_GOOD) % {"given": _day(consent.at)}
    values = {"given": _day(consent.at), "until": full_moment(consent.until)}
    return gettext(_CONSENTS[consent.how]) % values


def _ended(relation: Relation) -> str:
    """Why there is no consent in force: the last one that ended, or none at all."""
    known = (relation.consent, relation.team.consent if relation.team else None, relation.secret)
    ends = [one.until for one in known if one and one.until]
    if not ends:
        return gettext("Aucun accord en cours.")
    return gettext("Accord terminé depuis le %(day)s.") % {"day": _day(max(ends))}


def choices(professional: UUID, profession: str, relation: Relation | None, at: datetime) -> tuple[Choice, ...]:
    """What the holder may do about this professional, as things are between them."""
    blocked, attending = relation is not None and relation.blocked_at is not None, relation and relation.attending
    administers = relation is not None and relation.administrator_since is not None
    offered = (
        ("end_access", gettext("Retirer son accès"), relation is not None and not blocked and ends(relation, at)),
        (
            "give_access",
            gettext("Donner accès"),
            bool(profession) and not (blocked or attending or administers or given(relation, at)),
        ),
        ("remove_doctor", gettext("Retirer comme médecin traitant"), attending),
        ("name_doctor", gettext("Désigner comme médecin traitant"), profession == DOCTOR and not attending),
        ("remove_administrator", gettext("Retirer comme administrateur"), administers),
        (
            "name_administrator",
            gettext("Désigner comme administrateur"),
            gives_care(profession) and not blocked and not administers and not attending,
        ),
        ("unblock", gettext("Débloquer"), blocked),
        ("block", gettext("Bloquer"), not blocked),
    )
    return tuple(Choice(reverse(name, args=[professional]), label) for name, label, fits in offered if fits)


def given(relation: Relation | None, at: datetime) -> bool:
    """Whether a consent of their own is in force."""
    return relation is not None and standing(relation.consent, at) is Standing.IN_FORCE


def ends(relation: Relation, at: datetime) -> bool:
    """Whether there is something to end: a consent, a place in a team, an emergency."""
    known = (standing(relation.consent, at), team_standing(relation.team, at), glass_standing(relation.glass, at))
    return Standing.IN_FORCE in (*known, standing(relation.secret, at))


def _day(at: datetime) -> str:
    return full_date(local_day(at))
