"""The form of one item: to add it, to state it anew, and to link it to documents and to other items."""

from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Item, Profile, Section
from espace.clinical.queries.medicines import any_medicines
from espace.clinical.queries.profile import profile
from espace.clinical.rules import profile as rules
from espace.kernel.reasons import stating
from espace.kernel.words import Grant, Refused, Verb
from espace.looks import cards
from espace.looks.finding import sought
from espace.looks.frame import render
from espace.looks.words import local_day, said, short_date
from espace.portal.pages.beside import refused_beside
from espace.portal.pages.health.forms import SEARCH, ItemForm
from espace.portal.pages.health.section import about, back_to, path_of
from espace.portal.pages.health.words import section_named, trusted_people
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext
from espace.record import queries as record
from espace.record.facts import Document, Status

TEMPLATE = "portal/health/stating.html"
LINKING = "portal/health/linking.html"
MOST_LETTERS = 80
"""Of the words that are looked for."""
MOST_OFFERED = 100
"""Documents to choose from, newest first; those that are ticked already are always there."""
_LINKED = {
    Section.ALLERGIES: (Section.TREATMENTS,),
    Section.PROBLEMS: (Section.TREATMENTS, Section.STAYS),
    Section.TREATMENTS: (Section.PROBLEMS,),
    Section.STAYS: (Section.PROBLEMS,),
}
"""To the items of which sections those of a section may be linked (E18)."""


def add(request: HttpRequest, visit: Visit, section: str) -> HttpResponseBase:
    which = section_named(section)
    form = ItemForm(rules.SHEETS[which], request.POST if request.method == "POST" else None)
    return _stated(request, visit, which, form, None) or _page(request, visit, which, form, None)


def change(request: HttpRequest, visit: Visit, section: str, item_id: UUID) -> HttpResponseBase:
    """Refused(ITEM_UNKNOWN) for an item that is not there, or of another section."""
    which = section_named(section)
    with visit.open(Verb.LIST) as grant:
        found = profile(grant)
    item = _item(found, which, item_id)
    form = ItemForm(rules.SHEETS[which], request.POST if request.method == "POST" else None, item)
    return _stated(request, visit, which, form, item_id) or _shown(request, visit, which, form, found, item)


def _stated(
    request: HttpRequest, visit: Visit, which: Section, form: ItemForm, item: UUID | None
) -> HttpResponseBase | None:
    """The page after, or None where the form is still to be filled in."""
    if not form.is_bound:
        return None
    if SEARCH in request.POST:
        form.is_valid()
        form.errors.clear()
        form.searched()
        return None
    if not form.is_valid():
        return None
    values, box = form.checked.values, form.box

    def act() -> UUID:
        return visit.decide(
            Verb.STATE, lambda grant: actions.state(grant, section=which, typed=values, item=item, box=box)
        )

    refused = refused_beside((stating.ITEMS_TOO_MANY,), act)
    if refused is None:
        return back_to(which, gettext("C’est enregistré."), visit)
    form.add_error(None, refused)
    return None


def _page(request: HttpRequest, visit: Visit, which: Section, form: ItemForm, item: Item | None) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        found = profile(grant)
    return _shown(request, visit, which, form, found, item)


def _shown(
    request: HttpRequest, visit: Visit, which: Section, form: ItemForm, found: Profile, item: Item | None
) -> HttpResponseBase:
    if which is Section.CONTACTS:
        form.fields["role"].help_text = _already_trusted(found, item)
    context = {
        **about(which, found),
        "form": form,
        "item": item.id if item else None,
        "name": said(rules.name_of(item)) if item else "",
        "back": path_of(which),
        "medicines": which is Section.TREATMENTS and any_medicines(),
        "links": reverse("health_link", args=[which.value, item.id]) if item else "",
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _already_trusted(found: Profile, item: Item | None) -> str:
    """What the law knows of trusted persons, where another one is written; "" where none is (art. L1111-6 CSP)."""
    others = [one for one in trusted_people(found) if item is None or one.id != item.id]
    if not others:
        return ""
    words = gettext(
        "Personne de confiance : la loi n’en connaît qu’une (article L1111-6 du code de la santé publique). Il y a "
        "déjà %(name)s. La fiche d’urgence montre celle qui a été écrite en dernier."
    )
    return words % {"name": others[0].values["name"]}


def _item(found: Profile, which: Section, item_id: UUID) -> Item:
    item = next((one for one in found.of(which) if one.id == item_id), None)
    if item is None:
        raise Refused(stating.ITEM_UNKNOWN)
    return item


def link(request: HttpRequest, visit: Visit, section: str, item_id: UUID) -> HttpResponseBase:
    """Tick the documents and the other items that belong to an item. Looking for others keeps what is ticked, and
    changes nothing; the words are in no address."""
    which = section_named(section)
    documents, items = _ticked(request, "document"), _ticked(request, "autre")
    if request.method == "POST" and SEARCH not in request.POST:

        def act(grant: Grant) -> None:
            actions.link(grant, item=item_id, documents=documents, items=items)

        visit.decide(Verb.STATE, act)
        return back_to(which, gettext("C’est enregistré."), visit)
    with visit.open(Verb.LIST) as grant:
        found, documents_seen = profile(grant), record.documents(grant)
    item = _item(found, which, item_id)
    if request.method != "POST":
        documents, items = list(item.documents), list(item.linked)
    words = request.POST.get("mots", "")[:MOST_LETTERS]
    offered, more = _offered(documents_seen, documents, words)
    others = [one for one in found.items if one.section in _LINKED.get(which, ())]
    context = {
        **about(which, found),
        "name": said(rules.name_of(item)),
        "back": path_of(which),
        "others": [(one.id, said(rules.name_of(one)), one.id in items) for one in others],
        "documents": [
            (one.id, cards.title(one), short_date(local_day(cards.happened_at(one))), one.id in documents)
            for one in offered
        ],
        "any": bool(documents_seen),
        "words": words,
        "missed": bool(words) and all(one.id in documents for one in offered),
        "more": more,
    }
    return render(request, LINKING, context, name=visit.name)


def _offered(
    documents: tuple[Document, ...], ticked: Collection[UUID], words: str
) -> tuple[tuple[Document, ...], bool]:
    """Those that are ticked, then those with these words in their title or names; whether there are more."""
    looked_for = sought(words)
    current = [one for one in documents if one.status is Status.APPROVED and one.id not in ticked]
    found = [one for one in cards.newest_first(current) if looked_for.has(one)]
    linked = [one for one in documents if one.id in ticked]
    return (*linked, *found[:MOST_OFFERED]), len(found) > MOST_OFFERED


def _ticked(request: HttpRequest, name: str) -> list[UUID]:
    """Refused(ITEM_UNKNOWN) for what is none."""
    try:
        return [UUID(one) for one in request.POST.getlist(name)]
    except ValueError:
        raise Refused(stating.ITEM_UNKNOWN) from None
