"""« Donner accès »: the holder’s own consent for a professional, for good or until a day, and how they end it (C28)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_noop

from espace.access import actions, queries
from espace.access.facts import Relation
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Professional
from espace.kernel.reasons import care
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.looks.professions import profession_name
from espace.looks.words import local_day
from espace.portal.forms import GiveForm
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.directory import place, trade
from espace.portal.pages.readers import about
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext

TEMPLATE = "portal/give.html"


@dataclass(frozen=True, slots=True)
class Whom:
    professional: Professional
    relation: Relation | None

    @property
    def about(self) -> str:
        return about(trade(self.professional), *map(place, self.professional.activities[:1]))


def give_access(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    form = GiveForm(request.POST if request.method == "POST" else None, today=local_day(now()))
    if request.method == "POST" and form.is_valid():
        until = _end_of(form.cleaned_data["day"])
        name = visit.decide(Verb.GIVE_ACCESS, lambda grant: _given(grant, professional_id, until))
        said = gettext("C’est fait : %(name)s peut lire votre espace.") % {"name": name}
        return redirect_saying(reverse("sharing"), said, reader=visit.actor.id, at=now())
    with visit.open(Verb.HISTORY) as grant:
        whom = _whom(grant, professional_id)
    context = {"whom": whom.professional.name, "about": whom.about, "form": form, "back": reverse("sharing")}
    return render(request, TEMPLATE, context, name=visit.name)


def _given(grant: Grant, professional_id: UUID, until: datetime | None) -> str:
    whom = _whom(grant, professional_id)
    actions.give_access(grant, whom.professional, until=until)
    return whom.professional.name


def _whom(grant: Grant, professional_id: UUID) -> Whom:
    """Raises Refused for nobody, for whoever does not practise any more, and for whoever is blocked."""
    found = identity.professional(professional_id)
    if found is None or not found.active:
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    relation = next((one for one in queries.relations(grant) if one.professional == professional_id), None)
    if relation and relation.blocked_at is not None:
        raise Refused(care.PROFESSIONAL_BLOCKED)
    return Whom(found, relation)


def _end_of(day: date | None) -> datetime | None:
    """The end of that day in France; None for no end."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), get_default_timezone())


END_ACCESS = Act(
    Verb.END_ACCESS,
    title=gettext_noop("Retirer l’accès à %(name)s ?"),
    effects=(
        gettext_noop("Votre accord pour cette personne prend fin, et sa place dans une équipe de soins aussi."),
        gettext_noop("Elle pourra encore déposer des documents : ils sont à vous."),
        gettext_noop("Elle pourra vous redemander votre accord. Pour l’empêcher, bloquez-la plutôt."),
    ),
    button=gettext_noop("Retirer l’accès"),
    done=gettext_noop("C’est fait : l’accord donné à %(name)s a pris fin."),
)


def end_access(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    def look(grant: Grant) -> Object:
        one = _known(grant, professional_id)
        named = gettext("Vous l’avez désignée : elle lit encore votre espace, tant que vous ne la retirez pas.")
        also = (named,) if one.attending or one.administrator_since else ()
        return Object(about(profession_name(one.profession), one.organisation_name), one.name, also)

    def press(grant: Grant) -> str:
        actions.end_access(grant, professional_id)
        return _known(grant, professional_id).name

    back = reverse("sharing")
    return confirmed(request, visit, END_ACCESS, opened_to=Verb.HISTORY, look=look, press=press, back=back)


def _known(grant: Grant, professional_id: UUID) -> Relation:
    for one in queries.relations(grant):
        if one.professional == professional_id:
            return one
    raise Refused(care.PROFESSIONAL_UNKNOWN)
