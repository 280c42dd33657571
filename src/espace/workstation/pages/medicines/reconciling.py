"""« Conciliation »: each treatment is kept, stopped or to be checked; the document is read again, then deposited.

What it quotes is what everybody who may read it sees anyway (`clinical.queries.shared`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_noop, ngettext

from espace.clinical import queries as clinical
from espace.clinical.rules.naming import product
from espace.clinical.rules.reconciling import MEDICINES, to_reconcile
from espace.clinical.rules.summary import Treatment
from espace.edge import now
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render
from espace.looks.health import Row, Shown
from espace.looks.words import local_day
from espace.record import queries as record
from espace.record.facts import Document
from espace.wire.cda_writing.models.reconciliation import RECONCILIATION, TYPE, reconciliation
from espace.workstation.pages.banner import Banner, banner
from espace.workstation.pages.composing import (
    KEPT,
    SENDING,
    Opened,
    Sending,
    deposited,
    earlier,
    following,
    frame,
    opened,
    preview,
    redirect_filed,
    sealed,
    sending_of,
)
from espace.workstation.pages.medicines.choosing import ROWS, Added, Choice, Choices, Decided, choices_in, wrong_in
from espace.workstation.pages.medicines.composed import named, reconciliation_of
from espace.workstation.pages.medicines.listing import FORM
from espace.workstation.pages.refused import explained
from espace.workstation.pages.versions import beside, beside_words, replaced_words
from espace.workstation.paths import addresses_of, medicines_path, reconcile_path
from espace.workstation.visit import Visit

CHOOSE, PREVIEW = "workstation/reconcile.html", "workstation/reconcile_preview.html"
STEP, LOOK, CORRECT, DEPOSIT = "etape", "apercu", "corriger", "deposer"
STAYS = gettext_noop("La conciliation du %(day)s reste dans le dossier, à côté de celle-ci.")


@dataclass(frozen=True, slots=True)
class Read:
    """What the record says now, and what was chosen: `content` is the document, b"" where something is to be corrected;
    `filed`, that it is there already; `before`, the version that it replaces; `beside`, the others, which stay."""

    banner: Banner
    treatments: Mapping[str, Treatment]
    left_out: int
    choices: Choices
    wrong: Mapping[str, str]
    content: bytes = b""
    filed: UUID | None = None
    before: Document | None = None
    beside: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A treatment of the form: what is known of it, what was chosen, what is to be corrected."""

    name: str
    product: str
    indication: str
    row: Row
    decided: Decided
    error: str


@dataclass(frozen=True, slots=True)
class AddedLine:
    """`alike`: it is called as another line is, whether its author says that it is another medicine or not yet."""

    number: int
    added: Added
    error: str
    alike: bool


def reconcile(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient, step = PatientId(patient_id), request.POST.get(STEP, "")
    sending = sending_of(request.POST.get(SENDING, ""), visit, patient, FORM)
    kept = opened(request.POST.get(KEPT, ""), Choices, visit, patient, FORM) if step in (CORRECT, DEPOSIT) else None
    try:
        with visit.open(patient, Verb.LIST) as grant:
            read = _read(grant, request, kept, sending)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name)
    if step == DEPOSIT and kept and (read.filed or (read.content and kept.saw(read.content))):
        replaced = read.before.id if read.before else None
        filed = read.filed or deposited(visit, patient, read.content, sending, replaces=replaced)
        return redirect_filed(medicines_path(patient), filed, visit, patient, FORM)
    if read.content and step in (LOOK, DEPOSIT):
        return _preview(request, visit, patient, read, sending, changed=step == DEPOSIT)
    return _choose(request, visit, patient, read, sending, checked=step in (LOOK, DEPOSIT))


def _read(grant: Grant, request: HttpRequest, kept: Opened[Choices] | None, sending: Sending) -> Read:
    """Refused to whoever does not write reconciliations, before anything is told."""
    if TYPE not in grant.sight.writes:
        raise Refused(care.NOT_ENTITLED)
    found, today = clinical.shared(grant, MEDICINES, TYPE), local_day(grant.at)
    treatments, who = to_reconcile(found.facts, today), banner(grant)
    choices = kept.choices if kept else choices_in(request.POST, treatments)
    wrong = wrong_in(choices, treatments)
    filed = kept.filed(grant) if kept and request.POST.get(STEP) == DEPOSIT else None
    if wrong:
        return Read(who, treatments, found.left_out, choices, wrong, filed=filed)
    document, documents = reconciliation_of(choices, treatments, today), record.documents(grant)
    before = earlier(documents, grant, RECONCILIATION)
    made = frame(grant, sending, RECONCILIATION, msgspec.json.encode(document))
    content = reconciliation(following(made, before), document)
    others = beside(documents, RECONCILIATION, before)
    return Read(who, treatments, found.left_out, choices, wrong, content, filed, before, others)


def _choose(
    request: HttpRequest, visit: Visit, patient: PatientId, read: Read, sending: Sending, *, checked: bool
) -> HttpResponse:
    """The form; with `checked` it says what is to be corrected."""
    shown, wrong = Shown(addresses_of(patient).page), read.wrong if checked else {}
    rows, decided = (*read.choices.added, *(Added() for _ in range(ROWS)))[:ROWS], read.choices.decided
    context = _common(patient, read, sending) | {
        "lines": [
            _line(name, one, shown.treatment(one), decided.get(name, Decided()), wrong)
            for name, one in read.treatments.items()
        ],
        "added": [_added(row, one, wrong.get(f"nom-{row}", "")) for row, one in enumerate(rows, start=1)],
        "opened": len(read.choices.added) > 1,
        "wrong": wrong,
        "choices": [
            (Choice.KEEP.value, gettext("Garder")),
            (Choice.STOP.value, gettext("Arrêter")),
            (Choice.UNSURE.value, gettext("À vérifier")),
        ],
    }
    return render(request, CHOOSE, context, name=visit.actor.name, status=422 if wrong else 200)


def _line(name: str, one: Treatment, row: Row, decided: Decided, wrong: Mapping[str, str]) -> Line:
    return Line(name, product(one.fact.what), named(one.indications), row, decided, wrong.get(f"t-{name}", ""))


def _added(row: int, added: Added, error: str) -> AddedLine:
    return AddedLine(row, added, error, added.apart or bool(error and added.name))


def _preview(
    request: HttpRequest, visit: Visit, patient: PatientId, read: Read, sending: Sending, *, changed: bool
) -> HttpResponse:
    context = _common(patient, read, sending) | {
        "body": preview(read.content),
        "kept": sealed(read.choices, read.content, visit, patient, FORM),
        "replaced": replaced_words(read.before, now()),
        "beside": list(beside_words(read.beside, gettext(STAYS))),
        "changed": changed,
    }
    return render(request, PREVIEW, context, name=visit.actor.name)


def _common(patient: PatientId, read: Read, sending: Sending) -> dict[str, object]:
    left = read.left_out
    return {
        "banner": read.banner,
        "back": medicines_path(patient),
        "here": reconcile_path(patient),
        "sending": sending.token,
        "left_out": ngettext(
            "%(count)s information n’est pas reprise : certains lecteurs de la conciliation ne la voient pas.",
            "%(count)s informations ne sont pas reprises : certains lecteurs de la conciliation ne les voient pas.",
            left,
        )
        % {"count": left}
        if left
        else "",
    }
