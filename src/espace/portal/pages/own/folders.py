"""« Dossiers »: make one, rename it, remove it; its documents always stay in the space (D33)."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace.edge import now
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render
from espace.looks.notes import note_in
from espace.looks.words import counted_documents
from espace.portal.pages.beside import refused_beside
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.own.choosing import to_list_saying
from espace.portal.pages.own.forms import FolderForm
from espace.portal.pages.visit import Visit
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Folder

TEMPLATE = "portal/own/folders.html"
RENAMING = "portal/own/renaming.html"
REMOVE = Act(
    Verb.ARRANGE,
    title=gettext_noop("Supprimer le dossier « %(name)s » ?"),
    effects=(
        gettext_noop("Les documents qu’il contient restent dans votre espace, sans dossier."),
        gettext_noop("Pour les réunir de nouveau, il faudra refaire un dossier et les y ranger."),
    ),
    button=gettext_noop("Supprimer le dossier"),
    done=gettext_noop("C’est fait : le dossier est supprimé, ses documents sont toujours là."),
)
ABOUT_THE_NAME = (reasons.FOLDER_NAME_REFUSED, reasons.FOLDER_EXISTS, reasons.FOLDERS_TOO_MANY)


def folders(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The folders, and a form that makes one."""
    form = FolderForm(request.POST) if request.method == "POST" else FolderForm()
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        refused = refused_beside(ABOUT_THE_NAME, lambda: visit.decide(Verb.ARRANGE, lambda grant: _make(grant, name)))
        if refused is None:
            done = gettext("C’est fait : le dossier « %(name)s » est créé.") % {"name": name}
            return to_list_saying(done, visit, name="folders")
        form.add_error("name", refused)
    with visit.open(Verb.LIST) as grant:
        found = record.folders(grant)
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "rows": [_row(one) for one in found],
        "form": form,
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _make(grant: Grant, name: str) -> None:
    """A new folder. Refused(FOLDER_EXISTS) when one has this name: nobody would find their way among two."""
    there = {one.id for one in record.folders(grant, among=())}
    if actions.make_folder(grant, name=name) in there:
        raise Refused(reasons.FOLDER_EXISTS, place="name")


def _row(one: Folder) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "counted": counted_documents(one.count),
        "path": f"{reverse('documents')}?dossier={one.id}",
    }


def rename(request: HttpRequest, visit: Visit, folder_id: UUID) -> HttpResponseBase:
    """Another name. Refused(FOLDER_UNKNOWN) for a folder that is not there, or is not theirs."""
    form = FolderForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        name = form.cleaned_data["name"]
        refused = refused_beside(
            ABOUT_THE_NAME,
            lambda: visit.decide(
                Verb.ARRANGE, lambda grant: actions.rename_folder(grant, folder=folder_id, name=name)
            )
        )
        if refused is None:
            done = gettext("C’est fait : le dossier s’appelle maintenant « %(name)s ».") % {"name": name}
            return to_list_saying(done, visit, name="folders")
        form.add_error("name", refused)
    with visit.open(Verb.LIST) as grant:
        folder = _folder(grant, folder_id)
    context = {"form": form or FolderForm(initial={"name": folder.name}), "back": reverse("folders")}
    return render(request, RENAMING, context, name=visit.name)


def remove(request: HttpRequest, visit: Visit, folder_id: UUID) -> HttpResponseBase:
    """What happens to its documents, then one press."""

    def look(grant: Grant) -> Object:
        folder = _folder(grant, folder_id)
        return Object(counted_documents(folder.count), folder.name)

    def press(grant: Grant) -> str:
        actions.remove_folder(grant, folder=folder_id)
        return ""

    return confirmed(request, visit, REMOVE, opened_to=Verb.LIST, look=look, press=press, back=reverse("folders"))


def _folder(grant: Grant, folder_id: UUID) -> Folder:
    found = next((one for one in record.folders(grant) if one.id == folder_id), None)
    if found is None:
        raise Refused(reasons.FOLDER_UNKNOWN)
    return found
