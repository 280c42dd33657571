"""« Ajouter un document »: several files at once, what they are, and what is wrong with them beside their field (D29).

The bytes decide what a file is. The same bytes sent again, by a double click or a second try, are the same document.
"""

import re
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_protect

from espace.edge import now
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem, Refused, RefusedProblems, Verb
from espace.looks.frame import render
from espace.looks.middleware import PAGE_POLICY
from espace.looks.notes import redirect_saying
from espace.looks.words import said
from espace.portal.pages.own.choosing import NAME, to_list_saying
from espace.portal.pages.own.forms import MOST_TITLE, AddForm
from espace.portal.pages.own.receiving import MOST_FILES, InMemory, announced, most_bytes
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import actions
from espace.record.actions.photos import PHOTO_MAX_BYTES
from espace.record.facts import Inspected, Upload

TEMPLATE = "portal/own/adding.html"
POLICY = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'"
"""The one page with a script of ours: it shows how much of a file has gone."""
PROGRESS = "X-Espace-Progress"
"""Sent by that script, which follows a redirection by itself: the page after is read once."""

_PLACE = re.compile(r"files\[(\d{1,3})\](?:\.(\w+))?", re.ASCII)
_FIELDS = {"type": "type_code", "title": "title", "day": "day"}
"""The field of the form for what the record finds wrong, the files for anything else."""


def add(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The body is read now that somebody is signed in, in memory, and then only the token against forgery checked."""
    request.upload_handlers = [InMemory(request)]
    response: HttpResponseBase = _protected(request, visit)
    return response


@csrf_protect
def _protected(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, visit, AddForm())
    form = AddForm(request.POST, request.FILES)
    answer = _tried(form, visit) if form.is_valid() else None
    if answer is None:
        return _page(request, visit, form)
    progress = request.headers.get(PROGRESS) == "1"
    return JsonResponse({"next": answer.headers["Location"]}) if progress else answer


def _tried(form: AddForm, visit: Visit) -> HttpResponseBase | None:
    """The redirection once all is added; None when something is wrong, which the form says then."""
    sent = [(one.name or "", one.read()) for one in form.cleaned_data["chosen"]]
    names = [name for name, _ in sent]
    try:
        uploads = _uploads(form, sent)
        names = [one.name for one in uploads]
        return _added(actions.inspected(uploads), visit)
    except RefusedProblems as refused:
        for problem in refused.problems:
            form.add_error(*_fault(problem, names))
    except Refused as refused:
        if refused.reason is not reasons.FILES_BUSY:
            raise
        form.add_error(*_fault(Problem(refused.reason, "files"), names))
    return None


def _added(uploads: Sequence[Inspected], visit: Visit) -> HttpResponseBase:
    ids = tuple(dict.fromkeys(visit.decide(Verb.ADD, lambda grant: actions.add(grant, uploads=uploads))))
    if len(ids) == 1:
        done = gettext("C’est fait : le document est ajouté.")
        return redirect_saying(document_path(ids[0]), done, reader=visit.actor.id, at=now())
    done = ngettext(
        "C’est fait : %(count)s document est ajouté.", "C’est fait : %(count)s documents sont ajoutés.", len(ids)
    ) % {"count": len(ids)}
    return to_list_saying(done, visit, name="describe", words=[(NAME, str(one)) for one in ids])


def _uploads(form: AddForm, sent: Sequence[tuple[str, bytes]]) -> tuple[Upload, ...]:
    """What was sent, as the record takes it: one of all the photos of a document, or one for each file."""
    stated = form.cleaned_data
    files = [_together(sent)] if stated["together"] else sent
    titles = _titles(stated["title"], len(files))
    return tuple(
        Upload(name, data, title, stated["type_code"], stated["day"])
        for (name, data), title in zip(files, titles, strict=True)
    )


def _together(sent: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Photos as one PDF, which bears the name of the first. Raises RefusedProblems."""
    first = sent[0][0]
    try:
        made = actions.photos_to_pdf([data for _, data in sent])
    except RefusedProblems:
        raise
    except Refused as refused:
        if refused.reason not in (reasons.FILE_OUTSIZED, reasons.FILE_BROKEN):
            raise
        raise RefusedProblems((Problem(refused.reason, "files"),)) from None
    return f"{first.rpartition('.')[0] or first}.pdf", made


def _titles(title: str, count: int) -> list[str]:
    """The title for each file; numbered when there are several, for nobody finds their way among equal titles."""
    if not title or count == 1:
        return [title] * count
    return [f"{title[: MOST_TITLE - 6]} ({number})" for number in range(1, count + 1)]


def _fault(problem: Problem, names: Sequence[str]) -> tuple[str, str]:
    """The field, and what it says: « scan.pdf » : what is wrong with it, and what to do."""
    words = " ".join(said(one) for one in (problem.reason.holder, problem.reason.fix) if one)
    found = _PLACE.fullmatch(problem.place)
    if found and found[2] in _FIELDS:
        return _FIELDS[found[2]], words
    if found is None or int(found[1]) >= len(names):
        return "chosen", words
    return "chosen", gettext("« %(name)s » : %(what)s") % {"name": names[int(found[1])], "what": words}


def _page(request: HttpRequest, visit: Visit, form: AddForm) -> HttpResponseBase:
    context = {
        "form": form,
        "each": announced(settings.ESPACE_UPLOAD_MAX_BYTES),
        "each_bytes": settings.ESPACE_UPLOAD_MAX_BYTES,
        "photo_bytes": PHOTO_MAX_BYTES,
        "photo": announced(PHOTO_MAX_BYTES),
        "most_files": MOST_FILES,
        "most_bytes": most_bytes(),
        "back": reverse("documents"),
    }
    response = render(request, TEMPLATE, context, name=visit.name)
    response.headers["Content-Security-Policy"] = POLICY
    return response
