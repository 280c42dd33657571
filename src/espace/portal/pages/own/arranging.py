"""« Ranger »: a folder for documents, a pin to keep them on top of the list; one of them or those of a selection (D33).

Folders and pins are the holder's own: nobody else ever learns of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from espace.edge import now
from espace.kernel.words import Grant, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.portal.pages.beside import refused_beside
from espace.portal.pages.own.choosing import address, among, chosen_ids, ids_in, list_words, to_list_saying
from espace.portal.pages.own.folders import ABOUT_THE_NAME
from espace.portal.pages.own.forms import FolderForm
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import UNSET, Document, Folder, Unset

TEMPLATE = "portal/own/arranging.html"
NEW, NONE = "nouveau", "aucun"
"""What the form says for a folder that is still to be made, and for no folder."""
UNCHOSEN = "rien"
"""In the address of the list, after a press that nothing was chosen for."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


def arrange(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Which folder the documents go to; of one document, whether it is pinned."""
    ids = chosen_ids(request)
    if request.method != "POST":
        return _page(request, visit, ids, FolderForm())
    wanted = _wanted(request)
    form = FolderForm(request.POST if wanted == NEW else {"name": NEW})
    if not form.is_valid():
        return _page(request, visit, ids, form, wanted)
    pinned = request.POST.get("epingle") == "1" if len(ids) == 1 else None

    def act(grant: Grant) -> None:
        actions.arrange(grant, documents=ids, folder=_folder(grant, wanted, form), pinned=pinned)

    if (refused := refused_beside(ABOUT_THE_NAME, lambda: visit.decide(Verb.ARRANGE, act))) is not None:
        form.add_error("name", refused)
        return _page(request, visit, ids, form, wanted)
    done = ngettext(
        "C’est fait : le document est rangé.", "C’est fait : %(count)s documents sont rangés.", len(ids)
    ) % {"count": len(ids)}
    if len(ids) == 1:
        return redirect_saying(document_path(ids[0]), done, reader=visit.actor.id, at=now())
    return to_list_saying(done, visit)


def _wanted(request: HttpRequest) -> str:
    """The folder chosen; a name that was typed without choosing any is that of a new one: it was not for nothing."""
    wanted = request.POST.get("dossier", "")
    return NEW if wanted in ("", NONE) and request.POST.get("name", "").strip() else wanted


def _folder(grant: Grant, wanted: str, form: FolderForm) -> UUID | Unset | None:
    """The folder that the form asks for, made if it is new; what is not understood changes nothing."""
    if wanted == NEW:
        return actions.make_folder(grant, name=form.cleaned_data["name"])
    if wanted == NONE:
        return None
    try:
        return UUID(wanted)
    except ValueError:
        return UNSET


def _page(
    request: HttpRequest, visit: Visit, ids: Sequence[UUID], form: FolderForm, wanted: str = ""
) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        every, folders = record.in_folders(grant, record.documents(grant))
        found = among(every, ids)
    one = found[0] if len(found) == 1 else None
    context = {
        "title": gettext("Ranger ce document") if one else gettext("Ranger %(count)s documents") % {"count": len(ids)},
        "titles": [cards.title(document) for document in found],
        "options": _options(folders, found, wanted),
        "form": form,
        "new": NEW,
        "new_chosen": wanted == NEW or not folders,
        "one": one is not None,
        "pinned": one is not None and one.pinned,
        "back": document_path(one.id) if one else "",
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _options(folders: Sequence[Folder], found: Sequence[Document], wanted: str) -> list[Option]:
    """« Aucun dossier », then each folder; chosen is where all the documents are."""
    where = {one.folder for one in found}
    here = wanted or (str(next(iter(where)) or NONE) if len(where) == 1 else "")
    every = [(NONE, gettext("Aucun dossier")), *((str(one.id), one.name) for one in folders)]
    return [Option(value, label, value == here and (bool(folders) or wanted == NONE)) for value, label in every]


def choose(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What is done with the documents ticked in the list: a page that asks, or a pin at once."""
    act, ids = request.POST.get("acte", ""), ids_in(request.POST)
    if not ids or act not in _ACTS:
        query = urlencode([*list_words(request), (UNCHOSEN, "1")])
        return HttpResponseRedirect(f"{reverse('documents')}?{query}")
    return _ACTS[act](request, visit, ids)


def _ask(name: str) -> Callable[[HttpRequest, Visit, Sequence[UUID]], HttpResponseBase]:
    return lambda request, visit, ids: HttpResponseRedirect(address(name, ids))


def _pin(pinned: bool) -> Callable[[HttpRequest, Visit, Sequence[UUID]], HttpResponseBase]:
    def press(request: HttpRequest, visit: Visit, ids: Sequence[UUID]) -> HttpResponseBase:
        visit.decide(
            Verb.ARRANGE, lambda grant: actions.arrange(grant, documents=ids, folder=UNSET, pinned=pinned)
        )
        done = _pinned(len(ids)) if pinned else _unpinned(len(ids))
        return to_list_saying(done % {"count": len(ids)}, visit, words=list_words(request))

    return press


def _pinned(count: int) -> str:
    return ngettext(
        "C’est fait : le document est épinglé en haut de la liste.",
        "C’est fait : %(count)s documents sont épinglés en haut de la liste.",
        count,
    )


def _unpinned(count: int) -> str:
    return ngettext(
        "C’est fait : le document n’est plus épinglé.",
        "C’est fait : %(count)s documents ne sont plus épinglés.",
        count,
    )


_ACTS: Mapping[str, Callable[[HttpRequest, Visit, Sequence[UUID]], HttpResponseBase]] = {
    "ranger": _ask("arrange"),
    "telecharger": _ask("export"),
    "supprimer": _ask("remove"),
    "epingler": _pin(True),
    "desepingler": _pin(False),
}
