"""« Historique des accès », for the attending doctor and administrators; and how they block somebody for the patient
(CSP R1111-43, R1111-54; C15, C16, M01, M02)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.access import actions as access
from espace.edge import now
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Purpose, Refused, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.paging import Pager
from espace.looks.professions import profession_name
from espace.looks.words import clock_time, full_date, local_day
from espace.record import queries as record
from espace.record.facts import Document
from espace.record.rules import line_shown_to_professional
from espace.trace import queries as trace
from espace.trace.facts import History, Outcome, TraceEvent
from espace.workstation.pages.banner import banner
from espace.workstation.pages.sentences import ICONS, PHRASES
from espace.workstation.paths import addresses_of, history_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE, BLOCKING = "workstation/history.html", "workstation/block.html"
PER_PAGE = 40
_ABOUT = frozenset(
    {
        *(Verb.DEPOSIT, Verb.READ, Verb.DOWNLOAD, Verb.AMEND, Verb.ANNOUNCE, Verb.ADD, Verb.DESCRIBE, Verb.REMOVE),
        Verb.RESTORE,
    }
)
"""Whose lines name the documents that they are about."""
_LISTINGS = frozenset({Verb.LIST, Verb.HISTORY, Verb.OWN_DEPOSITS})


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, of what was done once or, in a row, several times: `count` is "" for once; `documents` are (path,
    title), `block` leads to blocking the professional, "" where it is nobody whom one blocks."""

    time: str
    iso: str
    who: str
    did: str
    count: str
    documents: tuple[tuple[str, str], ...]
    allowed: bool
    icon: str
    block: str


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    lines: tuple[Line, ...]


def history(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    before = _line_id(request.GET.get("avant", ""))
    with visit.open(patient, Verb.HISTORY) as grant:
        documents, visible = record.documents_and_visible_ids(grant)
        found = trace.read_shown(grant, partial(_shows, visible=visible), most=trace.MOST_LINES, before=before)
        who = banner(grant)
    kept = _once([line.event for line in found.lines])
    known = {one.id: one for one in documents if not one.signs}
    context = {
        "banner": who,
        "record": patient_path(patient),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "days": _days((_seen(one, visible) for one in kept[:PER_PAGE]), known, visit, patient),
        "altered": found.altered,
        "pager": _pager(kept, found, first=before is None),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def _shows(one: TraceEvent, *, visible: Collection[UUID]) -> bool:
    refused = "" if one.outcome is Outcome.ALLOWED else one.reason
    return line_shown_to_professional(one.verb, one.objects, one.hidden_from, visible, refused=refused)


def _once(kept: list[TraceEvent]) -> list[TraceEvent]:
    """The listings once each, though what was held from somebody at that time has a line of its own."""
    return [one for one, newer in zip(kept, [None, *kept], strict=False) if newer is None or not _same(one, newer)]


def _same(one: TraceEvent, newer: TraceEvent) -> bool:
    acts = {(it.at, it.actor_id, it.verb, it.outcome) for it in (one, newer)}
    return one.verb in _LISTINGS and len(acts) == 1


def _seen(event: TraceEvent, visible: Collection[UUID]) -> TraceEvent:
    """About what the reader may know of: what is told in one line must not depend on the rest."""
    return replace(event, objects=tuple(one for one in event.objects if one in visible))


def _line_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _days(
    events: Iterable[TraceEvent], known: Mapping[UUID, Document], visit: Visit, patient: PatientId
) -> tuple[Day, ...]:
    grouped = groupby(events, key=lambda event: local_day(event.at))
    return tuple(
        Day(full_date(day), tuple(_line(list(alike), known, visit, patient) for _, alike in groupby(group, key=_alike)))
        for day, group in grouped
    )


def _alike(event: TraceEvent) -> tuple[object, ...]:
    """What is told in one line when it was done again and again."""
    about = event.objects if event.verb in _ABOUT else ()
    return event.actor_kind, event.actor_id, event.purpose, event.verb, event.outcome, about


def _line(
    alike: Sequence[TraceEvent], known: Mapping[UUID, Document], visit: Visit, patient: PatientId
) -> Line:
    event, times = alike[0], len(alike)
    done, tried = PHRASES[event.verb]
    allowed, page = event.outcome is Outcome.ALLOWED, addresses_of(patient).page
    about = event.objects if event.verb in _ABOUT else ()
    colleague = event.actor_kind is ActorKind.PROFESSIONAL and event.actor_id != visit.actor.id
    return Line(
        time=clock_time(event.at),
        iso=event.at.isoformat(),
        who=_who(event),
        did=gettext(done if allowed else tried),
        count=gettext("%(count)s fois") % {"count": times} if times > 1 else "",
        documents=tuple((page(one), cards.title(known[one])) for one in about if one in known),
        allowed=allowed,
        icon=ICONS.get(event.verb, "info") if allowed else "refused",
        block=reverse("pro_block", args=[patient, event.actor_id]) if colleague else "",
    )


def _who(event: TraceEvent) -> str:
    """A professional and where they act, or an organisation; of the patient's own people, no name."""
    if event.actor_kind is ActorKind.HOLDER:
        mine = event.purpose is Purpose.HOLDER
        return gettext("Le patient") if mine else gettext("Une personne qui aide le patient")
    names = dict.fromkeys(filter(None, (event.actor_name, event.organisation_name)))
    return ", ".join(names) or gettext("Quelqu’un")


def _pager(kept: list[TraceEvent], found: History, *, first: bool) -> Pager:
    """Older lines exist when this page is full, or when all that could be read in one go was read."""
    full = len(kept) > PER_PAGE
    last = found.last if found.rows == trace.MOST_LINES else None
    cursor = kept[PER_PAGE - 1].id if full else last
    return Pager(
        previous="" if first else "?",
        next="" if cursor is None else "?" + urlencode({"avant": str(cursor)}),
        previous_label=gettext("Revenir au plus récent"),
        next_label=gettext("Plus ancien"),
    )


def block(request: HttpRequest, visit: Visit, patient_id: UUID, professional_id: UUID) -> HttpResponseBase:
    """What will happen, then one press; done already, it answers as the first time."""
    patient = PatientId(patient_id)

    def blocked(grant: Grant) -> str:
        colleague = identity.professional(professional_id)
        if colleague is None:
            raise Refused(care.PROFESSIONAL_UNKNOWN)
        access.block(grant, colleague)
        return colleague.name

    if request.method == "POST":
        said = gettext("%(name)s ne lit plus ce dossier. Le patient en est averti.")
        name = visit.decide(patient, Verb.BLOCK, blocked)
        return redirect_saying(history_path(patient), said % {"name": name}, reader=visit.actor.id, at=now())
    with visit.open(patient, Verb.HISTORY) as grant:
        who, colleague = banner(grant), identity.professional(professional_id)
        if colleague is None:
            raise Refused(care.PROFESSIONAL_UNKNOWN)
    about = profession_name(colleague.profession)
    context = {"banner": who, "back": history_path(patient), "whom": colleague.name, "about": about}
    return render(request, BLOCKING, context, name=visit.actor.name)
