"""« Suivi de l’enfant » of a patient: the mandatory examinations, and growth, out of what this professional may see."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.clinical import queries as clinical
from espace.clinical.facts import Kind
from espace.clinical.facts.profile import Section
from espace.clinical.queries.growth import reference
from espace.clinical.queries.profile import profile
from espace.clinical.rules import childhood
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.kernel.words import Refused, Verb
from espace.looks.childhood import groups
from espace.looks.frame import render
from espace.looks.growth_rows import growth_groups, source_of
from espace.looks.words import local_day, said
from espace.workstation.pages.banner import banner_of
from espace.workstation.pages.refused import explained
from espace.workstation.paths import addresses_of, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/child.html"


def child(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    try:
        with visit.open(patient, Verb.LIST) as grant:
            known, stated = clinical.known(grant, {Kind.MEASURE}), profile(grant)
            person = identity.own_person(grant)
            curves = reference(person.traits.sex)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    born, today = person.traits.birth_date, local_day(grant.at)
    examined = stated.choices.examined if Section.VACCINATIONS in stated.sections else {}
    lines = childhood.following(born, today, known.documents, examined)
    adult, address = childhood.adult(born, today), addresses_of(patient, secret=visit.secret).page
    grown = growth_groups(childhood.grown(known.facts, born), curves, address)
    context = {
        "banner": banner_of(person, grant.at),
        "record": patient_path(patient, secret=visit.secret),
        "adult": adult,
        "exams": groups([one for one in lines if one.done] if adult else lines, address),
        "schedule": said(childhood.schedule_at(today).source),
        "groups": grown,
        "source": source_of(grown, curves),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)
