"""« Rédiger la synthèse médicale »: the form, the preview, the deposit, at one address.

It is made of what every reader of a summary may see, and of nothing else; what the record says is read again on each
page, and what was seen in the preview is what is deposited.
"""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_noop, ngettext

from espace.clinical import queries as clinical
from espace.clinical.rules.writing import (
    MOST_WORDS,
    SUMMED_UP,
    Choices,
    Fault,
    Line,
    Part,
    draft,
    faults,
    kept,
)
from espace.edge import now
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care
from espace.kernel.values import replace
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render
from espace.looks.words import local_day
from espace.record import queries as record
from espace.record.facts import Document
from espace.wire.cda_writing import Frame, medical_summary
from espace.wire.cda_writing.models.synthesis import MODEL
from espace.workstation.pages import composing
from espace.workstation.pages.banner import Banner, banner
from espace.workstation.pages.refused import explained
from espace.workstation.pages.summary.form import choices_in, parts, proposed, told
from espace.workstation.pages.summary.wording import chapters
from espace.workstation.pages.versions import beside, beside_words, replaced_words
from espace.workstation.paths import addresses_of, patient_path, summary_path
from espace.workstation.visit import Visit

FORM = "summary"
TYPE = MODEL.type.code
TEMPLATE, PREVIEW = "workstation/summary.html", "workstation/summary_preview.html"
STEP, LOOK, CORRECT, SIGN = "etape", "voir", "corriger", "verser"
STAYS = gettext_noop("La synthèse du %(day)s reste dans le dossier, à côté de celle-ci.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was posted: the step, the choices, and what the preview had shown of them."""

    step: str
    choices: Choices
    seen: composing.Opened[Choices] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The record as it was read for one page. `content` is the document that these choices make, b"" where there is
    something to settle first; `filed`, this very document where it is in the record already; `earlier`, the version
    that it replaces, `beside`, the other summaries, which stay."""

    banner: Banner
    lines: tuple[Line, ...]
    left_out: int
    asked: Asked
    content: bytes = b""
    faults: tuple[tuple[Fault, Part | None], ...] = ()
    filed: UUID | None = None
    earlier: Document | None = None
    beside: tuple[Document, ...] = ()
    gone: int = 0
    """Lines that were kept, and that the record does not say any more."""


def write(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    sending = composing.sending_of(request.POST.get(composing.SENDING, ""), visit, patient, FORM)
    try:
        with visit.open(patient, Verb.LIST) as grant:
            sheet = _sheet(grant, request, visit, sending)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    asked, back = sheet.asked, summary_path(patient)
    if asked.step == SIGN and sheet.filed:
        return composing.redirect_filed(back, sheet.filed, visit, patient, FORM)
    if asked.step == SIGN and asked.seen and sheet.content and asked.seen.saw(sheet.content):
        before = sheet.earlier.id if sheet.earlier else None
        filed = composing.deposited(visit, patient, sheet.content, sending, replaces=before)
        return composing.redirect_filed(back, filed, visit, patient, FORM)
    shown = _preview if asked.step in (LOOK, SIGN) and sheet.content else _form
    return shown(request, visit, patient, sheet, sending)


def _sheet(grant: Grant, request: HttpRequest, visit: Visit, sending: composing.Sending) -> Sheet:
    """Refused to whoever does not write summaries, before anything is told."""
    if TYPE not in grant.sight.writes:
        raise Refused(care.NOT_ENTITLED)
    found = clinical.shared(grant, SUMMED_UP, TYPE)
    lines = draft(found.facts, local_day(grant.at))
    asked = _asked(request, visit, grant.patient, lines)
    sheet = Sheet(banner(grant), lines, found.left_out, asked)
    if asked.step not in (LOOK, SIGN):
        return sheet
    chosen = kept(lines, asked.choices)
    wrong = tuple(faults(chosen, asked.choices))
    gone = len(frozenset(asked.choices.keys) - {line.key for line in lines})
    if wrong:
        filed = asked.seen.filed(grant) if asked.seen and asked.step == SIGN else None
        return replace(sheet, faults=wrong, gone=gone, filed=filed)
    documents, sent = record.documents(grant), msgspec.json.encode(asked.choices)
    frame = composing.frame(grant, sending, MODEL, sent)
    earlier = composing.earlier(documents, grant, MODEL)
    content = medical_summary(_following(frame, earlier, grant), chapters(chosen))
    filed = next((one.id for one in documents if one.entry.unique_id == frame.id), None)
    others = beside(documents, MODEL, earlier)
    return replace(sheet, content=content, filed=filed, earlier=earlier, beside=others, gone=gone)


def _asked(request: HttpRequest, visit: Visit, patient: PatientId, lines: tuple[Line, ...]) -> Asked:
    """From the preview, the choices that it carried; a word that nobody sealed asks for nothing."""
    if request.method != "POST":
        return Asked("", proposed(lines))
    step = request.POST.get(STEP, "")
    if step in (CORRECT, SIGN):
        seen = composing.opened(request.POST.get(composing.KEPT, ""), Choices, visit, patient, FORM)
        return Asked(step, seen.choices, seen) if seen else Asked("", proposed(lines))
    return Asked(LOOK, choices_in(request.POST, lines))


def _following(frame: Frame, earlier: Document | None, grant: Grant) -> Frame:
    """The next version of an earlier summary; the attending doctor says that they are."""
    attending = frame.author if grant.reason is care.ATTENDING_DOCTOR else None
    return composing.following(replace(frame, attending=attending), earlier)


def _form(
    request: HttpRequest, visit: Visit, patient: PatientId, sheet: Sheet, sending: composing.Sending
) -> HttpResponse:
    done = composing.filed_in(request, visit, patient, FORM)
    context = {
        **_around(sheet, patient, sending),
        "parts": () if done else parts(sheet.lines, sheet.asked.choices, addresses_of(patient).page),
        "problems": [told(fault, part) for fault, part in sheet.faults],
        "most": MOST_WORDS,
        "done": done,
        "filed": composing.filed_at(patient, done),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name, status=422 if sheet.faults else 200)


def _preview(
    request: HttpRequest, visit: Visit, patient: PatientId, sheet: Sheet, sending: composing.Sending
) -> HttpResponse:
    asked = sheet.asked
    context = {
        **_around(sheet, patient, sending),
        "body": composing.preview(sheet.content),
        "choices": composing.sealed(asked.choices, sheet.content, visit, patient, FORM),
        "signed": gettext(
            "Vous signez : %(name)s, %(place)s. Votre nom et votre lieu d’exercice sont dans le document."
        )
        % {"name": visit.actor.name, "place": visit.actor.organisation_name},
        "changed": asked.step == SIGN,
        "replaced": replaced_words(sheet.earlier, now()),
        "beside": list(beside_words(sheet.beside, gettext(STAYS))),
    }
    return render(request, PREVIEW, context, name=visit.actor.name)


def _around(sheet: Sheet, patient: PatientId, sending: composing.Sending) -> dict[str, object]:
    return {
        "banner": sheet.banner,
        "record": patient_path(patient),
        "here": summary_path(patient),
        "sending": sending.token,
        "left_out": _left_out(sheet.left_out),
        "gone": _gone(sheet.gone),
    }


def _left_out(count: int) -> str:
    """To the author only: of a document that somebody may not see, its author is not told more."""
    words = ngettext(
        "%(count)s information n’est pas reprise : elle vient d’un document que tous les lecteurs d’une synthèse ne "
        "voient pas.",
        "%(count)s informations ne sont pas reprises : elles viennent de documents que tous les lecteurs d’une "
        "synthèse ne voient pas.",
        count,
    )
    return words % {"count": count} if count else ""


def _gone(count: int) -> str:
    words = ngettext(
        "%(count)s ligne que vous gardiez n’est plus dans le dossier : elle n’est pas reprise.",
        "%(count)s lignes que vous gardiez ne sont plus dans le dossier : elles ne sont pas reprises.",
        count,
    )
    return words % {"count": count} if count else ""
