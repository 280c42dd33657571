"""« Suivi de l’enfant »: the mandatory examinations, what each is for, and saying that one was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import childhood
from espace.clinical.rules.childhood import Line
from espace.edge import now
from espace.identity import queries as identity
from espace.kernel.reasons import Sentence, stating
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.childhood import exam, groups
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import local_day, said
from espace.portal.pages.health.words import typed_day
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record import queries as record

LIST, ONE = "portal/health/child.html", "portal/health/examined.html"
ACT, UNSAY = "acte", "retirer"


@dataclass(frozen=True, slots=True)
class Followed:
    """What the record says of a child: born when, each examination, and whether professionals see what is stated."""

    born: date
    lines: tuple[Line, ...]
    hidden: bool


class DoneForm(forms.Form):
    """On which day an examination was done."""

    day = forms.CharField(required=False, strip=False, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, born: date, line: Line, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"day": typed_day(line.done.day)} if line.done else {})
        self.born = born
        self.fields["day"].label = gettext("Quand a-t-il été fait ?")
        self.fields["day"].help_text = gettext("Par exemple 2019, 03/2019 ou 14/03/2019.")

    def clean_day(self) -> str:
        found = childhood.day_done(self.cleaned_data["day"], self.born, local_day(now()))
        if isinstance(found, Sentence):
            raise forms.ValidationError(said(found))
        return found


def child(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    today = local_day(now())
    with visit.open(Verb.LIST) as grant:
        found = followed(grant, today)
    adult = childhood.adult(found.born, today)
    lines = [one for one in found.lines if one.done] if adult else found.lines
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "adult": adult,
        "groups": groups(lines, document_path, exam_path),
        "pressing": bool(childhood.pressing(lines)),
        "source": said(childhood.schedule_at(today).source),
        "hidden": found.hidden,
    }
    return render(request, LIST, context, name=visit.name)


def followed(grant: Grant, today: date) -> Followed:
    chosen = profile(grant).choices
    born = identity.own_person(grant).traits.birth_date
    lines = childhood.following(born, today, record.documents(grant), chosen.examined)
    return Followed(born, lines, Section.VACCINATIONS in chosen.hidden)


def examined(request: HttpRequest, visit: Visit, code: str) -> HttpResponseBase:
    """Say that an examination was done, and when; or take it back. Refused(ITEM_UNKNOWN) for one that there is not."""
    with visit.open(Verb.LIST) as grant:
        found = followed(grant, local_day(now()))
    line = next((one for one in found.lines if one.examination.code == code), None)
    if line is None:
        raise Refused(stating.ITEM_UNKNOWN)
    if request.method == "POST" and request.POST.get(ACT) == UNSAY:
        return _say(visit, code, "", gettext("C’est enlevé : cet examen n’est plus noté comme fait."))
    form = DoneForm(found.born, line, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _say(visit, code, form.cleaned_data["day"], gettext("C’est noté : l’examen est fait."))
    context = {"form": form, "line": exam(line, document_path), "said": bool(line.done), "back": reverse("child")}
    return render(request, ONE, context, name=visit.name)


def exam_path(code: str) -> str:
    return reverse("child_exam", args=[code])


def _say(visit: Visit, code: str, day: str, done: str) -> HttpResponseBase:
    def act(grant: Grant) -> None:
        born = identity.own_person(grant).traits.birth_date
        actions.say_examined(grant, examination=code, typed=day, born=born)

    visit.decide(Verb.STATE, act)
    return redirect_saying(reverse("child"), done, reader=visit.actor.id, at=now())
