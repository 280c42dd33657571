"""« Ce qui a changé »: what arrived in a record since this professional's last visit, or between two dates."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from espace.clinical import queries as clinical
from espace.clinical.facts import Kind
from espace.clinical.rules.changes import Change, Pair, changes, pairs
from espace.clinical.rules.summary import KINDS
from espace.edge import now
from espace.kernel.ids import PatientId
from espace.kernel.words import Refused, Verb
from espace.looks import cards
from espace.looks.changes import ChangeRow, PairRow, change_row, pair_row
from espace.looks.frame import render
from espace.looks.health import Shown
from espace.looks.words import full_moment, local_day, short_date
from espace.trace import queries as trace
from espace.workstation.pages.banner import banner
from espace.workstation.pages.refused import explained
from espace.workstation.paths import addresses_of, changes_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/changes.html"
PAUSE = timedelta(hours=2)
"""Openings that follow each other within it are one visit."""
USUAL = timedelta(days=365)
"""Where somebody comes for the first time."""
MOST = 200
_ALERTS = frozenset({Kind.ALLERGY, Kind.ALERT, Kind.DEVICE, Kind.PREGNANCY, Kind.DIRECTIVE})
_TAKEN = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})
_PROBLEMS = frozenset({Kind.PROBLEM, Kind.PROCEDURE, Kind.FAMILY, Kind.LIFESTYLE})
_GROUPS: tuple[tuple[str, str, frozenset[Kind]], ...] = (
    ("allergies", gettext_noop("Allergies et alertes"), _ALERTS),
    ("treatments", gettext_noop("Traitements"), _TAKEN),
    ("problems", gettext_noop("Problèmes et antécédents"), _PROBLEMS),
    ("results", gettext_noop("Résultats et mesures"), frozenset({Kind.RESULT, Kind.MEASURE})),
    ("vaccinations", gettext_noop("Vaccinations"), frozenset({Kind.VACCINATION})),
)


@dataclass(frozen=True, slots=True)
class Group:
    slug: str
    label: str
    rows: tuple[ChangeRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Figures of two days: those that are others, and those that were found again."""

    other: tuple[PairRow, ...]
    same: tuple[PairRow, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Between which moments; `visited`: it begins with the last visit."""

    since: datetime
    until: datetime
    visited: bool = False


def changed(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    try:
        with visit.open(patient, Verb.LIST) as grant:
            known, who = clinical.known(grant, KINDS), banner(grant)
            last = trace.own_last_visit(grant, before=grant.at - PAUSE)
            span = _span(request, last)
            replaced = clinical.said_then(grant, known.documents, span.since, KINDS)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    address = addresses_of(patient, secret=visit.secret).page
    told = _pairs(pairs(known.facts, span.since, span.until, replaced), Shown(address))
    arrived = [one for one in known.documents if span.since < one.deposited_at <= span.until]
    context = {
        "banner": who,
        "record": patient_path(patient, secret=visit.secret),
        "here": changes_path(patient, secret=visit.secret),
        "secret": visit.secret,
        "said": _said(span),
        "since": local_day(span.since).isoformat(),
        "until": _last_day(span).isoformat(),
        "last": full_moment(last) if last else "",
        "groups": _groups(changes(known.facts, span.since, span.until, replaced), Shown(address)),
        "pairs": told.other,
        "again": told.same,
        "then": short_date(local_day(span.since)),
        "now": short_date(_last_day(span)),
        "documents": [cards.card(one, address, to_others=True) for one in cards.newest_first(arrived)[:MOST]],
        "more_documents": max(0, len(arrived) - MOST),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def _span(request: HttpRequest, last: datetime | None) -> Span:
    """What was asked for, the two days in either order, else since the last visit, else of the last twelve months."""
    since, until = _day(request.GET.get("depuis", "")), _day(request.GET.get("jusqu", ""))
    if since and until:
        since, until = min(since, until), max(since, until)
    end = _midnight(until) + timedelta(days=1) if until else now()
    if since:
        return Span(_midnight(since), end)
    if last and last < end:
        return Span(last, end, visited=True)
    return Span(end - USUAL, end)


def _day(text: str) -> date | None:
    """A day that calendars have, and that a time zone can be put on; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _last_day(span: Span) -> date:
    """The end is the midnight after it, or the present moment."""
    return local_day(span.until - timedelta(seconds=1))


def _said(span: Span) -> str:
    if span.visited:
        return gettext("Arrivé dans le dossier depuis votre dernière visite, le %(moment)s.") % {
            "moment": full_moment(span.since)
        }
    days = {
        "since": short_date(local_day(span.since)),
        "until": short_date(_last_day(span)),
    }
    return gettext("Arrivé dans le dossier du %(since)s au %(until)s.") % days


def _groups(found: tuple[Change, ...], shown: Shown) -> tuple[Group, ...]:
    sorted_out = ((slug, label, [one for one in found if one.now.fact.kind in kinds]) for slug, label, kinds in _GROUPS)
    return tuple(
        Group(slug, gettext(label), tuple(change_row(one, shown) for one in ones[:MOST]), max(0, len(ones) - MOST))
        for slug, label, ones in sorted_out
        if ones
    )


def _pairs(found: tuple[Pair, ...], shown: Shown) -> Pairs:
    told = [(one.same, pair_row(one, shown)) for one in found[:MOST]]
    return Pairs(tuple(row for same, row in told if not same), tuple(row for same, row in told if same))
