"""« Pourquoi ? », from a line of the history: the decision of that line, from what the line itself keeps of that day.

Nothing is decided anew: who may read today, or what the matrix says today, does not change what a line says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.access.facts import How
from espace.access.queries.entitlement import matrix_in_force
from espace.access.rules.entitlements import Cell
from espace.kernel.reasons import REASONS, decisions
from espace.kernel.reasons.helped import logged_to_helper
from espace.kernel.values import replace
from espace.kernel.words import Refused, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.professions import profession_name
from espace.looks.words import counted_documents, full_date, full_moment, local_day, said
from espace.portal.pages.entitlements import source_words
from espace.portal.pages.lines import Known, known, line, report_path
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record.facts import Document
from espace.record.rules import line_shown
from espace.trace import queries as trace
from espace.trace.facts import CHANGED, Outcome, TraceEvent, TraceLine
from espace.wire.nomenclature import type_label

TEMPLATE = "portal/explaining.html"
_READ = frozenset({Verb.READ, Verb.DOWNLOAD})

_HOW: Mapping[str, str] = {
    How.ORAL: gettext_noop("Accord donné de vive voix"),
    How.WRITTEN: gettext_noop("Accord donné par écrit"),
    How.HOLDER: gettext_noop("Accès donné par vous, dans votre espace"),
}


_ATTRIBUTES: Mapping[str, str] = {
    "title": gettext_noop("titre"),
    "comments": gettext_noop("commentaire"),
    "typeCode": gettext_noop("type de document"),
    "classCode": gettext_noop("catégorie"),
    "author": gettext_noop("auteur"),
    "legalAuthenticator": gettext_noop("responsable"),
    "serviceStartTime": gettext_noop("début de l’acte"),
    "serviceStopTime": gettext_noop("fin de l’acte"),
    "eventCodeList": gettext_noop("actes"),
    "practiceSettingCode": gettext_noop("cadre d’exercice"),
    "healthcareFacilityTypeCode": gettext_noop("lieu d’exercice"),
    "referenceIdList": gettext_noop("références"),
    "languageCode": gettext_noop("langue"),
    "formatCode": gettext_noop("format technique"),
    "relatesTo": gettext_noop("lien avec un autre document"),
    "folder": gettext_noop("classement par qui l’a déposé"),
}
"""What may be stated anew of a document, by its name in XDS (`record.rules.RESTATABLE`), and what links it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the decision stood on: what it is, what it was that day."""

    label: str
    value: str


def why(request: HttpRequest, visit: Visit, line_id: UUID) -> HttpResponseBase:
    """Refused for a line that is not there and for one that the reader may not see, alike."""
    with visit.open(Verb.HISTORY) as grant:
        about = known(grant)
        act = _readable(trace.lines_of_act(grant, line_id), about)
    event = next((one for one in act if one.id == line_id), None)
    if event is None:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    reason = REASONS.get(event.reason)
    unseen = _unseen(event, act, about)
    context = {
        "line": replace(line(event, about, dated=True), report=report_path(event)),
        "allowed": event.outcome is Outcome.ALLOWED,
        "reason": said(reason.holder if visit.own else logged_to_helper(reason)) if reason else "",
        "law": said(reason.professional) if reason and visit.own else "",
        "facts": _facts(event),
        "cells": _cells(event, about),
        "entitlement_path": _entitlement(event),
        "listed": unseen is not None,
        "unseen": [(document_path(one.id), cards.title(one)) for one in unseen or ()],
        "unseen_counted": counted_documents(len(unseen or ())).lower(),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _readable(lines: Sequence[TraceLine], about: Known) -> list[TraceEvent]:
    helper = about.reader is not None
    events = (one.event for one in lines)
    return [one for one in events if line_shown(one.verb, one.objects, one.hidden_from, about.visible, helper=helper)]


def _facts(event: TraceEvent) -> list[Fact]:
    """The consent or the emergency of that day, and what else the decision looked at."""
    grounds = event.grounds
    found = (
        (gettext("Profession"), profession_name(grounds.get("profession", ""))),
        (_given(grounds), _moment(grounds.get("given", ""))),
        (gettext("Enregistré par"), _recorder(event)),
        (gettext("Raison déclarée"), grounds.get("words", "")),
        (gettext("Valable jusqu’au"), _moment(grounds.get("until", "")) or _endless(grounds)),
        (gettext("Documents masqués aux professionnels"), _masked(grounds.get("masked", ""))),
        (gettext("Ce qui est dit autrement"), _restated(grounds)),
    )
    return [Fact(label, value) for label, value in found if value]


def _given(grounds: Mapping[str, str]) -> str:
    said = _HOW.get(grounds.get("how", ""))
    return gettext(said) if said else gettext("Urgence déclarée")


def _recorder(event: TraceEvent) -> str:
    """Who recorded a consent: of a team's, whoever did; the holder's own was recorded by nobody else."""
    how = event.grounds.get("how", "")
    if how in ("", How.HOLDER):
        return ""
    return event.grounds.get("recorder", "") or event.actor_name


def _endless(grounds: Mapping[str, str]) -> str:
    return gettext("Sans date de fin") if grounds.get("how") and "until" not in grounds else ""


def _masked(word: str) -> str:
    words = {"shown": gettext("Montrés à cette personne"), "hidden": gettext("Pas montrés, sauf ceux qu’elle a écrits")}
    return words.get(word, "")


def _restated(grounds: Mapping[str, str]) -> str:
    """What whoever deposited or wrote the documents of the line now says otherwise of them; never what they say."""
    said = {one for name, text in grounds.items() if name.startswith(CHANGED) for one in text.split(", ")}
    return ", ".join(gettext(words) for name, words in _ATTRIBUTES.items() if name in said)


def _moment(text: str) -> str:
    try:
        return full_moment(datetime.fromisoformat(text))
    except ValueError:
        return ""


def _cells(event: TraceEvent, about: Known) -> list[str]:
    """Of each document that was read, what the matrix of that day said of its type and of that profession."""
    profession = event.grounds.get("profession", "")
    read = [about.documents[one] for one in event.objects if one in about.documents] if event.verb in _READ else []
    if not profession or not read or event.outcome is not Outcome.ALLOWED:
        return []
    matrix = matrix_in_force(local_day(event.at))
    cells = {cell.type_code: cell for cell in matrix.cells if cell.profession == profession}
    return [_cell(one, cells, full_date(matrix.in_force_from)) for one in read]


def _cell(document: Document, cells: Mapping[str, Cell], day: str) -> str:
    code = document.entry.type.code if document.entry.type else ""
    cell = cells.get(code)
    values = {"type": type_label(code) or code or gettext("Sans type"), "day": day}
    if cell is None:
        return gettext("« %(type)s » : les règles en vigueur depuis le %(day)s ne nomment pas ce type.") % values
    values["source"] = source_words(cell)
    if cell.read:
        return gettext("« %(type)s » : lu par cette profession (règles du %(day)s ; %(source)s).") % values
    return gettext("« %(type)s » : pas lu par cette profession, sauf par qui l’a écrit (règles du %(day)s).") % values


def _entitlement(event: TraceEvent) -> str:
    profession = event.grounds.get("profession", "")
    return reverse("entitlement", args=[profession]) if profession_name(profession) else ""


def _unseen(event: TraceEvent, act: Sequence[TraceEvent], about: Known) -> tuple[Document, ...] | None:
    """Of a list that was shown whole, the documents that were there that day and were not in it; None for any other
    line, which does not tell."""
    if event.verb is not Verb.LIST or event.grounds.get("listed") != "all" or event.outcome is not Outcome.ALLOWED:
        return None
    there = {one for part in act for one in part.objects}
    missing = (one for one in about.documents.values() if one.deposited_at < event.at and one.id not in there)
    return cards.newest_first(tuple(missing))
