"""Finding a patient by INS: typed, or as the datamatrix gives it. Never by name (B23)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from espace.access.facts import Found
from espace.access.queries import emergencies_of, relation
from espace.access.rules import may_read
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.identity.rules import ins_problem, typed_ins
from espace.kernel.ids import PatientId
from espace.kernel.reasons import identity as identities
from espace.kernel.values import replace
from espace.kernel.words import Problem, Refused, RefusedProblems, Verb
from espace.looks.frame import render
from espace.looks.words import full_moment, said
from espace.wire.datamatrix import is_datamatrix, read_datamatrix
from espace.wire.xds import PatientStatement
from espace.workstation.forms import FindForm
from espace.workstation.paths import consent_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/home.html"
SERVER_FAULT = 500
_WITH_DETAIL = frozenset({identities.TRAITS_DISAGREE})
"""Refusals whose detail helps whoever may read the record and holds the card: which traits differ."""


def home(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """An outage keeps the form and what was typed, and is an outage for whoever reads the status."""
    form, status = FindForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        try:
            looking = replace(visit, secret=form.cleaned_data["secret"])
            return HttpResponseRedirect(_way_to(looking, form.cleaned_data["ins"]))
        except Refused as refused:
            form.add_error("ins", _told(refused))
            status = refused.reason.status if refused.reason.status >= SERVER_FAULT else status
    return _page(request, visit, form, status)


def _page(request: HttpRequest, visit: Visit, form: FindForm, status: int) -> HttpResponse:
    told = [(patient_path(one.patient), full_moment(one.at)) for one in emergencies_of(visit.actor, now())]
    context = {"form": form, "actor": visit.actor, "emergencies": told}
    return render(request, TEMPLATE, context, name=visit.actor.name, status=status)


def _told(refused: Refused) -> str:
    """What happened and what to do; an opposed space is told as one that does not exist."""
    reason = refused.reason
    words = " ".join(said(one) for one in (reason.professional, reason.fix) if one)
    return f"{words} ({refused.detail})" if reason in _WITH_DETAIL and refused.detail else words


def _way_to(visit: Visit, text: str) -> str:
    """The record where it may be read, else the page that says how to get access. Raises Refused."""
    statement = _statement(text)
    patient = _patient(statement)
    whole = bool(statement.birth_name)
    with visit.open(patient, Verb.STATUS, found=Found(ins=statement.number), compares=whole) as grant:
        if whole:
            identity.require_traits(grant, (statement,))
        known = relation(grant)
        readable = may_read(known, grant.at, regulates=grant.actor.regulates, secret=visit.secret)
    return (patient_path if readable else consent_path)(grant.patient, secret=visit.secret)


def _statement(text: str) -> PatientStatement:
    """What was typed or read. Raises INS_* and DATAMATRIX_*."""
    tests = settings.ESPACE_TEST_IDENTITIES
    if not is_datamatrix(text):
        number = typed_ins(text, check_key=not tests)
        if isinstance(number, Problem):
            raise RefusedProblems((number,))
        return PatientStatement(place="ins", number=number)
    read = read_datamatrix(text)
    if isinstance(read, Problem):
        raise RefusedProblems((read,))
    if wrong := ins_problem(Ins(read.number, read.authority), test_identities=tests):
        raise Refused(wrong)
    return read


def _patient(statement: PatientStatement) -> PatientId | None:
    """Whose INS this is: the gate refuses one that nobody bears as it does that of an opposed person."""
    if statement.authority:
        return identity.patient_of(Ins(statement.number, statement.authority))
    return identity.patient_of_number(statement.number, test_identities=settings.ESPACE_TEST_IDENTITIES)

