"""« Croissance »: weight, height, head and body mass index of a child at each age, as curves and in tables."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.clinical import queries
from espace.clinical.facts import Kind
from espace.clinical.facts.profile import Section
from espace.clinical.queries.growth import reference
from espace.clinical.rules import childhood
from espace.identity import queries as identity
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.growth_rows import growth_groups, source_of
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path

TEMPLATE = "portal/health/growth.html"


def growth(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        known = queries.known(grant, {Kind.MEASURE})
        traits = identity.own_person(grant).traits
        curves = reference(traits.sex)
    groups = growth_groups(childhood.grown(known.facts, traits.birth_date), curves, document_path)
    context = {
        "groups": groups,
        "source": source_of(groups, curves),
        "add": reverse("health_add", args=[Section.MEASURES.value]),
    }
    return render(request, TEMPLATE, context, name=visit.name)
