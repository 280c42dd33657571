"""« Signaler cet accès »: the holder tells the operator of what a professional did, and reads what came of it (C27)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace.access import actions as access
from espace.access.facts import Followed, Outcome, ReportKind
from espace.access.queries import reports
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Professional
from espace.kernel.reasons import care
from espace.kernel.words import ActorKind, Grant, Refused, Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import full_date, full_moment, local_day
from espace.portal.forms import ReportForm
from espace.portal.pages.lines import Line, known, line, shown
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent

TEMPLATE, FOLLOWED = "portal/report.html", "portal/reports.html"

KINDS: Mapping[ReportKind, str] = {
    ReportKind.UNKNOWN: gettext_noop("Je ne connais pas ce professionnel"),
    ReportKind.NOT_AGREED: gettext_noop("Je le connais, mais je ne lui ai pas donné d’accord"),
    ReportKind.OVER: gettext_noop("Il ne me soigne plus"),
    ReportKind.OTHER: gettext_noop("Autre chose"),
}
_BECAME: Mapping[Outcome, str] = {
    Outcome.EXPLAINED: gettext_noop("Cet accès avait une raison de soin."),
    Outcome.REMINDED: gettext_noop("Les règles ont été rappelées à ce professionnel."),
    Outcome.REFERRED: gettext_noop("L’affaire est transmise à une autorité qui peut le sanctionner."),
    Outcome.UNFOUNDED: gettext_noop("Rien d’anormal n’a été trouvé."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a report stands: received, examined, answered; `done` once it is."""

    label: str
    done: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """One report; every text is ready to be read."""

    name: str
    accessed: str
    kind: str
    words: str
    steps: tuple[Step, ...]
    blocked: bool


def report(request: HttpRequest, visit: Visit, line_id: UUID) -> HttpResponseBase:
    """Refused for a line that is not there, that the reader may not see, or that is no professional's, alike."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        visit.decide(Verb.REPORT, lambda grant: _reported(grant, line_id, form))
        said = gettext("C’est envoyé : votre signalement est reçu.")
        return redirect_saying(reverse("reports"), said, reader=visit.actor.id, at=now())
    with visit.open(Verb.HISTORY) as grant:
        _, told = _line(grant, line_id)
    context = {"line": told, "form": form, "back": reverse("history")}
    return render(request, TEMPLATE, context, name=visit.name)


def followed(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What the holder reported, and what became of it."""
    with visit.open(Verb.HISTORY) as grant:
        found = reports(grant)
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "reports": tuple(map(told_report, found)),
    }
    return render(request, FOLLOWED, context, name=visit.name)


def told_report(one: Followed) -> Reported:
    """The words of one report and of its steps."""
    received = gettext("Reçu le %(day)s") % {"day": full_date(local_day(one.report.at))}
    closed = one.closed_at is not None
    answer = gettext(_BECAME[one.outcome]) if one.outcome else ""
    steps = (
        Step(received, True),
        Step(gettext("Examiné par une personne"), one.examined or closed),
        Step(gettext("Réponse : %(answer)s") % {"answer": answer} if answer else gettext("Réponse"), closed),
    )
    return Reported(
        name=one.report.name,
        accessed=full_moment(one.report.accessed_at),
        kind=gettext(KINDS[one.report.kind]),
        words=one.report.words,
        steps=steps,
        blocked=one.report.blocked,
    )


def _reported(grant: Grant, line_id: UUID, form: ReportForm) -> None:
    event, _ = _line(grant, line_id)
    access.report(
        grant,
        _professional(event),
        line=line_id,
        accessed_at=event.at,
        kind=ReportKind(form.cleaned_data["kind"]),
        words=form.cleaned_data["words"],
        blocks=form.cleaned_data["block"],
        hidden_from=event.hidden_from,
    )


def _line(grant: Grant, line_id: UUID) -> tuple[TraceEvent, Line]:
    about = known(grant)
    lines = [one for one in trace.lines_of_act(grant, line_id) if one.event.id == line_id]
    seen = shown(lines, about.visible, helper=about.reader is not None)
    if not seen or seen[0].actor_kind is not ActorKind.PROFESSIONAL:
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    return seen[0], line(seen[0], about, dated=True)


def _professional(event: TraceEvent) -> Professional:
    found = identity.professional(event.actor_id)
    if found is None:
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    return found
