"""The register of accesses in plain sentences: who, what, when, and why it was allowed or refused."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from espace.kernel.reasons import REASONS
from espace.kernel.words import ActorKind, Verb
from espace.looks import cards
from espace.looks.cards import Opened
from espace.looks.frame import icon
from espace.looks.words import clock_time, full_date, full_moment, local_day, said
from espace.portal.places import document_path
from espace.record.facts import Document
from espace.record.rules import line_shown
from espace.trace.facts import Outcome, TraceEvent, TraceLine

RECENT = 200
"""Lines read to tell what is new."""

SAME_READING = timedelta(seconds=20)

_READINGS = frozenset({Verb.READ, Verb.DOWNLOAD})
_ABOUT_DOCUMENTS = frozenset({Verb.READ, Verb.DOWNLOAD, Verb.DEPOSIT})

_DONE_BY_OTHERS: Mapping[Verb, str] = {
    Verb.DEPOSIT: gettext_noop("a déposé un document"),
    Verb.LIST: gettext_noop("a consulté la liste de vos documents"),
    Verb.READ: gettext_noop("a lu un document"),
    Verb.DOWNLOAD: gettext_noop("a téléchargé un document"),
    Verb.OWN_DEPOSITS: gettext_noop("a vérifié l’état de ses propres dépôts"),
    Verb.HISTORY: gettext_noop("a consulté l’historique de votre espace"),
}
_TRIED_BY_OTHERS: Mapping[Verb, str] = {
    Verb.DEPOSIT: gettext_noop("a essayé de déposer un document"),
    Verb.LIST: gettext_noop("a essayé de consulter la liste de vos documents"),
    Verb.READ: gettext_noop("a essayé de lire un document"),
    Verb.DOWNLOAD: gettext_noop("a essayé de télécharger un document"),
    Verb.OWN_DEPOSITS: gettext_noop("a essayé de vérifier l’état de ses dépôts"),
    Verb.HISTORY: gettext_noop("a essayé de consulter l’historique de votre espace"),
}
_DONE_BY_YOU: Mapping[Verb, str] = {
    Verb.DEPOSIT: gettext_noop("avez déposé un document"),
    Verb.LIST: gettext_noop("avez consulté la liste de vos documents"),
    Verb.READ: gettext_noop("avez lu un document"),
    Verb.DOWNLOAD: gettext_noop("avez téléchargé un document"),
    Verb.OWN_DEPOSITS: gettext_noop("avez vérifié l’état de vos dépôts"),
    Verb.HISTORY: gettext_noop("avez consulté l’historique de votre espace"),
}
_TRIED_BY_YOU: Mapping[Verb, str] = {
    Verb.DEPOSIT: gettext_noop("avez essayé de déposer un document"),
    Verb.LIST: gettext_noop("avez essayé de consulter la liste de vos documents"),
    Verb.READ: gettext_noop("avez essayé de lire un document"),
    Verb.DOWNLOAD: gettext_noop("avez essayé de télécharger un document"),
    Verb.OWN_DEPOSITS: gettext_noop("avez essayé de vérifier l’état de vos dépôts"),
    Verb.HISTORY: gettext_noop("avez essayé de consulter l’historique de votre espace"),
}
_SENTENCES: Mapping[tuple[bool, bool], Mapping[Verb, str]] = {
    (False, True): _DONE_BY_OTHERS,
    (False, False): _TRIED_BY_OTHERS,
    (True, True): _DONE_BY_YOU,
    (True, False): _TRIED_BY_YOU,
}
"""By (the holder's own act, allowed)."""

_ICONS: Mapping[Verb, str] = {
    Verb.DEPOSIT: "deposit",
    Verb.LIST: "list",
    Verb.READ: "eye",
    Verb.DOWNLOAD: "download",
    Verb.OWN_DEPOSITS: "list",
    Verb.HISTORY: "clock",
}


@dataclass(frozen=True, slots=True)
class Named:
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: actor and what they did, the documents concerned, the reason."""

    actor: str
    did: str
    when: str
    time: str
    iso: str
    documents: tuple[Named, ...]
    allowed: bool
    why: str
    icon: str


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    lines: tuple[Line, ...]


def own(event: TraceEvent) -> bool:
    """The holder's own act, in their own record."""
    return event.actor_kind is ActorKind.HOLDER and event.purpose == "holder"


def opened_by_holder(lines: Sequence[TraceLine]) -> Opened:
    """What the holder has read or downloaded, from the last RECENT lines of the register (or all, if fewer)."""
    events = [line.event for line in lines]
    read = (one for one in events if own(one) and one.outcome is Outcome.ALLOWED and one.verb in _READINGS)
    return Opened(
        ids=frozenset(document for event in read for document in event.objects),
        since=events[-1].at if len(events) >= RECENT else None,
    )


def shown(lines: Iterable[TraceLine], visible: Collection[UUID]) -> list[TraceEvent]:
    """The lines that the holder may read, once each: a page and the files it embeds are one reading."""
    events = (one.event for one in lines)
    kept = [one for one in events if line_shown(one.verb, one.objects, one.hidden_from, visible)]
    return [one for one, newer in zip(kept, [None, *kept], strict=False) if newer is None or not _same(one, newer)]


def _same(one: TraceEvent, newer: TraceEvent) -> bool:
    acts = ((it.actor_id, it.verb, it.outcome, it.reason, it.objects) for it in (one, newer))
    return one.verb is Verb.READ and len(set(acts)) == 1 and newer.at - one.at < SAME_READING


def line(event: TraceEvent, documents: Mapping[UUID, Document], *, dated: bool = False) -> Line:
    """`dated` says the day in the line itself, for lists that are not grouped by day."""
    mine, allowed = own(event), event.outcome is Outcome.ALLOWED
    about = event.objects if event.verb in _ABOUT_DOCUMENTS else ()
    seen = tuple(documents[one] for one in about if one in documents)
    reason = REASONS.get(event.reason)
    return Line(
        actor=gettext("Vous") if mine else _who(event),
        did=gettext(_SENTENCES[mine, allowed][event.verb]) + ("" if seen else "."),
        when="",
        time=full_moment(event.at) if dated else clock_time(event.at),
        iso=event.at.isoformat(),
        documents=tuple(Named(document_path(one.id), cards.title(one)) for one in seen),
        allowed=allowed,
        why=said(reason.holder) if reason else "",
        icon=icon(_ICONS[event.verb] if allowed else "refused"),
    )


def _who(event: TraceEvent) -> str:
    """A person and where they act, or an organisation."""
    names = dict.fromkeys(filter(None, (event.actor_name, event.organisation_name)))
    return ", ".join(names) or gettext("Quelqu’un")


def by_day(events: Iterable[TraceEvent], documents: Mapping[UUID, Document]) -> tuple[Day, ...]:
    grouped = groupby(events, key=lambda event: local_day(event.at))
    return tuple(Day(full_date(day), tuple(line(one, documents) for one in group)) for day, group in grouped)
