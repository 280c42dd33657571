"""The measures of a profile: by what is measured, with curve and target; and the form of a target (E12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Item, Profile, Section, Target
from espace.clinical.queries.profile import profile
from espace.clinical.rules import profile as rules
from espace.edge import now
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.stated import Link, Row, measured, told_day, told_number, told_sender
from espace.looks.words import said
from espace.portal.pages.health.curves import Curve, curve
from espace.portal.pages.health.forms import TargetForm
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext

TARGETS = "portal/health/targets.html"


@dataclass(frozen=True, slots=True)
class Line:
    id: UUID
    day: str
    value: str
    comment: str
    documents: tuple[Link, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was measured, newest first; `last` is its last value, with its day."""

    code: str
    name: str
    last: str
    target: str
    curve: Curve | None
    lines: tuple[Line, ...]


def groups(found: Profile, rows: Iterable[Row]) -> list[Group]:
    """By measure, in the order in which they are offered; `rows` say to which documents each is linked."""
    linked = {one.id: one.documents for one in rows}
    items = found.of(Section.MEASURES)
    by_code = {code: [one for one in items if one.values["measure"] == code] for code in rules.MEASURES}
    return [_group(code, of, found.choices.targets.get(code), linked) for code, of in by_code.items() if of]


def _group(code: str, items: Iterable[Item], target: Target | None, linked: Mapping[UUID, tuple[Link, ...]]) -> Group:
    ordered = sorted(items, key=lambda one: (one.values["day"], one.stated_at), reverse=True)
    lines = tuple(
        Line(
            one.id,
            told_day(one.values["day"]),
            measured(one),
            one.values.get("comment", ""),
            linked.get(one.id, ()),
            told_sender(one),
        )
        for one in ordered
    )
    last = f"{lines[0].value}, {lines[0].day}"
    return Group(code, said(rules.MEASURES[code].label), last, told_target(code, target), curve(ordered, target), lines)


def told_target(code: str, target: Target | None) -> str:
    """« Objectif : entre 60 et 65 kg »; "" for none."""
    if target is None:
        return ""
    values = {"low": told_number(target.low), "high": told_number(target.high), "unit": rules.MEASURES[code].shown}
    if target.low and target.high:
        return gettext("Objectif : entre %(low)s et %(high)s %(unit)s") % values
    if target.low:
        return gettext("Objectif : au moins %(low)s %(unit)s") % values
    return gettext("Objectif : au plus %(high)s %(unit)s") % values


def targets(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What is wished of each measure; a form sets one, or takes it away."""
    form = TargetForm(request.POST) if request.method == "POST" else TargetForm()
    if form.is_bound and form.is_valid():
        code, target = form.cleaned_data["measure"], form.cleaned_data["target"]
        visit.decide(Verb.STATE, lambda grant: actions.set_target(grant, measure=code, target=target))
        done = gettext("C’est noté : l’objectif est enregistré.")
        return redirect_saying(reverse("health_targets"), done, reader=visit.actor.id, at=now())
    with visit.open(Verb.LIST) as grant:
        wished = profile(grant).choices.targets
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "form": form,
        "targets": [
            (said(rules.MEASURES[code].label), told_target(code, one))
            for code, one in wished.items()
            if code in rules.MEASURES
        ],
        "back": reverse("health_section", args=[Section.MEASURES.value]),
    }
    return render(request, TARGETS, context, name=visit.name)
