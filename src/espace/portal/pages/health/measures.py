"""The measures of a profile: by what is measured, with curve and target; and the form of a target (E12)."""

from collections.abc import Iterable, Mapping, Sequence
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
from espace.looks.stated import Link, Row, measured, moment_of, told_day, told_number, told_sender
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
class Last:
    """What was measured: its last value, with its day, and what is wished."""

    code: str
    name: str
    last: str
    target: str


@dataclass(frozen=True, slots=True)
class Group(Last):
    """The same with all its values, newest first."""

    curve: Curve | None
    lines: tuple[Line, ...]


def lasts(found: Profile) -> list[Last]:
    """By measure, in the order in which they are offered; what is not offered any more comes after."""
    return [_last(ordered, found.choices.targets) for ordered in _by_measure(found)]


def groups(found: Profile, rows: Iterable[Row]) -> list[Group]:
    """The same with their values; `rows` say to which documents each is linked."""
    linked = {one.id: one.documents for one in rows}
    return [_group(ordered, found.choices.targets, linked) for ordered in _by_measure(found)]


def _by_measure(found: Profile) -> list[list[Item]]:
    """Of each, its items, the newest first."""
    by_code: dict[str, list[Item]] = {code: [] for code in rules.MEASURES}
    for one in found.of(Section.MEASURES):
        by_code.setdefault(one.values["measure"], []).append(one)
    return [sorted(of, key=moment_of, reverse=True) for of in by_code.values() if of]


def _last(ordered: Sequence[Item], targets: Mapping[str, Target]) -> Last:
    newest = ordered[0]
    code, last = newest.values["measure"], f"{measured(newest)}, {told_day(newest.values['day'])}"
    return Last(code, said(rules.name_of(newest)), last, told_target(code, targets.get(code)))


def _group(ordered: Sequence[Item], targets: Mapping[str, Target], linked: Mapping[UUID, tuple[Link, ...]]) -> Group:
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
    newest = _last(ordered, targets)
    drawn = curve(ordered, targets.get(newest.code))
    return Group(newest.code, newest.name, newest.last, newest.target, drawn, lines)


def told_target(code: str, target: Target | None) -> str:
    """« Objectif : entre 60 et 65 kg »; "" for none."""
    if target is None:
        return ""
    unit = rules.MEASURES[code].shown if code in rules.MEASURES else ""
    values = {"low": told_number(target.low), "high": told_number(target.high), "unit": unit}
    if target.low and target.high:
        words = gettext("Objectif : entre %(low)s et %(high)s %(unit)s")
    elif target.low:
        words = gettext("Objectif : au moins %(low)s %(unit)s")
    else:
        words = gettext("Objectif : au plus %(high)s %(unit)s")
    return (words % values).rstrip()


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
