"""The record of a patient: who they are, why it may be read, its documents by kind and date."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.access.facts import Relation, Standing
from espace.access.queries import relation
from espace.access.rules import team_standing
from espace.clinical import queries as clinical
from espace.clinical.facts import Sourced
from espace.clinical.facts.profile import Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules.childhood import adult
from espace.clinical.rules.summary import KINDS as SUMMED_UP
from espace.edge import now
from espace.identity.facts import Traits
from espace.identity.queries import own_person
from espace.identity.rules import majority
from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason, care, teams
from espace.kernel.words import Grant, Refused, Verb
from espace.looks import cards
from espace.looks.childhood import due_rows
from espace.looks.filters import Chosen, chosen_in, kinds_in, matches, sealed, unsealed, years_in
from espace.looks.finding import Sought, beyond_words, sought
from espace.looks.frame import render
from espace.looks.health import DueRow
from espace.looks.notes import note_in
from espace.looks.paging import cut, page_number, pager
from espace.looks.words import counted_documents, full_moment, kind_label, local_day, said, short_date
from espace.record import queries as record
from espace.record.facts import Document, Status
from espace.wire.nomenclature import KINDS
from espace.workstation.pages.banner import Banner, banner
from espace.workstation.pages.emergency import told, urgent_until
from espace.workstation.pages.refused import explained
from espace.workstation.pages.screen import columns
from espace.workstation.pages.summary.writing import TYPE as SUMMARY
from espace.workstation.paths import (
    addresses_of,
    changes_path,
    consent_path,
    deposit_path,
    history_path,
    medicines_path,
    patient_path,
    results_path,
    stated_path,
    summary_path,
    team_path,
)
from espace.workstation.visit import Visit

TEMPLATE = "workstation/patient.html"
OF_EACH_KIND = 2
OF_EACH_FACT = 8
"""A curve has six points; a fact that more documents state is shown with as many of its sources."""
_NAMED = (care.ATTENDING_DOCTOR, teams.ADMINISTRATOR)
"""Grounds of those whom the holder named, who read the access log too."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document on one or two short lines."""

    path: str
    title: str
    date: str
    iso: str
    by: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of documents, with how many and the latest of them."""

    slug: str
    label: str
    icon: str
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as it was opened."""

    patient: PatientId
    banner: Banner
    reason: Reason
    relation: Relation
    urgent: str
    emergencies: tuple[str, ...]
    documents: tuple[Document, ...]
    traits: Traits
    facts: tuple[Sourced, ...] = ()
    in_team: bool = False
    summed_up: bool = False
    """Whether this professional writes the medical summary."""
    looked_for: Sought = field(default_factory=Sought)
    exams: tuple[DueRow, ...] = ()

    @property
    def minor(self) -> bool:
        return local_day(now()) < majority(self.traits.birth_date)


