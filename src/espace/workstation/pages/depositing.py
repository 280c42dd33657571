"""Depositing from the browser: a PDF becomes a CDA of level 1, a CDA is taken as it is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from espace import edge
from espace.access.queries.entitlement import entitlement
from espace.edge import now
from espace.identity import queries as identity
from espace.identity import rules
from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions, documents
from espace.kernel.reasons import identity as identities
from espace.kernel.words import Actor, Grant, Problem, Refused, RefusedProblems, Verb, Visibility
from espace.looks.frame import render
from espace.looks.words import local_day, said
from espace.record import actions as record
from espace.wire.cda import CdaDocument, parse
from espace.wire.nomenclature import TYPES, type_in_force
from espace.wire.xds import NewDocument, PatientStatement, Submission
from espace.wire.xml import XmlLimits
from espace.workstation.forms import DepositForm
from espace.workstation.pages import written
from espace.workstation.paths import deposit_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/deposit.html"
PDF = b"%PDF-"
SENDING, LONGEST_SENDING = "envoi", 12 * 3600
"""The hidden field of a form, and the seconds for which it stands for one sending."""


def deposit(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    form = DepositForm(
        request.POST or None, request.FILES or None, types=_types(visit.actor), today=local_day(now())
    )
    problems: tuple[Problem, ...] = ()
    sending = _sending(request.POST.get(SENDING, ""), visit.actor, patient)
    if request.method == "POST" and form.is_valid():
        try:
            _file(visit, patient, form, sending)
            return HttpResponseRedirect(f"{deposit_path(patient)}?fait=1")
        except RefusedProblems as refused:
            problems = refused.problems
        except Refused as refused:
            if refused.reason not in _ABOUT_THE_FILE:
                raise
            problems = (Problem(refused.reason, refused.place, refused.detail),)
    return _page(request, visit, patient, form, problems, sending)


@dataclass(frozen=True, slots=True)
class Sending:
    """One form shown once: what is sent with it twice is the same document, made at the same moment."""

    token: str
    at: datetime

    def id(self, *sent: bytes) -> UUID:
        return uuid5(NAMESPACE_OID, hashlib.sha256(b"\0".join((self.token.encode(), *sent))).hexdigest())


def _sending(token: str, actor: Actor, patient: PatientId) -> Sending:
    """The sending that this form began, or another where it is old, forged or of another patient."""
    salt = f"workstation.deposit.{actor.id}.{patient}"
    try:
        said = signing.loads(token, salt=salt, max_age=LONGEST_SENDING)
        return Sending(token, datetime.fromisoformat(said["at"]))
    except signing.BadSignature:
        at = now()
        return Sending(signing.dumps({"id": str(edge.new_id()), "at": at.isoformat()}, salt=salt), at)


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
    """The form tells nothing of the patient, and opens nothing: the deposit does."""
    context = {
        "form": form,
        "done": request.method == "GET" and request.GET.get("fait") == "1",
        "sending": sending.token,
        "problems": [_told(problem) for problem in problems],
        "paths": {"record": patient_path(patient), "deposit": deposit_path(patient)},
    }
    status = 422 if problems else 200
    return render(request, TEMPLATE, context, name=visit.actor.name, status=status)


def _told(problem: Problem) -> str:
    """The rule, where and what: a header is full of places, and its writer needs them."""
    reason = problem.reason
    words = [said(one) for one in (reason.professional, reason.fix) if one]
    where = f"({problem.place})" if problem.place.startswith("/") else ""
    return " ".join(filter(None, (*words, where)))


def _types(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The kinds that this profession writes, in force today, by label."""
    _reads, writes = entitlement(actor.profession, now())
    today = local_day(now())
    known = ((one.label_fr, code) for code, one in TYPES.items() if one.dmp and one.label_fr and code in writes)
    return tuple((code, label) for label, code in sorted(known) if type_in_force(code, today))


def _file(visit: Visit, patient: PatientId, form: DepositForm, sending: Sending) -> None:
    """Decision, trace, then the document: its header is written from the identity that the record itself knows."""
    file: UploadedFile[Any] = form.cleaned_data["file"]
    data, said_of_it = file.read(), form.cleaned_data
    restrictions = frozenset(Visibility(one) for one in [said_of_it["visibility"]] if one)

    def act(grant: Grant) -> None:
        _require_birth_date(grant, said_of_it["born"])
        content = _as_pdf(grant, data, said_of_it, sending) if data.startswith(PDF) else data
        header = _header(content)
        _require_qualified(header.patient)
        submission = _submission(header, content, restrictions, sending)
        record.submit(grant, submission=submission, headers=[header])

    visit.decide(patient, Verb.DEPOSIT, act, hidden_from=restrictions)


def _require_birth_date(grant: Grant, born: date) -> None:
    """One digit wrong in an INS is caught by its key, a wrong patient by this (B23)."""
    identity.require_traits(grant, (PatientStatement(place="", birth_date=born),))


def _require_qualified(stated: PatientStatement) -> None:
    """The header states a qualified INS; whether it is this patient's is for the record to say, which looks nobody
    else up: what is uploaded here must not tell who has a space."""
    ins = rules.one_ins((stated,))
    if isinstance(ins, Problem):
        raise RefusedProblems((ins,))
    if wrong := rules.ins_problem(ins, test_identities=settings.ESPACE_TEST_IDENTITIES):
        raise RefusedProblems((Problem(wrong, stated.place),))
    if problem := rules.qualification_problem((stated,)):
        raise RefusedProblems((problem,))


def _as_pdf(grant: Grant, data: bytes, said_of_it: Mapping[str, object], sending: Sending) -> bytes:
    """A CDA of level 1 around a PDF. Raises CDA_INCOMPLETE naming what the form lacks."""
    missing = [name for name in ("type", "title", "happened") if not said_of_it[name]]
    if missing:
        raise RefusedProblems(tuple(Problem(documents.CDA_INCOMPLETE, name) for name in missing))
    day = said_of_it["happened"]
    assert isinstance(day, date)
    began = datetime.combine(day, time(12), timezone.get_default_timezone())
    actor = grant.actor
    professional = identity.professional(actor.id)
    if professional is None or actor.organisation is None:
        raise Refused(decisions.NO_RULE_ALLOWS)
    activity = next((one for one in professional.activities if one.organisation == actor.organisation), None)
    if activity is None:
        raise Refused(decisions.NO_RULE_ALLOWS)
    about = written.About(str(said_of_it["type"]), str(said_of_it["title"]), min(began, sending.at))
    person = identity.own_person(grant)
    id = sending.id(b"document", data, about.type_code.encode(), about.title.encode(), about.began.isoformat().encode())
    return written.level_one(data, about, person=person, by=professional, where=activity, at=sending.at, id=id)


def _header(content: bytes) -> CdaDocument:
    limits = XmlLimits(max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES, max_depth=settings.ESPACE_MAX_XML_DEPTH)
    result = parse(content, zone=timezone.get_default_timezone(), limits=limits)
    if result.document is None:
        raise RefusedProblems(result.problems)
    return result.document


def _submission(
    header: CdaDocument, content: bytes, restrictions: frozenset[Visibility], sending: Sending
) -> Submission:
    """The metadata follow from the header (CI-SIS, CDA→XDS); the patient stated is the one of the header."""
    entry = written.entry_of(header, content)
    entry = replace(entry, visibility=entry.visibility | restrictions)
    document = NewDocument(entry, content, (header.patient,))
    return Submission(f"urn:uuid:{sending.id(b'set', content)}", "", sending.at, (document,), title=entry.title)
