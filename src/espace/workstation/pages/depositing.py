"""Depositing from the browser: a PDF becomes a CDA of level 1, a CDA is taken as it is."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from espace.access.queries import relation
from espace.access.rules import may_read
from espace.edge import now
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions, documents
from espace.kernel.reasons import identity as identities
from espace.kernel.values import replace
from espace.kernel.words import (
    Comparing,
    Grant,
    Problem,
    Purpose,
    Refused,
    RefusedProblems,
    Verb,
    Visibility,
)
from espace.looks.frame import render
from espace.looks.words import local_day, said
from espace.wire.xds import PatientStatement
from espace.workstation.forms import DepositForm
from espace.workstation.pages import written
from espace.workstation.pages.banner import Banner, banner, ins_alone
from espace.workstation.pages.composing import (
    SENDING,
    Sending,
    author,
    filed_at,
    filed_in,
    redirect_filed,
    sending_of,
    submitted,
)
from espace.workstation.pages.kinds import kinds_written
from espace.workstation.paths import consent_path, deposit_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/deposit.html"
BORN = "born"
"""The field of the form, and the place of a refusal that it answers."""
FORM = "deposit"


def deposit(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    form = DepositForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        types=kinds_written(visit.actor),
        today=local_day(now()),
    )
    problems: tuple[Problem, ...] = ()
    sending = sending_of(request.POST.get(SENDING, ""), visit, patient, FORM)
    if request.method == "POST" and form.is_valid():
        try:
            filed = _file(visit, patient, form, sending)
            return redirect_filed(deposit_path(patient, secret=visit.secret), filed, visit, patient, FORM)
        except RefusedProblems as refused:
            problems = refused.problems
        except Refused as refused:
            if refused.reason not in _ABOUT_THE_FILE:
                raise
            problems = (Problem(refused.reason, refused.place, refused.detail),)
    return _page(request, visit, patient, form, problems, sending)


_ABOUT_THE_FILE = frozenset(
    reason for table in (documents, identities) for reason in vars(table).values() if hasattr(reason, "told_code")
)
"""Refusals that another file or another field would answer; the others are about the record itself."""


def _page(
    request: HttpRequest,
    visit: Visit,
    patient: PatientId,
    form: DepositForm,
    problems: tuple[Problem, ...],
    sending: Sending,
) -> HttpResponse:
    """The form says whose record this is, as far as it may be told, and nothing of what is in it."""
    who, readable = _whose(visit, patient)
    beside = [_beside(form, problem) for problem in problems]
    if form.errors and "file" in request.FILES and "file" not in form.errors:
        form.add_error("file", gettext("Choisissez de nouveau le fichier : le navigateur ne le garde pas."))
    done = filed_in(request, visit, patient, FORM)
    context = {
        "form": form,
        "banner": who,
        "readable": readable,
        "done": done,
        "filed": filed_at(patient, done, secret=visit.secret),
        "sending": sending.token,
        "problems": [_told(problem) for problem, told in zip(problems, beside, strict=True) if not told],
        "paths": {
            "back": (patient_path if readable else consent_path)(patient, secret=visit.secret),
            "deposit": deposit_path(patient, secret=visit.secret),
        },
        "secret": visit.secret,
    }
    status = 422 if problems else 200
    return render(request, TEMPLATE, context, name=visit.actor.name, status=status)


def _whose(visit: Visit, patient: PatientId) -> tuple[Banner | None, bool]:
    """Whose record this is, and whether its documents may be read; a suspended one is fed, and tells nothing."""
    try:
        with replace(visit, purpose=Purpose.CARE).open(patient, Verb.STATUS) as grant:
            known = relation(grant)
            readable = may_read(known, grant.at, regulates=grant.actor.regulates, secret=visit.secret)
            return banner(grant) if readable else ins_alone(grant), readable
    except Refused as refused:
        if refused.reason is not decisions.SPACE_SUSPENDED:
            raise
        return None, False


def _beside(form: DepositForm, problem: Problem) -> bool:
    """Whether this was said beside the field that it is about."""
    if problem.place == BORN:
        words = gettext("Ce n’est pas la date de naissance de ce patient : vérifiez-la, et que c’est le bon dossier.")
        form.add_error(BORN, words)
    elif problem.reason is documents.XML_MALFORMED:
        form.add_error("file", " ".join((gettext("Choisissez un PDF ou un CDA."), _told(problem))))
    else:
        return False
    return True


def _told(problem: Problem) -> str:
    """The rule, where and what: a header is full of places, and its writer needs them."""
    reason = problem.reason
    words = [said(one) for one in (reason.professional, reason.fix) if one]
    where = f"({problem.place})" if problem.place.startswith("/") else ""
    return " ".join(filter(None, (*words, where)))


def _file(visit: Visit, patient: PatientId, form: DepositForm, sending: Sending) -> UUID | None:
    """Decision, trace, then the document: its header is written from the identity that the record itself knows.

    Its id, where whoever may read the record reads it too.
    """
    file: UploadedFile[Any] = form.cleaned_data["file"]
    data, said_of_it = file.read(), form.cleaned_data
    restrictions = frozenset(Visibility(one) for one in [said_of_it["visibility"]] if one)

    def act(grant: Grant) -> UUID | None:
        _require_birth_date(grant, said_of_it[BORN], alone=form.is_pdf)
        content = _as_pdf(grant, data, form, sending) if form.is_pdf else data
        return submitted(grant, content, restrictions, sending)

    return visit.decide(patient, Verb.DEPOSIT, act, hidden_from=restrictions)


def _require_birth_date(grant: Grant, born: date, *, alone: bool) -> None:
    """One digit wrong in an INS is caught by its key, a wrong patient by this (B23).

    That it is the birth date is told where nothing else is compared (`alone`), or to whoever may know it: elsewhere
    it would tell that the rest agrees.
    """
    try:
        identity.require_traits(grant, (PatientStatement(place="", birth_date=born),))
    except Refused as refused:
        told = alone or grant.comparing is Comparing.OPEN
        if told and refused.reason is identities.TRAITS_DISAGREE:
            raise Refused(refused.reason, place=BORN) from refused
        raise


def _as_pdf(grant: Grant, data: bytes, form: DepositForm, sending: Sending) -> bytes:
    """A CDA of level 1 around a PDF, of which the form says kind, title and day."""
    said_of_it = form.cleaned_data
    day: date = said_of_it["happened"]
    began = datetime.combine(day, time(12), timezone.get_default_timezone())
    by, where = author(grant.actor)
    about = written.About(str(said_of_it["type"]), str(said_of_it["title"]), min(began, sending.at))
    person = identity.own_person(grant)
    id = sending.id(b"document", data, about.type_code.encode(), about.title.encode(), about.began.isoformat().encode())
    return written.level_one(data, about, person=person, by=by, where=where, at=sending.at, id=id)