def patient(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    if request.method == "POST":
        return _to_results(chosen_in(request.POST), visit, patient)
    token = request.GET.get("filtre", "")
    chosen = unsealed(token, visit.actor.id) if token else Chosen()
    try:
        with visit.open(patient, Verb.LIST, {"kind": chosen.kind} if chosen.kind else None) as grant:
            opened = _opened(grant, with_facts=not token, words=chosen.words)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    number = page_number(request.GET.get("page", ""))
    return _page(request, visit, opened, chosen, token if chosen.some else "", number)


def _opened(grant: Grant, *, with_facts: bool, words: str) -> Opened:
    looked_for, facts, exams = Sought(), tuple[Sourced, ...](), tuple[DueRow, ...]()
    person = own_person(grant).traits
    if with_facts:
        found = clinical.newest(grant, SUMMED_UP, most=OF_EACH_FACT)
        documents, facts = found.documents, found.facts
        exams = _exams(grant, person, documents)
    elif words:
        found = clinical.known(grant, texts=True)
        documents, looked_for = found.documents, sought(words, found)
    else:
        documents = record.documents(grant)
    known = relation(grant)
    urgent = urgent_until(known, grant.purpose)
    in_team = team_standing(known.team, grant.at) is Standing.IN_FORCE
    return Opened(
        *(grant.patient, banner(grant), grant.reason, known, urgent, told(grant), documents, person, facts, in_team),
        looked_for=looked_for,
        summed_up=SUMMARY in grant.sight.writes,
        exams=exams,
    )


def _exams(grant: Grant, traits: Traits, documents: Collection[Document]) -> tuple[DueRow, ...]:
    """Of a child, the mandatory examination that is to be done. One statement more for a minor. A session of secret
    care, which sees nothing else, cannot tell."""
    if grant.sight.secret or adult(traits.birth_date, local_day(grant.at)):
        return ()
    stated = profile(grant)
    said_done = stated.choices.examined if Section.VACCINATIONS in stated.sections else {}
    return due_rows(traits.birth_date, local_day(grant.at), documents, said_done)


def _to_results(chosen: Chosen, visit: Visit, patient: PatientId) -> HttpResponse:
    query = "?" + urlencode({"filtre": sealed(chosen, visit.actor.id)}) if chosen.some else ""
    return HttpResponseRedirect(patient_path(patient, secret=visit.secret) + query)


def _page(request: HttpRequest, visit: Visit, opened: Opened, chosen: Chosen, token: str, number: int) -> HttpResponse:
    secret, found, patient = visit.secret, cards.newest_first(opened.documents), opened.patient
    address = addresses_of(patient, secret=secret).page
    medicines, results = medicines_path(patient, secret=secret), results_path(patient, secret=secret)
    kept = [one for one in found if matches(one, chosen, opened.looked_for)]
    shown, last = cut(kept, number)
    filtered = [("filtre", token)] if token else []
    context = {
        "opened": opened,
        "banner": opened.banner,
        "why": said(opened.reason.professional),
        "until": "" if opened.urgent else until(opened.relation, opened.reason),
        "consented": ends(opened.relation, secret=secret),
        "history": history_path(opened.patient) if opened.reason in _NAMED and not secret else "",
        "team": team_path(opened.patient) if opened.in_team and not secret else "",
        "urgent": opened.urgent,
        "emergencies": opened.emergencies,
        "paths": _paths(opened, secret=secret),
        "secret": secret,
        "minor": opened.minor,
        "exams": opened.exams,
        "keep_secret": patient_path(opened.patient, secret=True) if opened.minor and not secret else "",
        "note": note_in(request, reader=visit.actor.id, at=now()) if secret else "",
        "any": bool(found),
        "columns": ()
        if chosen.some or number > 1 or not (found or opened.facts)
        else columns(opened.facts, address, opened.traits, local_day(now()), medicines=medicines, results=results),
        "shelves": () if chosen.some or number > 1 else shelves(found, address),
        "months": cards.by_month(shown, address, to_others=True, extracts=opened.looked_for.extracts),
        "counted": counted_documents(len(kept)),
        "beyond": beyond_words(opened.looked_for),
        "declared": opened.looked_for.declared,
        "chosen": chosen,
        "kinds": kinds_in(found, chosen),
        "years": years_in(found, chosen),
        "has_old": any(one.status is not Status.APPROVED for one in found),
        "pager": pager(number, last, lambda page: "?" + urlencode([*filtered, ("page", str(page))])),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def _paths(opened: Opened, *, secret: bool) -> dict[str, str]:
    """The other pages of this record; "" for those that are not for this session, or not for this professional."""
    return {
        "record": patient_path(opened.patient, secret=secret),
        "consent": consent_path(opened.patient, secret=secret),
        "deposit": deposit_path(opened.patient, secret=secret),
        "changes": changes_path(opened.patient, secret=secret),
        "results": results_path(opened.patient, secret=secret),
        "stated": "" if secret else stated_path(opened.patient),
        "summary": summary_path(opened.patient) if opened.summed_up and not secret else "",
    }


def ends(known: Relation, *, secret: bool) -> bool:
    """Whether the professional has something to end here: a consent, an emergency, their place in a team."""
    return bool(known.secret if secret else known.consent or known.glass or known.team)


def until(known: Relation, reason: Reason) -> str:
    """Until when the record may be read on this ground; "" for whoever the holder named, whom no date ends."""
    of_team = known.team.consent if known.team else None
    grounds = {care.CONSENT_IN_FORCE: known.consent, care.SECRET_CONSENT: known.secret, teams.TEAM_CONSENT: of_team}
    ground = grounds.get(reason)
    if ground is None or ground.until is None:
        return ""
    return gettext("Jusqu’au %(moment)s.") % {"moment": full_moment(ground.until)}


def shelves(newest_first: Sequence[Document], address: cards.Address) -> tuple[Shelf, ...]:
    """The kinds that the record has, in the order of the closed list, each with its latest documents."""
    by_kind: dict[str, list[Document]] = defaultdict(list)
    for one in newest_first:
        if one.status is Status.APPROVED:
            by_kind[cards.kind(one).slug].append(one)
    return tuple(
        Shelf(
            slug=kind.slug,
            label=kind_label(kind),
            icon=kind.icon,
            count=len(by_kind[kind.slug]),
            rows=tuple(_row(one, address) for one in by_kind[kind.slug][:OF_EACH_KIND]),
        )
        for kind in KINDS
        if by_kind[kind.slug]
    )


def _row(document: Document, address: cards.Address) -> Row:
    day = local_day(cards.happened_at(document))
    names = (cards.person_name(author) for author in document.entry.authors)
    return Row(
        path=address(document.id),
        title=cards.title(document),
        date=short_date(day),
        iso=day.isoformat(),
        by=next(filter(None, names), cards.institution(document)),
        marks=cards.marks(document, to_others=True),
    )
